# A package of a PSPLIB project (.sm): the same work in a five-day week, or a week of `days`, by deadlines of `due`
# (bench/deadlines.awk); with `mixed` every third activity goes on every day.
# With `spread` durations lie between 0.8 and 1.8 times what they are likely to be, and a day more (bench/risk.sh).
# With links=types every other link is one between starts, between finishes or from a start to a finish that says the
# same; with links=overlap half of the links let work overlap, and some have a lag (bench/links.sh).
# With stretch=N durations are N times as long, with uneven=1 each less or more by less than half of N, which is even (bench/long.sh).
# awk -v out=FOLDER [-v days=7] [-v due=FILE] [-v mixed=1] [-v spread=1] [-v links=WORD] [-v stretch=N [-v uneven=1]] \
#     -f bench/week.awk FILE.sm
# Activities without duration, which begin and end such a project, are left out.
function open_table(name, head) { table = out "/" name ".csv"; print head >table }

function three_points(likely) { return "," 0.8 * likely "," 1.8 * likely + 1 ",pert" }

# What an activity takes; what is more or less goes round as numbers do, by steps of a prime.
function stretched(n, periods) {
    if (!stretch || !periods) return periods
    return stretch * periods + (uneven ? n * 7919 % (stretch - 1) - int(stretch / 2) + 1 : 0)
}

function two(n) { return n < 10 ? "0" n : n }

# Type and lag of the n-th link from an activity to another; half of an odd duration is rounded up.
function link_of(n, from, to, before, after) {
    before = duration[from]
    after = duration[to]
    if (links == "types" && n % 6 == 1) return "SS," before
    if (links == "types" && n % 6 == 3) return "FF," after
    if (links == "types" && n % 6 == 5) return "SF," before + after
    if (links == "overlap" && n % 6 == 0) return "SS," int((before + 1) / 2)
    if (links == "overlap" && n % 6 == 1) return "FF," int((after + 1) / 2)
    if (links == "overlap" && n % 6 == 2) return "FS," (0 - int(before / 2))
    if (links == "overlap" && n % 6 == 3) return "FS," n % 5
    return "FS,0"
}

# The date on which so many days were worked, from Monday 1 June 2026; days are counted back to dates as in H. F. Fliegel,
# T. C. Van Flandern, Communications of the ACM 11(10), 1968.
function date_of(worked, n, l, i, j, day, month) {
    n = worked < 1 ? 0 : worked - 1
    l = 2461193 + 7 * int(n / days) + n % days + 68569
    n = int(4 * l / 146097)
    l -= int((146097 * n + 3) / 4)
    i = int(4000 * (l + 1) / 1461001)
    l += 31 - int(1461 * i / 4)
    j = int(80 * l / 2447)
    day = l - int(2447 * j / 80)
    l = int(j / 11)
    month = j + 2 - 12 * l
    return 100 * (n - 49) + i + l "-" two(month) "-" two(day)
}

BEGIN {
    days = days ? days : 5
    while (due && (getline line <due) > 0) { split(line, field, ","); deadline[field[1]] = date_of(field[2]) }
    open_table("calendar", "id,monday,tuesday,wednesday,thursday,friday,saturday,sunday")
    print "week,8,8,8,8,8," (days > 5 ? "8,8" : "0,0") >table
    if (mixed) print "daily,8,8,8,8,8,8,8" >table
    # The first of June 2026 is a Monday.
    print "{\"profile\":\"tabular-data-package\",\"name\":\"week\",\"numu\":{\"country\":\"MLI\",\"currency\":\"XOF\"," \
        "\"start\":\"2026-06-01\",\"months\":60,\"calendar\":\"week\",\"data_date\":\"2026-06-01\"},\"resources\":[" \
        "{\"name\":\"calendar\",\"path\":\"calendar.csv\"},{\"name\":\"activity\",\"path\":\"activity.csv\"}," \
        "{\"name\":\"precedence\",\"path\":\"precedence.csv\"},{\"name\":\"assignment\",\"path\":\"assignment.csv\"}," \
        "{\"name\":\"programme_resource\",\"path\":\"programme_resource.csv\"}]}" >(out "/datapackage.json")
}
/^PRECEDENCE/ { part = "links"; next }
/^REQUESTS/ { part = "needs"; next }
/^RESOURCEAVAILABILITIES/ { part = "supply"; next }
/^\*/ { part = "" }
part == "links" && $1 ~ /^[0-9]+$/ { for (i = 4; i <= NF; i++) link[++link_count] = $1 " " $i }
part == "needs" && $1 ~ /^[0-9]+$/ {
    jobs = $1
    duration[$1] = stretched($1, $3)
    for (i = 4; i <= NF; i++) need[$1, i - 3] = $i
}
part == "supply" && $1 ~ /^[0-9]+$/ { for (i = 1; i <= NF; i++) units[i] = $i; resources = NF }
END {
    open_table("activity", "id,name,phase,likely,calendar" (due ? ",deadline" : "") (spread ? ",low,high,distribution" : ""))
    for (j = 1; j <= jobs; j++)
        if (duration[j] > 0)
            print "a" j ",Work " j ",infrastructure," duration[j] "," (mixed && j % 3 == 0 ? "daily" : "week") \
                (due ? "," deadline[j] : "") (spread ? three_points(duration[j]) : "") >table
    open_table("precedence", "before,after,type,lag")
    for (n = 1; n <= link_count; n++) {
        split(link[n], end, " ")
        if (duration[end[1]] > 0 && duration[end[2]] > 0) print "a" end[1] ",a" end[2] "," link_of(n, end[1], end[2]) >table
    }
    open_table("programme_resource", "id,name,units,kind")
    for (r = 1; r <= resources; r++) print "r" r ",Crew " r "," units[r] ",renewable" >table
    open_table("assignment", "activity,programme_resource,units")
    for (j = 1; j <= jobs; j++)
        for (r = 1; r <= resources; r++)
            if (duration[j] > 0 && need[j, r] > 0) print "a" j ",r" r "," need[j, r] >table
}
