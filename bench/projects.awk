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
#
# Several modes, as .mm files; networks by order strength (.25/.5/.75):
# kind=m: like MMLIB50 and MMLIB100 (V. Van Peteghem, M. Vanhoucke, "An experimental investigation of metaheuristics for the
# multi-mode resource-constrained project scheduling problem on new dataset instances", EJOR 235(1), 2014): three modes, two
# renewable resources, two consumable ones; resource factors of both .5/1, strengths of consumables .25/.5/.75 and of
# renewables half of these. Consumables are made enough for one choice of modes that the generator finds greedily.
# kind=p: like MMLIB+: three, six or nine modes, two or four resources of each kind.
# kind=b: like Boctor's (F. Boctor, International Journal of Production Research 31(11), 1993): one to four modes, one, two or
# four renewable resources, no consumables.

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
            if (need[j, 1, r] > capacity[r]) capacity[r] = need[j, 1, r]
            sum += need[j, 1, r]
            users += need[j, 1, r] > 0
        }
        if (users && sum / users / constrainedness > capacity[r])
            capacity[r] = int(sum / users / constrainedness + 0.5)
    }
}

function make_needs(factor,    j, r) {
    renewables = 4
    consumables = 0
    for (j = 1; j <= jobs + 2; j++) {
        modes[j] = 1
        duration[j, 1] = j == 1 || j == jobs + 2 ? 0 : draw(1, 10)
        for (r = 1; r <= 4; r++)
            need[j, 1, r] = duration[j, 1] && draw(1, 100) <= 100 * factor ? draw(1, 10) : 0
    }
}

# Modes with durations that rise. In half of all cases a need falls where the duration rises, else it is at random.
function make_modes(least, most, factor, consumable_factor,    j, m, i, r, kept, falls, swap) {
    for (j = 1; j <= jobs + 2; j++) {
        modes[j] = j == 1 || j == jobs + 2 ? 1 : draw(least, most)
        for (m = 1; m <= modes[j]; m++) {
            kept = j == 1 || j == jobs + 2 ? 0 : draw(1, 10)
            for (i = m; i > 1 && duration[j, i - 1] > kept; i--) duration[j, i] = duration[j, i - 1]
            duration[j, i] = kept
        }
        for (r = 1; r <= renewables + consumables; r++) {
            falls = draw(0, 1)
            kept = duration[j, 1] && draw(1, 100) <= 100 * (r > renewables ? consumable_factor : factor)
            for (m = 1; m <= modes[j]; m++) {
                need[j, m, r] = kept ? draw(1, 10) : 0
                for (i = m; falls && i > 1 && need[j, i - 1, r] < need[j, i, r]; i--) {
                    swap = need[j, i, r]
                    need[j, i, r] = need[j, i - 1, r]
                    need[j, i - 1, r] = swap
                }
            }
        }
    }
}

# Earliest starts in the shortest modes: jobs are numbered so that arcs lead forward.
function earliest(    j, i, end) {
    for (j = 1; j <= jobs + 2; j++) {
        start[j] = 0
        for (i = 1; i <= indegree[j]; i++) {
            end = start[predecessor[j, i]] + duration[predecessor[j, i], 1]
            if (end > start[j]) start[j] = end
        }
    }
}

# least: the neediest job in the mode that takes least; most: the peak at earliest starts in the shortest modes.
function make_capacities(strength,    j, m, r, t, least, most, used, own) {
    for (r = 1; r <= renewables; r++) {
        least = most = 1
        split("", used)
        for (j = 2; j <= jobs + 1; j++) {
            own = need[j, 1, r]
            for (m = 2; m <= modes[j]; m++) if (need[j, m, r] < own) own = need[j, m, r]
            if (own > least) least = own
            for (t = start[j]; t < start[j] + duration[j, 1]; t++) used[t] += need[j, 1, r]
        }
        for (t in used) if (used[t] > most) most = used[t]
        capacity[r] = least + (most > least ? int(strength * (most - least) + 0.5) : 0)
    }
}

# How far all together overdraw the consumables once job j has mode m.
function overdraft(j, m,    r, sum, rest) {
    sum = 0
    for (r = renewables + 1; r <= renewables + consumables; r++) {
        rest = used_up[r] + need[j, m, r] - need[j, chosen[j], r] - capacity[r]
        if (rest > 0) sum += rest / (capacity[r] + 1)
    }
    return sum
}

# Between what all take at least and at most; where no choice of modes is found that keeps all of it, what that one takes.
function make_supplies(strength,    j, m, r, least, most, own_least, own_most, pass, best, sum, least_sum) {
    for (r = renewables + 1; r <= renewables + consumables; r++) {
        least = most = used_up[r] = 0
        for (j = 2; j <= jobs + 1; j++) {
            chosen[j] = 1
            used_up[r] += need[j, 1, r]
            own_least = own_most = need[j, 1, r]
            for (m = 2; m <= modes[j]; m++) {
                if (need[j, m, r] < own_least) own_least = need[j, m, r]
                if (need[j, m, r] > own_most) own_most = need[j, m, r]
            }
            least += own_least
            most += own_most
        }
        capacity[r] = least + int(strength * (most - least) + 0.5)
    }
    for (pass = 1; pass <= 6; pass++)
        for (j = 2; j <= jobs + 1; j++) {
            best = chosen[j]
            least_sum = overdraft(j, best)
            for (m = 1; m <= modes[j]; m++) {
                sum = overdraft(j, m)
                if (sum < least_sum) {
                    least_sum = sum
                    best = m
                }
            }
            for (r = renewables + 1; r <= renewables + consumables; r++)
                used_up[r] += need[j, best, r] - need[j, chosen[j], r]
            chosen[j] = best
        }
    for (r = renewables + 1; r <= renewables + consumables; r++)
        if (used_up[r] > capacity[r]) capacity[r] = used_up[r]
}

function write_file(path,    j, m, i, r, horizon, longest) {
    for (j = 1; j <= jobs + 2; j++) {
        longest = 0
        for (m = 1; m <= modes[j]; m++) if (duration[j, m] > longest) longest = duration[j, m]
        horizon += longest
    }
    print "************************************************************************" >path
    print "file with basedata            : projects.awk, seed " seed >path
    print "projects                      :  1" >path
    print "jobs (incl. supersource/sink ):  " jobs + 2 >path
    print "horizon                       :  " horizon >path
    print "RESOURCES" >path
    print "  - renewable                 :  " renewables "   R" >path
    print "  - nonrenewable              :  " consumables "   N" >path
    print "  - doubly constrained        :  0   D" >path
    print "PROJECT INFORMATION:" >path
    print "pronr.  #jobs rel.date duedate tardcost  MPM-Time" >path
    print "    1     " jobs "      0       " horizon "        0       " start[jobs + 2] >path
    print "PRECEDENCE RELATIONS:" >path
    print "jobnr.    #modes  #successors   successors" >path
    for (j = 1; j <= jobs + 2; j++) {
        printf "%4d        %d          %d        ", j, modes[j], successors[j] >path
        for (i = 1; i <= successors[j]; i++) printf " %3d", successor[j, i] >path
        print "" >path
    }
    print "REQUESTS/DURATIONS:" >path
    printf "jobnr. mode duration" >path
    for (r = 1; r <= renewables; r++) printf "  R %d", r >path
    for (r = 1; r <= consumables; r++) printf "  N %d", r >path
    print "" >path
    for (j = 1; j <= jobs + 2; j++)
        for (m = 1; m <= modes[j]; m++) {
            printf "%3s      %d   %3d    ", m == 1 ? j : "", m, duration[j, m] >path
            for (r = 1; r <= renewables + consumables; r++) printf " %3d%s", need[j, m, r], (r < renewables + consumables ? " " : "") >path
            print "" >path
        }
    print "RESOURCEAVAILABILITIES:" >path
    for (r = 1; r <= renewables; r++) printf "  R %d", r >path
    for (r = 1; r <= consumables; r++) printf "  N %d", r >path
    print "" >path
    for (r = 1; r <= renewables + consumables; r++) printf "  %3d", capacity[r] >path
    print "" >path
    close(path)
}

BEGIN {
    if (kind == "") kind = "g"
    state = seed * 7919 % 2147483646 + 1
    split("1.5 1.8 2.1", complexities, " ")
    split("0.25 0.5 0.75 1", factors, " ")
    split("0.2 0.5 0.7 1", strengths, " ")
    print "instance,cp_lb" >(folder "/" name "_cp.csv")
    split("0.2 0.5 0.8", order_strengths, " ")
    split("0.5 1", order_factors, " ")
    split("0.2 0.4 0.6", constrainednesses, " ")
    split("0.25 0.5 0.75", quarters, " ")
    for (n = 0; n < count; n++) {
        if (kind == "o") {
            make_ordered_network(order_strengths[n % 3 + 1])
            make_needs(order_factors[int(n / 3) % 2 + 1])
            earliest()
            make_constrained_capacities(constrainednesses[int(n / 6) % 3 + 1])
        } else if (kind == "g") {
            make_network(complexities[n % 3 + 1] * (jobs + 2))
            make_needs(factors[int(n / 3) % 4 + 1])
            earliest()
            make_capacities(strengths[int(n / 12) % 4 + 1])
        } else if (kind == "b") {
            make_ordered_network(quarters[n % 3 + 1])
            renewables = 2 ^ (int(n / 3) % 3)
            consumables = 0
            make_modes(1, 4, 1, 0)
            earliest()
            make_capacities(quarters[int(n / 9) % 3 + 1] / 2)
        } else {
            make_ordered_network(quarters[n % 3 + 1])
            renewables = kind == "p" ? 2 + 2 * (n % 2) : 2
            consumables = kind == "p" ? 2 + 2 * (int(n / 9) % 2) : 2
            m = kind == "p" ? 3 + 3 * (int(n / 18) % 3) : 3
            make_modes(m, m, order_factors[n % 2 + 1], order_factors[int(n / 27) % 2 + 1])
            earliest()
            make_capacities(quarters[int(n / 9) % 3 + 1] / 2)
            make_supplies(quarters[int(n / 3) % 3 + 1])
        }
        file = name "_" n + 1
        write_file(folder "/" name "/" file (kind ~ /[go]/ ? ".sm" : ".mm"))
        print file "," start[jobs + 2] >(folder "/" name "_cp.csv")
    }
}
