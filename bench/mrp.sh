#!/bin/sh
# mrp.sh - the materials plan measured: explosion, net change, pegs, lots; against a straightforward
# twin in C and against SQLite on the same problem.
#
# Prints processor seconds, memory and ratios. Exit 1 where a bar is missed: 25 million orders of a
# million items in 5 s on two cores (processor seconds of all threads ÷ 2) and 4 GB, linear in size;
# pegs of a demand in 50 ms and a net change in 0.2 s at that size; Wagner-Whitin lots of 1,000 items
# and 5,000 days in 2 s; or where two ways to the same figures differ.
#
# Compiles mrp_family.c with $CC (cc) for itself. NUMU_BENCH_SMALL=1 leaves out the largest sizes.
set -eu

cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
family=$folder/mrp_family
"${CC:-cc}" -std=c17 -D_XOPEN_SOURCE=700 -O2 -Isrc -o "$family" bench/mrp_family.c \
    src/plan/explode.c src/plan/peg.c src/plan/lot.c src/base/arena.c src/base/context.c \
    src/base/map.c src/base/number.c src/base/parallel.c src/base/random.c src/base/status.c \
    src/base/text.c -lpthread -lm
failed=0

# figure NAME LINE: the value of NAME=value
figure() {
    printf '%s\n' "$2" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

# bar WHAT VALUE MOST: says whether a bar is kept
bar() {
    if awk -v value="$2" -v most="$3" 'BEGIN { exit !(value <= most) }'; then
        printf '  kept    %-46s %10s <= %s\n' "$1" "$2" "$3"
    else
        printf '  MISSED  %-46s %10s >  %s\n' "$1" "$2" "$3"
        failed=1
    fi
}

echo 'explosion of a bill with 20 levels over 1,826 days (user_s: all threads)'
printf '%10s %10s %10s %8s %8s %8s %10s\n' parts lines orders user_s wall_s peak_mb orders/us
sizes='125000 250000 500000 1000000'
test -z "${NUMU_BENCH_SMALL-}" || sizes='31250 62500 125000'
for parts in $sizes; do
    "$family" explode "$parts" 20 1826 2 >"$folder/out"
    line=$(grep '^explode' "$folder/out")
    user=$(figure user_s "$line")
    orders=$(figure orders "$line")
    printf '%10s %10s %10s %8s %8s %8s %10s\n' "$parts" "$(figure lines "$line")" "$orders" "$user" \
        "$(figure wall_s "$line")" "$(figure peak_mb "$line")" \
        "$(awk -v n="$orders" -v s="$user" 'BEGIN { printf "%.2f", n / s / 1e6 }')"
    last=$(awk -v n="$orders" -v s="$user" 'BEGIN { print s / n }')
    first=${first:-$last}
done
bar 'processor seconds ÷ 2 for 25 million orders' \
    "$(awk -v each="$last" 'BEGIN { printf "%.2f", each * 25e6 / 2 }')" 5
bar 'peak memory, MB' "$(figure peak_mb "$line")" 4096
bar 'time an order, largest size ÷ smallest' \
    "$(awk -v a="$last" -v b="$first" 'BEGIN { printf "%.2f", a / b }')" 1.5
line=$(grep '^pegs' "$folder/out")
printf 'all that serves one demand: %s pegs on average\n' "$(figure pegs "$line")"
bar 'pegs of a demand, mean processor seconds' "$(figure mean_s "$line")" 0.05
line=$(grep '^change' "$folder/out")
printf 'one demand moved: %s parts planned again on average\n' "$(figure parts_again "$line")"
bar 'net change, mean seconds' "$(figure mean_s "$line")" 0.2

echo 'Wagner-Whitin lots (taught: the O(n²) programme of the textbooks, from 5 items)'
line=$("$family" lots 1000 5000)
echo "  $line"
bar 'lots of 1,000 items and 5,000 days, processor s' "$(figure user_s "$line")" 2

echo 'lot for lot, one thread, against a twin with an array of days for each part'
line=$("$family" plain 20000 5 1826)
echo "  $line"

echo 'the same, smaller, against SQLite (one statement a level, sums and windows)'
line=$("$family" plain 5000 5 400)
"$family" sql 5000 5 400 | sqlite3 "$folder/mrp.db" >"$folder/sql"
seconds=$(awk '/^Run Time/ { sum += $6 + $8 } END { printf "%.3f", sum }' "$folder/sql")
echo "  $line"
awk -v a="$(figure user_s "$line")" -v b="$seconds" \
    'BEGIN { printf "  sqlite3 user_s=%s ratio=%.0f\n", b, b / (a > 0 ? a : 0.0001) }'
if test "$(tail -n 1 "$folder/sql")" != "$(figure orders "$line")|$(figure sum "$line")"; then
    echo '  MISSED  SQLite finds other orders'
    failed=1
fi
exit "$failed"
