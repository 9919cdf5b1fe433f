# Deadlines for a PSPLIB project: activity,days of work, one a line. awk -v kind=KIND -f bench/deadlines.awk FILE.sm [SCHEDULE.csv]
# kind: kept = of every tenth activity, a day after its finish in the schedule: so all can be kept, just;
# soon = of every tenth, 1.2 times the earliest finish that links allow; end = of those that nothing comes after, the
# critical path. Which tenth, the digits of the file's name say.
BEGIN { shift_by = 0 }
FNR == 1 && NR == 1 {
    name = FILENAME
    sub(/.*\//, "", name)
    for (i = 1; i <= length(name); i++) shift_by += substr(name, i, 1) ~ /[0-9]/ ? substr(name, i, 1) : 0
}
NR != FNR { split($0, field, ","); finish[field[1]] = field[3]; next }
/^PRECEDENCE/ { part = "links"; next }
/^REQUESTS/ { part = "needs"; next }
/^\*/ { part = "" }
part == "links" && $1 ~ /^[0-9]+$/ { for (i = 4; i <= NF; i++) { from[++links] = $1; to[links] = $i } }
part == "needs" && $1 ~ /^[0-9]+$/ { jobs = $1; duration[$1] = $3 }
END {
    for (n = 1; n <= links; n++) { # in the order of activities, which is one that links keep
        early = start[from[n]] + duration[from[n]]
        if (early > start[to[n]]) start[to[n]] = early
        if (duration[to[n]] > 0) goes_on[from[n]] = 1
    }
    for (j = 1; j <= jobs; j++) if (start[j] + duration[j] > critical) critical = start[j] + duration[j]
    for (j = 1; j <= jobs; j++) {
        if (duration[j] == 0) continue
        if (kind == "end" && !(j in goes_on)) print j "," critical
        if (kind == "soon" && (j + shift_by) % 10 == 0) print j "," int(1.2 * (start[j] + duration[j]))
        if (kind == "kept" && (j + shift_by) % 10 == 0) print j "," finish[j] + 1
    }
}
