#!/bin/bash
# plan.sh - the bars of the plan, each with its ratio: `make bench-plan`.
#
# 1. lp.sh: matrix and solve on programmes of up to 91,000 columns, against glpsol.
# 2. 398,000 columns: solved within 300 s of processor time and 4 GB.
# 3. Six stress cases of mali-2025, everything included (schedule, risk, plan, orders), against three
#    times what glpsol takes for the base's programme alone.
# 4. lp_methods.sh: numu's way of solving beside all that were tried. No bar.
#
# Times are processor time. Results go to bench/results/plan.csv too. QUICK=1 leaves out 2 and 4.
set -eu

cd "$(dirname "$0")/.."
numu=${NUMU:-$PWD/build/numu}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
results=bench/results/plan.csv
failed=0

# cpu COMMAND...: seconds of processor time that it takes; its output goes to $folder/log
cpu() {
    local TIMEFORMAT=%U
    { time "$@" >"$folder/log" 2>&1; } 2>&1
}

# judge WHAT OURS THEIRS BAR: prints the ratio OURS : THEIRS and whether it is within the bar
judge() {
    awk -v what="$1" -v ours="$2" -v theirs="$3" -v bar="$4" -v results="$results" 'BEGIN {
        ratio = theirs > 0 ? ours / theirs : 0
        met = ratio <= bar + 0
        printf "%-44s %9.2f %9.2f %6.2f  %s\n", what, ours, theirs, ratio, met ? "within " bar : "missed " bar
        printf "\"%s\",,,,%.2f,%.2f,%.2f,%s,%s\n", what, ours, theirs, ratio, bar, met ? "yes" : "no" >> results
        exit !met
    }' || failed=1
}

RESULTS=$results bash bench/lp.sh || failed=1

printf '%-44s %9s %9s %6s\n' what numu against ratio
"$numu" plan -q examples/mali-2025 --write-mps "$folder/base.mps" >/dev/null 2>&1
reading=$(cpu glpsol --freemps "$folder/base.mps" --check)
base=$(cpu glpsol --freemps --nopresol "$folder/base.mps")
mapfile -t partners < <(tail -n +2 examples/mali-2025/partner.csv | cut -d, -f1 | head -2)
stress=$(cpu "$numu" stress -q examples/mali-2025 --without "partner:${partners[0]}" \
    --without "partner:${partners[1]}" --rate USD=+20% --rate EUR=+20% --rate USD=-20% --rate EUR=-20%)
judge 'six stress cases, seconds; glpsol on the base' "$stress" \
    "$(awk -v a="$base" -v b="$reading" 'BEGIN { print a - b }')" 3

if [[ -z ${QUICK:-} ]]; then
    # shellcheck disable=SC2046 # the flags of pkg-config are words
    "${CC:-cc}" -std=c17 -D_XOPEN_SOURCE=700 -O2 -Isrc $(pkg-config --cflags clp cbc) \
        -o "$folder/lp_family" bench/lp_family.c src/solve/*.c \
        src/base/{arena,context,map,random,status,text}.c $(pkg-config --libs clp cbc) -lm
    figure() { printf '%s\n' "$line" | tr ' ' '\n' | sed -n "s/^$1=//p"; }
    for market in import loose; do
        line=$(ulimit -t 600; "$folder/lp_family" "$market" 448 10 120 1) || line=
        judge "398,000 columns, $market, seconds; of 300" "$(figure seconds || true)" 300 1
        judge "398,000 columns, $market, GB; of 4" "$(figure gigabytes || true)" 4 1
    done
    bash bench/lp_methods.sh
fi
exit "$failed"
