#!/bin/bash
# Sets of projects for benches, which source it: PSPLIB and EVERY as bench/schedule.sh says, $work is their folder.
# shellcheck disable=SC2154 # work is theirs

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
