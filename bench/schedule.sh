#!/bin/bash
# usage: [PSPLIB=FOLDER] [SETS='j30 j60 j120 j10.mm j20.mm'] [SCHEDULES='1000 5000 50000'] [EVERY=1] bench/schedule.sh
# How close to the best possible project schedules come, in so many schedules (one schedule: each activity gets a start once),
# or in so many seconds: SCHEDULES=10s (make bench-schedule-timed; on an idle machine, since that is by the clock).
#
# PSPLIB is a folder with sets of the library (R. Kolisch, A. Sprecher, EJOR 96, 1996, https://www.om-db.wi.tum.de/psplib/):
# for each a folder SET of files, or SET.tar.xz, and SET_best.csv with the columns instance, cp_lb (or cp_lb_mindur),
# ub, the best known, and status (opt where it is proven). Its licence lets nobody hand it on, so it does not come with
# numu; without it, projects are made by bench/projects.awk: g30 to g120 as those of PSPLIB were made, o30 to o300 with
# networks of a given order strength and other sizes, m50, m100 and b100 with several modes like MMLIB's and Boctor's; p50 and
# p100, like MMLIB+, take longer: SETS='p50 p100' (see there).
#
# Prints for each set, half and number of schedules: the average deviation (j30 and multi-mode sets: from the best known;
# others: from the critical path), its bar and the ratio of the two, what one schedule by priority rule would give, how far
# the makespan lies above numu's own lower bound, instances proven optimal, how many are known to be, user seconds. "tuned" are instances with an odd number at the end, on which parameters were
# chosen; "other" the even ones, whose bar is shifted by the difference of the best known means from that of the whole set. Every schedule of every
# fiftieth instance is held against numu verify. EVERY=7 takes every seventh instance only (an odd
# number, or one half is empty).
#
# The table is kept as bench/results/schedule.csv (generated projects: schedule-generated.csv; by the clock:
# schedule-timed.csv). Exit 1 where a bar is missed.
set -eu
cd "$(dirname "$0")/.."
. bench/psplib.bash
numu=${NUMU:-build/numu}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
counts=${SCHEDULES:-1000 5000 50000}
results=bench/results/schedule.csv

if [[ ${PSPLIB:-} ]]; then
    sets=${SETS:-j30 j60 j120 j10.mm j20.mm}
else
    sets=${SETS:-g30 g60 g120 o30 o60 o120 o200 o300 m50 m100 b100}
    results=bench/results/schedule-generated.csv
    echo '# PSPLIB is not set: projects are made by bench/projects.awk'
fi
[[ $counts != *s ]] || results=bench/results/schedule-timed.csv

# The bar of programme.md for a set and a number of schedules, in percent; nothing where there is none.
bar_of() {
    case $1:$2 in
    j30:1000) echo 0.25 ;;
    j30:5000) echo 0.06 ;;
    j30:50000) echo 0.02 ;;
    j60:1000) echo 11.5 ;;
    j60:5000) echo 11.05 ;;
    j60:50000) echo 10.7 ;;
    j120:1000) echo 34.0 ;;
    j120:5000) echo 32.5 ;;
    j120:50000) echo 31.0 ;;
    j60:10s) echo 10.42 ;;
    j120:10s) echo 30.0 ;;
    j10.mm:50000) echo 0 ;;
    j20.mm:50000) echo 0.3 ;;
    esac
}

# limit_of SCHEDULES|SECONDSs: the option that bounds the search
limit_of() {
    case $1 in
    *s) echo "--time-limit ${1%s}" ;;
    *) echo "--schedules $1" ;;
    esac
}

# solve SET SCHEDULES: rows in $work/rows.csv, user seconds in $user
solve() {
    local status=0 limit
    read -r -a limit < <(limit_of "$2")
    user_seconds >"$work/before"
    xargs "$numu" schedule --quiet "${limit[@]}" --format csv <"$work/$1.list" >"$work/rows.csv" || status=$?
    user_seconds >"$work/after"
    user=$(paste "$work/before" "$work/after" | awk '{ printf "%.1f", $2 - $1 }')
    return "$status"
}

# User seconds of all children so far.
user_seconds() {
    times >"$work/times" # not in a pipe: a subshell has children of its own
    tail -n 1 "$work/times" | awk '{ split($1, part, /[ms]/); print part[1] * 60 + part[2] }'
}

# Holds every fiftieth schedule against the verifier; prints how many were.
verify_some() {
    local file verified=0 limit
    read -r -a limit < <(limit_of "$2")
    while read -r file; do
        "$numu" schedule --quiet "${limit[@]}" --format json -o "$work/one.json" "$file"
        "$numu" verify --quiet "$work/one.json" "$file" >&2 || return 1
        verified=$((verified + 1))
    done < <(awk 'NR % 50 == 1' "$work/$1.list")
    echo "$verified"
}

mkdir -p bench/results
echo 'set,half,schedules,instances,deviation_percent,bar_percent,ratio,one_schedule_percent,above_bound_percent,proven,known_optimal,user_seconds' >"$results"
printf '%-7s %-6s %9s %5s %10s %8s %6s %9s %7s %7s %7s %9s\n' set half schedules files deviation bar ratio one-sched gap \
    proven known user-s
missed=0
for set in $sets; do
    unpack "$set"
    list_every "$set"
    solve "$set" 1
    mv "$work/rows.csv" "$work/one.csv"
    for schedules in $counts; do
        solve "$set" "$schedules"
        verified=$(verify_some "$set" "$schedules")
        awk -F, -v set="$set" -v schedules="$schedules" -v user="$user" -v bar="$(bar_of "$set" "$schedules")" \
            -v csv="$work/$set.csv" -v one="$work/one.csv" -v results="$results" '
            # from: what deviation is counted from
            function add(half, made, single) {
                n[half]++; sum[half] += made; first[half] += single
            }
            BEGIN {
                while ((getline line < csv) > 0) {
                    split(line, f, ","); cp[f[1]] = f[2]; best[f[1]] = f[3]; is_known[f[1]] = f[4] == "opt"
                }
                for (name in cp) if (!(name == "instance")) { whole += best[name] ? 100 * (best[name] - cp[name]) / cp[name] : 0; known_of_all++ }
                while ((getline line < one) > 0) { split(line, f, ","); single[f[1]] = f[2] }
                from_best = set ~ /^j30$|mm$/
            }
            FNR > 1 {
                from = from_best ? best[$1] : cp[$1]
                half = $1 ~ /[13579]$/ ? "tuned" : "other"
                made = $2 == "" ? 100 : 100 * ($2 - from) / from
                single_of = single[$1] == "" ? 100 : 100 * (single[$1] - from) / from
                add("all", made, single_of); add(half, made, single_of)
                above["all"] += $2 == "" ? 100 : 100 * ($2 - $3) / $3
                above[half] += $2 == "" ? 100 : 100 * ($2 - $3) / $3
                optimal["all"] += is_known[$1]; optimal[half] += is_known[$1]
                known = from_best || !best[$1] ? 0 : 100 * (best[$1] - cp[$1]) / cp[$1]
                floor["all"] += known; floor[half] += known
                if ($4 == "true") { proven["all"]++; proven[half]++ }
            }
            END {
                missed = 0
                for (i = 1; i <= 3; i++) {
                    half = i == 1 ? "all" : i == 2 ? "tuned" : "other"
                    if (!n[half]) continue
                    deviation = sum[half] / n[half]
                    its_bar = bar == "" ? "" : bar + (from_best ? 0 : floor[half] / n[half] - whole / known_of_all)
                    ratio = its_bar == "" ? "" : its_bar > 0 ? sprintf("%.3f", deviation / its_bar) : deviation > 0 ? "inf" : "1"
                    printf "%-7s %-6s %9s %5d %9.3f%% %8s %6s %8.2f%% %6.2f%% %7d %7d %9s\n", set, half, schedules, n[half], deviation,
                        its_bar == "" ? "-" : sprintf("%.3f%%", its_bar), ratio == "" ? "-" : ratio, first[half] / n[half],
                        above[half] / n[half], proven[half], optimal[half], half == "all" ? user : "-"
                    printf "%s,%s,%s,%d,%.4f,%s,%s,%.4f,%.4f,%d,%d,%s\n", set, half, schedules, n[half], deviation,
                        its_bar == "" ? "" : sprintf("%.4f", its_bar), ratio, first[half] / n[half], above[half] / n[half],
                        proven[half], optimal[half], half == "all" ? user : "" >> results
                    if (half == "all" && its_bar != "" && deviation > its_bar + 1e-9) missed = 1
                }
                exit missed
            }' "$work/rows.csv" || missed=1
        echo "# verified $verified schedules of $set"
    done
done
echo "# kept in $results"
exit "$missed"
