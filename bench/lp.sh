#!/bin/bash
# lp.sh - numu's linear solver against glpsol (GLPK) on the same programmes, in the same run.
#
# Prints a line for each: rows, columns, seconds that numu takes to build the matrix and to solve
# (handing over, solving and measuring), seconds of glpsol, their ratio. All are processor time;
# glpsol's is without reading the file (a run with --check is taken off). Exit 1 where a ratio is
# over 1.1, the matrix took over 0.3 s, or objectives differ.
#
# Compiles lp_family.c with $CC (cc) for itself. RESULTS=FILE gets the lines as CSV, too.
set -eu

cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
family=$folder/lp_family
# shellcheck disable=SC2046 # the flags of pkg-config are words
"${CC:-cc}" -std=c17 -D_XOPEN_SOURCE=700 -O2 -Isrc $(pkg-config --cflags clp cbc) -o "$family" \
    bench/lp_family.c src/solve/*.c \
    src/base/{arena,context,map,random,status,text}.c $(pkg-config --libs clp cbc) -lm
results=${RESULTS:-/dev/null}
failed=0

# figure NAME LINE: the value of NAME=value
figure() {
    printf '%s\n' "$2" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

# cpu COMMAND...: seconds of processor time that it takes; its output goes to $folder/log
cpu() {
    local TIMEFORMAT=%U
    { time "$@" >"$folder/log" 2>&1; } 2>&1
}

echo 'what,rows,columns,built_s,numu_s,glpsol_s,ratio,bar,met' >"$results"
printf '%-22s %8s %8s %8s %8s %8s %6s\n' programme rows columns built numu glpsol ratio
for programme in 'tight 40 5 24 1' 'loose 40 5 24 1' 'tight 100 6 36 1' \
    'loose 100 6 36 1' 'import 200 10 60 1' 'import 200 10 60 2' 'import 200 10 60 3'; do
    # shellcheck disable=SC2086 # the words of a programme are arguments
    line=$("$family" $programme)
    # shellcheck disable=SC2086
    "$family" $programme "$folder/lp.mps"
    reading=$(cpu glpsol --freemps "$folder/lp.mps" --check)
    both=$(cpu glpsol --freemps "$folder/lp.mps" -w "$folder/lp.out")
    theirs=$(awk '$1 == "s" { print $7 }' "$folder/lp.out")
    awk -v name="$programme" -v rows="$(figure rows "$line")" -v columns="$(figure columns "$line")" \
        -v built="$(figure built "$line")" -v ours="$(figure seconds "$line")" \
        -v both="$both" -v reading="$reading" -v x="$(figure objective "$line")" -v y="$theirs" \
        -v results="$results" 'BEGIN {
            glpk = both - reading
            ratio = glpk > 0 ? ours / glpk : 0
            gap = x > y ? x - y : y - x
            same = gap <= 1e-6 * (y < 0 ? 1 - y : 1 + y)
            met = ratio <= 1.1 && same && built <= 0.3
            printf "%-22s %8d %8d %8.3f %8.2f %8.2f %6.2f%s\n", name, rows, columns, built, ours, glpk, ratio, \
                same ? (met ? "" : "  missed") : "  objectives differ"
            printf "%s,%d,%d,%.3f,%.2f,%.2f,%.2f,1.1,%s\n", name, rows, columns, built, ours, glpk, ratio, \
                met ? "yes" : "no" >> results
            exit !met
        }' || failed=1
done
exit "$failed"
