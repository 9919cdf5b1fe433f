# projects.awk - random projects under scarce resources, as PSPLIB .sm files in FOLDER.
#
#     awk -v folder=F -v name=g30 -v count=48 -v jobs=30 -v seed=1 -v kind=g -f bench/projects.awk
#
# kind=g (the default): made the way ProGen makes them (R. Kolisch, A. Sprecher, A. Drexl, "Characterization and
# generation of a general class of resource-constrained project scheduling problems", Management
# Science 41(10), 1995): a network of so many arcs a job (network complexity), jobs that need a share of
# the resources (resource factor), and capacities between what the neediest job takes and what the
# earliest-start schedule takes (resource strength). The three go through 1.5/1.8/2.1, .25/.5/.75/1
# and .2/.5/.7/1 in turn, so that 48 files hold every combination. The same seed gives the same
# bytes with any awk: numbers come from a generator of our own.
#
# kind=o: networks of a given order strength and capacities by resource constrainedness, as RanGen takes them (E.
# Demeulemeester, M. Vanhoucke, W. Herroelen, "RanGen: A random network generator for activity-on-the-node networks", Journal
# of Scheduling 6(1), 2003). Order strength: pairs of jobs that are ordered, through others or not, as a share of all
# pairs (A. Mastor, Management Science 16(11), 1970); arcs are drawn at random until it is reached, not uniformly among all
# such networks as RanGen draws. Resource constrainedness: the mean need of those that need a resource at all, as a
# share of its capacity (J. H. Patterson, Naval Research Logistics Quarterly 23(1), 1976), but never below what the
# neediest takes. The three, resource factor between them, go through .2/.5/.8, .5/1 and .2/.4/.6 in turn.

# Lehmer, "minimal standard" (S. K. Park, K. W. Miller, CACM 31(10), 1988): exact in doubles.
function draw(low, high) {
    state = (state * 16807) % 2147483647
    return low + int(state / 2147483647 * (high - low + 1))
}

# Arcs: each job after the first three has one before it, each but the last three one after it;
# then more at random, none twice, until there are enough.
function make_network(arcs,    j, i, tries) {
    split("", linked)
    delete successors
    delete indegree
    count_arcs = 0
    for (j = 5; j <= jobs + 1; j++) link(draw(2, j - 1), j)
    for (j = 2; j <= jobs - 2; j++) if (!successors[j]) link(j, draw(j + 1, jobs + 1))
    for (tries = 0; count_arcs < arcs && tries < 100000; tries++) {
        i = draw(2, jobs)
        j = draw(i + 1, jobs + 1)
        if (successors[i] < 3 && indegree[j] < 3) link(i, j)
    }
    for (j = 2; j <= jobs + 1; j++) {
        if (!indegree[j]) link(1, j)
        if (!successors[j]) link(j, jobs + 2)
    }
}

function link(i, j) {
    if (((i, j) in linked) || i == j) return
    linked[i, j] = 1
    successor[i, ++successors[i]] = j
    predecessor[j, ++indegree[j]] = i
    count_arcs++
}

# Arcs i -> j at random, i before j, none between ordered jobs, until so many pairs are ordered: comes[i, j].
function make_ordered_network(strength,    wanted, ordered, i, j, a, b) {
    split("", linked)
    split("", comes)
    delete successors
    delete indegree
    count_arcs = ordered = 0
    wanted = strength * jobs * (jobs - 1) / 2
    while (ordered < wanted) {
        i = draw(2, jobs)
        j = draw(i + 1, jobs + 1)
        if ((i, j) in comes) continue
        link(i, j)
        for (a = 2; a <= i; a++)
            if (a == i || (a, i) in comes)
                for (b = j; b <= jobs + 1; b++)
                    if ((b == j || (j, b) in comes) && !((a, b) in comes)) {
                        comes[a, b] = 1
                        ordered++
                    }
    }
    for (j = 2; j <= jobs + 1; j++) {
        if (!indegree[j]) link(1, j)
        if (!successors[j]) link(j, jobs + 2)
    }
}

function make_constrained_capacities(constrainedness,    j, r, sum, users) {
    for (r = 1; r <= 4; r++) {
        capacity[r] = 1
        sum = users = 0
        for (j = 2; j <= jobs + 1; j++) {
            if (need[j, r] > capacity[r]) capacity[r] = need[j, r]
            sum += need[j, r]
            users += need[j, r] > 0
        }
        if (users && sum / users / constrainedness > capacity[r])
            capacity[r] = int(sum / users / constrainedness + 0.5)
    }
}

function make_needs(factor,    j, r) {
    for (j = 1; j <= jobs + 2; j++) {
        duration[j] = j == 1 || j == jobs + 2 ? 0 : draw(1, 10)
        for (r = 1; r <= 4; r++)
            need[j, r] = duration[j] && draw(1, 100) <= 100 * factor ? draw(1, 10) : 0
    }
}

# Earliest starts: jobs are numbered so that arcs lead forward.
function earliest(    j, i, end) {
    for (j = 1; j <= jobs + 2; j++) {
        start[j] = 0
        for (i = 1; i <= indegree[j]; i++) {
            end = start[predecessor[j, i]] + duration[predecessor[j, i]]
            if (end > start[j]) start[j] = end
        }
    }
}

function make_capacities(strength,    j, r, t, least, most, used) {
    for (r = 1; r <= 4; r++) {
        least = most = 1
        split("", used)
        for (j = 2; j <= jobs + 1; j++) {
            if (need[j, r] > least) least = need[j, r]
            for (t = start[j]; t < start[j] + duration[j]; t++) used[t] += need[j, r]
        }
        for (t in used) if (used[t] > most) most = used[t]
        capacity[r] = least + int(strength * (most - least) + 0.5)
    }
}

function write_file(path,    j, i, r, horizon) {
    for (j = 1; j <= jobs + 2; j++) horizon += duration[j]
    print "************************************************************************" >path
    print "file with basedata            : projects.awk, seed " seed >path
    print "projects                      :  1" >path
    print "jobs (incl. supersource/sink ):  " jobs + 2 >path
    print "horizon                       :  " horizon >path
    print "RESOURCES" >path
    print "  - renewable                 :  4   R" >path
    print "  - nonrenewable              :  0   N" >path
    print "  - doubly constrained        :  0   D" >path
    print "PROJECT INFORMATION:" >path
    print "pronr.  #jobs rel.date duedate tardcost  MPM-Time" >path
    print "    1     " jobs "      0       " horizon "        0       " start[jobs + 2] >path
    print "PRECEDENCE RELATIONS:" >path
    print "jobnr.    #modes  #successors   successors" >path
    for (j = 1; j <= jobs + 2; j++) {
        printf "%4d        1          %d        ", j, successors[j] >path
        for (i = 1; i <= successors[j]; i++) printf " %3d", successor[j, i] >path
        print "" >path
    }
    print "REQUESTS/DURATIONS:" >path
    print "jobnr. mode duration  R 1  R 2  R 3  R 4" >path
    for (j = 1; j <= jobs + 2; j++)
        printf "%3d      1   %3d     %3d  %3d  %3d  %3d\n", j, duration[j], need[j, 1], need[j, 2],
            need[j, 3], need[j, 4] >path
    print "RESOURCEAVAILABILITIES:" >path
    print "  R 1  R 2  R 3  R 4" >path
    printf "  %3d  %3d  %3d  %3d\n", capacity[1], capacity[2], capacity[3], capacity[4] >path
    close(path)
}

BEGIN {
    state = seed * 7919 % 2147483646 + 1
    split("1.5 1.8 2.1", complexities, " ")
    split("0.25 0.5 0.75 1", factors, " ")
    split("0.2 0.5 0.7 1", strengths, " ")
    print "instance,cp_lb" >(folder "/" name "_cp.csv")
    split("0.2 0.5 0.8", order_strengths, " ")
    split("0.5 1", order_factors, " ")
    split("0.2 0.4 0.6", constrainednesses, " ")
    for (n = 0; n < count; n++) {
        if (kind == "o") {
            make_ordered_network(order_strengths[n % 3 + 1])
            make_needs(order_factors[int(n / 3) % 2 + 1])
            earliest()
            make_constrained_capacities(constrainednesses[int(n / 6) % 3 + 1])
        } else {
            make_network(complexities[n % 3 + 1] * (jobs + 2))
            make_needs(factors[int(n / 3) % 4 + 1])
            earliest()
            make_capacities(strengths[int(n / 12) % 4 + 1])
        }
        file = name "_" n + 1
        write_file(folder "/" name "/" file ".sm")
        print file "," start[jobs + 2] >(folder "/" name "_cp.csv")
    }
}
