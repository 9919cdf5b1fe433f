#!/bin/bash
# Sets of projects for benches, which source it: PSPLIB and EVERY as bench/schedule.sh says, $work is their folder.
# shellcheck disable=SC2034,SC2154 # some of it is theirs

# begin_packages NAME EVERY: numu, $work, sets and results of a bench of packages (bench/week.awk)
begin_packages() {
    numu=${NUMU:-build/numu}
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    if [[ ${PSPLIB:-} ]]; then
        sets=${SETS:-j60 j120}
        results=bench/results/$1.csv
    else
        sets=${SETS:-g60 g120}
        results=bench/results/$1-generated.csv
    fi
    export EVERY=${EVERY:-$2}
}

# For awk: days from Monday 1 June 2026 to the end of a date, counted as in H. F. Fliegel, T. C. Van Flandern,
# Communications of the ACM 11(10), 1968; and how many of so many are worked in a five-day week.
# shellcheck disable=SC2016 # awk expands them
days_functions='
function day_number(date, t, m, years) {
    split(date, t, "-")
    m = int((t[2] - 14) / 12)
    years = t[1] + 4800 + m
    return int(1461 * years / 4) + int(367 * (t[2] - 2 - 12 * m) / 12) - int(3 * int((years + 100) / 100) / 4) + t[3]
}
function days_until(date) { return day_number(date) - day_number("2026-06-01") + 1 }
function worked(days) { return 5 * int(days / 7) + (days % 7 < 5 ? days % 7 : 5) }
'

# unpack SET: its files in $work/SET, instance,cp,best in $work/SET.csv (no best: 0)
unpack() {
    local set=$1 best
    mkdir -p "$work/$set"
    if [[ ! ${PSPLIB:-} ]]; then
        awk -v folder="$work" -v name="$set" -v count=48 -v jobs="${set#[gompb]}" -v seed=1 \
            -v kind="${set%%[0-9]*}" -f bench/projects.awk
        awk -F, 'NR > 1 { print $1 "," $2 ",0," }' "$work/${set}_cp.csv" >"$work/$set.csv"
        return
    fi
    if [[ -d $PSPLIB/$set ]]; then
        cp -r "$PSPLIB/$set/." "$work/$set"
    else
        tar -xf "$PSPLIB/$set.tar.xz" -C "$work"
    fi
    best=$PSPLIB/${set/.mm/mm}_best.csv
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        { cp = "cp_lb" in column ? $column["cp_lb"] : $column["cp_lb_mindur"]
          if ($column["ub"] > 0) print $column["instance"] "," cp "," $column["ub"] "," $column["status"] }' "$best" >"$work/$set.csv"
}

# list_every SET: each EVERY-th of its files with a known best to $work/SET.list
list_every() {
    local set=$1
    find "$work/$set" -name '*.[sm]m' | LC_ALL=C sort -V | awk -v every="${EVERY:-1}" 'NR % every == 0' |
        awk -v csv="$work/$set.csv" 'BEGIN { while ((getline line < csv) > 0) { split(line, f, ","); known[f[1]] = 1 } }
            { name = $0; sub(/.*\//, "", name); sub(/\.[^.]*$/, "", name); if (name in known) print }' >"$work/$set.list"
}
