#!/bin/bash
# usage: [MIPLIB=FOLDER] bench/lots.sh
#
# Lot sizing with published optima, through numu's port to CBC, beside the same CBC by itself (`cbc`,
# package coinor-cbc): set1ch 54537.75 and pp08a 7350 of MIPLIB 3 (R. E. Bixby et al., Optima 58,
# 1998, https://miplib.zib.de), as FOLDER/NAME.gz, .mps or .mps.gz. They carry no licence, so they are
# not here; without MIPLIB this does nothing but say so. Seconds are processor time.
# Exit 1 where an optimum is missed.
set -eu

cd "$(dirname "$0")/.."
if [[ -z ${MIPLIB:-} ]]; then
    echo '# MIPLIB is not set: the lot-sizing programmes of MIPLIB were not tried'
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# shellcheck disable=SC2046 # the flags of pkg-config are words
"${CC:-cc}" -std=c17 -D_XOPEN_SOURCE=700 -O2 -Isrc $(pkg-config --cflags clp cbc) -o "$folder/lots" \
    bench/lots.c src/solve/*.c src/base/{arena,context,map,status,text}.c \
    $(pkg-config --libs clp cbc) -lm
failed=0
results=bench/results/lots.csv
echo 'programme,optimum,numu,bound,seconds,cbc_seconds,met' >"$results"
printf '%-10s %12s %12s %12s %9s %9s\n' programme optimum numu bound seconds cbc
for known in set1ch:54537.75 pp08a:7350; do
    name=${known%:*}
    optimum=${known#*:}
    for file in "$MIPLIB/$name.gz" "$MIPLIB/$name.mps.gz" "$MIPLIB/$name.mps"; do
        if [[ -f $file ]]; then gzip -cdf "$file" >"$folder/$name.mps"; fi
    done
    line=$("$folder/lots" "$folder/$name.mps") || line=
    figure() { printf '%s\n' "$line" | tr ' ' '\n' | sed -n "s/^$1=//p"; }
    theirs=-
    if command -v cbc >/dev/null; then
        theirs=$({ TIMEFORMAT=%U; time cbc "$folder/$name.mps" solve >/dev/null; } 2>&1)
    fi
    awk -v name="$name" -v optimum="$optimum" -v ours="$(figure objective)" -v bound="$(figure bound)" \
        -v seconds="$(figure seconds)" -v theirs="$theirs" -v status="$(figure status)" \
        -v results="$results" 'BEGIN {
            gap = ours - optimum
            met = status == "optimal" && gap * gap <= 1e-12 * optimum * optimum
            printf "%-10s %12s %12s %12s %9s %9s%s\n", name, optimum, ours, bound, seconds, theirs, \
                met ? "" : "  missed"
            printf "%s,%s,%s,%s,%s,%s,%s\n", name, optimum, ours, bound, seconds, theirs, \
                met ? "yes" : "no" >> results
            exit !met
        }' || failed=1
done
exit "$failed"
