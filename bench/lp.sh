#!/bin/sh
# lp.sh - numu's linear solver against glpsol (GLPK) on the same programmes, in the same run.
#
# Prints a line for each: rows, columns, both wall times in seconds and their ratio. numu's time is
# handing the problem over, solving and measuring; glpsol's is its own "Time used" (solving only,
# without reading the file). Exit 1 where a ratio is over 1.1 or objectives differ.
#
# Compiles lp_family.c with $CC (cc) for itself.
set -eu

cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
family=$folder/lp_family
# shellcheck disable=SC2046 # the flags of pkg-config are words
"${CC:-cc}" -std=c17 -D_POSIX_C_SOURCE=200809L -O2 -Isrc $(pkg-config --cflags clp cbc) -o "$family" \
    bench/lp_family.c src/solve/*.c src/base/arena.c src/base/context.c src/base/random.c \
    src/base/status.c $(pkg-config --libs clp cbc) -lm
failed=0

# figure NAME LINE: the value of NAME=value
figure() {
    printf '%s\n' "$2" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

printf '%-22s %8s %8s %8s %8s %6s\n' programme rows columns numu glpsol ratio
for programme in 'tight 40 5 24 1' 'loose 40 5 24 1' 'tight 100 6 36 1' \
    'loose 100 6 36 1' 'import 200 10 60 1' 'import 200 10 60 2' 'import 200 10 60 3'; do
    # shellcheck disable=SC2086 # the words of a programme are arguments
    line=$("$family" $programme)
    # shellcheck disable=SC2086
    "$family" $programme "$folder/lp.mps"
    glpsol --freemps "$folder/lp.mps" -w "$folder/lp.out" >"$folder/log"
    glpk_seconds=$(sed -n 's/^Time used: *\([0-9.]*\).*/\1/p' "$folder/log")
    glpk_objective=$(awk '$1 == "s" { print $7 }' "$folder/lp.out")
    numu_seconds=$(figure seconds "$line")
    printf '%-22s %8s %8s %8s %8s ' "$programme" "$(figure rows "$line")" \
        "$(figure columns "$line")" "$numu_seconds" "$glpk_seconds"
    awk -v a="$numu_seconds" -v b="$glpk_seconds" -v x="$(figure objective "$line")" \
        -v y="$glpk_objective" 'BEGIN {
            ratio = b > 0 ? a / b : 0
            gap = x > y ? x - y : y - x
            same = gap <= 1e-6 * (y < 0 ? 1 - y : 1 + y)
            printf "%6.2f%s\n", ratio, same ? "" : "  objectives differ"
            exit !(ratio <= 1.1 && same)
        }' || failed=1
done
exit "$failed"
