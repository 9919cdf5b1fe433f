#!/bin/bash
# usage: [PSPLIB=FOLDER] [SETS='j60 j120'] [SCHEDULES='1000 5000'] [EVERY=14] [OTHER=numu] bench/links.sh
# What links of other types cost the search: projects of PSPLIB (bench/schedule.sh says where they come from; without it
# those of bench/projects.awk) as packages (bench/week.awk) that are worked every day, or of which every third activity
# is and the others are in a five-day week (mixed); with links as they are, in links of all types (the same project where
# every day is worked), and with some in which work overlaps. Prints days of all finishes and lower bounds in sum, the
# first above the second, proofs, user seconds; with OTHER=PATH also those of another numu. Kept as
# bench/results/links.csv (generated projects: links-generated.csv).
set -eu
cd "$(dirname "$0")/.."
. bench/psplib.bash
begin_packages links 14

# shellcheck disable=SC2016 # awk expands them
sums=$days_functions'
FNR > 1 { n++; finish += days_until($2); bound += days_until($3); proven += $4 == "true" }
END { printf "%d,%d,%d,%.2f,%d", n, finish, bound, 100 * (finish / bound - 1), proven }'

# row SET WHAT NUMU SCHEDULES PACKAGE…
row() {
    local set=$1 what=$2 program=$3 schedules=$4
    shift 4
    TIMEFORMAT=%U
    { time "$program" schedule -q --schedules "$schedules" --format csv "$@" >"$work/out.csv"; } 2>"$work/seconds"
    echo "$set,$schedules,$what,$(awk -F, "$sums" "$work/out.csv"),$(tail -n 1 "$work/seconds")"
}

{
    echo set,schedules,what,instances,finish_days,bound_days,above_percent,proven,user_seconds
    for set in $sets; do
        unpack "$set"
        list_every "$set"
        for days in 'every day' mixed; do
            for links in as-they-are types overlap; do
                packages=()
                while read -r file; do
                    package="$work/$set.$days.$links/$(basename "$file" .sm)"
                    mkdir -p "$package"
                    awk -v out="$package" -v days="$(if [[ $days == mixed ]]; then echo 5; else echo 7; fi)" \
                        -v mixed="$([[ $days != mixed ]] || echo 1)" -v links=$links -f bench/week.awk "$file"
                    packages+=("$package")
                done <"$work/$set.list"
                for schedules in ${SCHEDULES:-1000 5000}; do
                    row "$set" "$days $links" "$numu" "$schedules" "${packages[@]}"
                    [[ ! ${OTHER:-} ]] || row "$set" "$days $links (other numu)" "$OTHER" "$schedules" "${packages[@]}"
                done
            done
        done
    done
} >"$work/links.csv"
column -s, -t "$work/links.csv"
mv "$work/links.csv" "$results"
