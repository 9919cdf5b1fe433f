#!/bin/bash
# usage: [PSPLIB=FOLDER] [SETS='j60 j120'] [SCHEDULES='1000 5000'] [EVERY=14] [DAYS='7 5'] [OTHER=numu] bench/deadlines.sh
# What deadlines cost the search: projects of PSPLIB (bench/schedule.sh says where they come from; without it those of
# bench/projects.awk) as packages with three kinds of deadlines (bench/deadlines.awk), worked every day or in a five-day
# week. Prints days late in all, the days that no schedule is less late than (where that is told), projects that keep all
# deadlines, those that are proven, the average deviation of the finish from the critical path in worked days, user
# seconds; with OTHER=PATH also those of another numu on the same packages. Kept as bench/results/deadlines.csv
# (generated projects: deadlines-generated.csv).
set -eu
cd "$(dirname "$0")/.."
. bench/psplib.bash
begin_packages deadlines 14

# From lines critical_path, then id,finish or id,,deadline or bound,late,,proven of one package: days late, bound, whether
# it is proven, finish in worked days over the critical path.
# shellcheck disable=SC2016 # awk expands them
measure=$days_functions'
NF == 1 { critical = $1; next }
NF == 4 { bound = $2; proven = $4; next }
$3 { deadline[$1] = days_until($3); next }
{
    finish = days_until($2)
    last = finish > last ? finish : last
    late += $1 in deadline && finish > deadline[$1] ? finish - deadline[$1] : 0
}
END { print late + 0 "," (late ? bound : 0) "," proven "," (days == 7 ? last : worked(last)) / critical - 1 }'

# schedule PROGRAM SCHEDULES DAYS SET FOLDER: a line for each package
schedule() {
    local program=$1 schedules=$2 days=$3 set=$4 folder=$5 package
    for package in "$folder"/*; do
        "$program" schedule -q --schedules "$schedules" --format json "$package" >"$work/plan.json"
        {
            awk -F, -v instance="$(basename "$package")" '$1 == instance { print $2 }' "$work/$set.csv"
            awk -F, 'NR > 1 && $6 { print $1 ",," $6 }' "$package/activity.csv"
            awk '
                /"proven":/ { proven = /true/ }
                /"lateness_bound":/ { gsub(/[^0-9]/, ""); bound = $0 }
                /^    {"id":/ && /"finish": "/ && /"total_float":/ {
                    split($0, half, /"finish": "/)
                    split($0, id, "\"")
                    print id[4] "," substr(half[2], 1, 10) ","
                }
                END { print "bound," bound ",," proven }' "$work/plan.json"
        } | awk -F, -v days="$days" "$measure"
    done
}

# row SET KIND DAYS WHAT PROGRAM SCHEDULES FOLDER
row() {
    local set=$1 kind=$2 days=$3 what=$4 program=$5 schedules=$6 folder=$7
    TIMEFORMAT=%U
    { time schedule "$program" "$schedules" "$days" "$set" "$folder" >"$work/out"; } 2>"$work/seconds"
    echo "$set,$kind,$days,$schedules,$what,$(awk -F, '
        { n++; late += $1; bound += $2; is_told += $2 != ""; kept += $1 == 0; proven += $3; finish += $4 }
        END { printf "%d,%d,%s,%d,%d,%.2f", n, late, is_told == n ? bound : "", kept, proven, 100 * finish / n }' "$work/out"),$(tail -n 1 "$work/seconds")"
}

{
    echo set,deadlines,days_a_week,schedules,what,instances,days_late,late_bound,kept,proven,finish_percent,user_seconds
    for set in $sets; do
        unpack "$set"
        list_every "$set"
        for kind in kept soon end; do
            for days in ${DAYS:-7 5}; do
                while read -r file; do
                    package=$work/$set.$kind.$days/$(basename "$file" .sm)
                    mkdir -p "$package"
                    [[ $kind != kept ]] || "$numu" schedule -q --schedules 5000 --seed 9 --format csv "$file" >"$work/known.csv"
                    awk -v kind="$kind" -f bench/deadlines.awk "$file" "$work/known.csv" >"$work/due"
                    awk -v out="$package" -v days="$days" -v due="$work/due" -f bench/week.awk "$file"
                done <"$work/$set.list"
                for schedules in ${SCHEDULES:-1000 5000}; do
                    row "$set" "$kind" "$days" numu "$numu" "$schedules" "$work/$set.$kind.$days"
                    [[ ! ${OTHER:-} ]] ||
                        row "$set" "$kind" "$days" 'other numu' "$OTHER" "$schedules" "$work/$set.$kind.$days"
                done
            done
        done
    done
} >"$work/deadlines.csv"
column -s, -t "$work/deadlines.csv"
mv "$work/deadlines.csv" "$results"
