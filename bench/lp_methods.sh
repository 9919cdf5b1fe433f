#!/bin/bash
# lp_methods.sh - why numu solves as it does: its own way beside each that Clp and GLPK offer, on the
# same programmes in the same run (docs/adr/0026-simplex-method.md).
#
# usage: bench/lp_methods.sh [SECONDS]   most seconds of processor time for each (5)
#
# Prints seconds of processor time by method and programme, reading the file taken off; - = unfinished.
# Needs the commands clp (coinor-clp) and glpsol. Results go to bench/results/lp-methods.csv too.
set -eu

cd "$(dirname "$0")/.."
most=${1:-5}
for command in clp glpsol; do
    command -v "$command" >/dev/null || { echo "lp_methods.sh: needs $command" >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
results=bench/results/lp-methods.csv
family=$folder/lp_family
# shellcheck disable=SC2046 # the flags of pkg-config are words
"${CC:-cc}" -std=c17 -D_XOPEN_SOURCE=700 -O2 -Isrc $(pkg-config --cflags clp cbc) -o "$family" \
    bench/lp_family.c src/solve/*.c \
    src/base/{arena,context,map,random,status,text}.c $(pkg-config --libs clp cbc) -lm

programmes=('import 200 10 60 1' 'import 200 10 60 2' 'loose 200 10 60 1' 'tight 100 6 36 1')
methods=(
    'numu: dual from the cheapest ways|'
    'glpsol: primal from an advanced basis|'
    'dual from slacks, presolved|-presolve on -dualsimplex'
    'dual from slacks|-presolve off -dualsimplex'
    'dual from slacks, crash basis|-crash on -presolve off -dualsimplex'
    'dual, presolved, bound 10^4|-dualbound 1e4 -dualsimplex'
    'primal, presolved|-primalsimplex'
    'primal, sprint|-sprint 20 -primalsimplex'
    'primal, idiot crash|-idiot 50 -primalsimplex'
    'barrier and crossover|-barrier'
)

# cpu COMMAND...: seconds of processor time that it takes; - where it does not end by itself
cpu() {
    local TIMEFORMAT=%U
    # shellcheck disable=SC2016 # the inner shell expands them
    if { time bash -c 'ulimit -t "$0"; exec "$@"' "$most" "$@" >"$folder/log" 2>&1; } 2>"$folder/time"; then
        tail -n 1 "$folder/time"
    else
        echo -
    fi
}

# without READING SECONDS: what is left
without() {
    awk -v reading="$1" -v all="$2" 'BEGIN {
        print all == "-" || reading == "-" ? "-" : sprintf("%.2f", all > reading ? all - reading : 0)
    }'
}

# seconds_of ARGUMENTS PROGRAMME NUMBER: of the method with these arguments of clp
seconds_of() {
    local file=$folder/$3.mps
    case $1 in
    numu*)
        # shellcheck disable=SC2086 # the words of a programme are arguments
        cpu "$family" $2
        ;;
    glpsol*) without "$(cpu glpsol --freemps "$file" --check)" "$(cpu glpsol --freemps "$file")" ;;
    *)
        # shellcheck disable=SC2086 # options are words
        without "$(cpu clp "$file" -stop)" "$(cpu clp "$file" ${1#*|})"
        ;;
    esac
}

header=method
for number in "${!programmes[@]}"; do
    # shellcheck disable=SC2086
    "$family" ${programmes[number]} "$folder/$number.mps"
    header+=",${programmes[number]}"
done
echo "$header" | tee "$results"
for method in "${methods[@]}"; do
    line=\"${method%%|*}\"
    for number in "${!programmes[@]}"; do
        line+=,$(seconds_of "$method" "${programmes[number]}" "$number")
    done
    echo "$line" | tee -a "$results"
done
