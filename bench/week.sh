#!/bin/bash
# usage: [PSPLIB=FOLDER] [SETS='j60 j120'] [SCHEDULES='1000 5000'] [EVERY=7] [OTHER=numu] bench/week.sh
# What a calendar costs the search: projects of PSPLIB (bench/schedule.sh says where they come from; without it those of
# bench/projects.awk) as packages in a five-day week, beside the files themselves, where every period is worked. Prints
# the average deviation from the critical path, in worked days, of finish and lower bound, proofs, user seconds; the
# same, in days, where every third activity goes on every day; with OTHER=PATH also those of another numu on the
# packages. Kept as bench/results/week.csv (generated projects: week-generated.csv).
set -eu
cd "$(dirname "$0")/.."
. bench/psplib.bash
begin_packages week 7

# Days of work until the end of a date in a five-day week, of mixed ones all days; other finishes as they are.
# shellcheck disable=SC2016 # awk expands them
deviations=$days_functions'
function finish_of(point) { return point !~ /-/ ? point : mixed ? days_until(point) : worked(days_until(point)) }
NR == FNR { cp[$1] = $2; next }
FNR > 1 { n++; finish += finish_of($2) / cp[$1] - 1; bound += finish_of($3) / cp[$1] - 1; proven += $4 == "true" }
END { printf "%d,%.2f,%.2f,%d", n, 100 * finish / n, 100 * bound / n, proven }'

# row SET WHAT NUMU SCHEDULES INPUT…
row() {
    local set=$1 what=$2 program=$3 schedules=$4
    shift 4
    TIMEFORMAT=%U
    { time "$program" schedule -q --schedules "$schedules" --format csv "$@" >"$work/out.csv"; } 2>"$work/seconds"
    echo "$set,$schedules,$what,$(awk -F, -v mixed="$([[ $what != mixed* ]] || echo 1)" "$deviations" "$work/$set.csv" "$work/out.csv"),$(tail -n 1 "$work/seconds")"
}

{
    echo set,schedules,what,instances,finish_percent,bound_percent,proven,user_seconds
    for set in $sets; do
        unpack "$set"
        list_every "$set"
        mapfile -t sm <"$work/$set.list"
        packages=() mixed=()
        for file in "${sm[@]}"; do
            package=$work/week/$(basename "$file" .sm)
            mkdir -p "$package"
            awk -v out="$package" -f bench/week.awk "$file"
            packages+=("$package")
            package=$work/mixed/$(basename "$file" .sm)
            mkdir -p "$package"
            awk -v out="$package" -v mixed=1 -f bench/week.awk "$file"
            mixed+=("$package")
        done
        for schedules in ${SCHEDULES:-1000 5000}; do
            row "$set" 'every day' "$numu" "$schedules" "${sm[@]}"
            row "$set" 'five-day week' "$numu" "$schedules" "${packages[@]}"
            [[ ! ${OTHER:-} ]] || row "$set" 'five-day week (other numu)' "$OTHER" "$schedules" "${packages[@]}"
            row "$set" mixed "$numu" "$schedules" "${mixed[@]}"
            [[ ! ${OTHER:-} ]] || row "$set" 'mixed (other numu)' "$OTHER" "$schedules" "${mixed[@]}"
        done
    done
} >"$work/week.csv"
column -s, -t "$work/week.csv"
mv "$work/week.csv" "$results"
