#!/bin/bash
# usage: [PSPLIB=FOLDER] [SETS='j120'] [LIMITS='0.5 2'] [SCHEDULES=1000] [EVERY=14] [OTHER=numu] bench/long.sh
# What long durations cost the search: projects of PSPLIB (bench/schedule.sh says where they come from; without it those
# of bench/projects.awk) as packages that are worked every day (bench/week.awk), with durations as they are, all twenty
# times as long, and so but each up to nine days more or less. Each is searched for some seconds, and for some schedules.
# Prints days of all finishes and lower bounds in sum, the first above the second, proofs, schedules a second of both
# cores (starts of windows and proofs counted, too); with OTHER=PATH also those of another numu. Kept as
# bench/results/long.csv (generated projects: long-generated.csv).
set -eu
cd "$(dirname "$0")/.."
. bench/psplib.bash
SETS=${SETS:-$(if [[ ${PSPLIB:-} ]]; then echo j120; else echo g120; fi)}
begin_packages long 14

# shellcheck disable=SC2016 # awk expands them
sums=$days_functions'
FNR > 1 { n++; finish += days_until($2); bound += days_until($3); proven += $4 == "true"; schedules += $5 }
END { printf "%d,%d,%d,%.2f,%d,%.0f", n, finish, bound, 100 * (finish / bound - 1), proven, schedules }'

# row SET WHAT NUMU OPTION VALUE PACKAGE…
row() {
    local set=$1 what=$2 program=$3 option=$4 value=$5 found
    shift 5
    TIMEFORMAT=%R
    { time "$program" schedule -q "$option" "$value" --format csv "$@" >"$work/out.csv"; } 2>"$work/seconds"
    found=$(awk -F, "$sums" "$work/out.csv")
    echo "$set,${option#--} $value,$what,$found,$(tail -n 1 "$work/seconds")" |
        awk -F, -v OFS=, '{ $9 = sprintf("%.0f", $9 / $10); print }'
}

{
    echo set,limit,durations,instances,finish_days,bound_days,above_percent,proven,schedules_a_second,seconds
    for set in $sets; do
        unpack "$set"
        list_every "$set"
        for durations in as-they-are long uneven; do
            packages=()
            while read -r file; do
                package="$work/$set.$durations/$(basename "$file" .sm)"
                mkdir -p "$package"
                awk -v out="$package" -v days=7 -v stretch="$([[ $durations == as-they-are ]] || echo 20)" \
                    -v uneven="$([[ $durations != uneven ]] || echo 1)" -f bench/week.awk "$file"
                packages+=("$package")
            done <"$work/$set.list"
            for limit in ${LIMITS:-0.5 2}; do
                row "$set" "$durations" "$numu" --time-limit "$limit" "${packages[@]}"
                [[ ! ${OTHER:-} ]] || row "$set" "$durations (other numu)" "$OTHER" --time-limit "$limit" "${packages[@]}"
            done
            row "$set" "$durations" "$numu" --schedules "${SCHEDULES:-1000}" "${packages[@]}"
            [[ ! ${OTHER:-} ]] ||
                row "$set" "$durations (other numu)" "$OTHER" --schedules "${SCHEDULES:-1000}" "${packages[@]}"
        done
    done
} >"$work/long.csv"
column -s, -t "$work/long.csv"
mv "$work/long.csv" "$results"
