#!/bin/sh
# ledger.sh - what the ledger costs, beside the raw flush of this disk and plain SQLite in the same run;
# each line says its bar. EVENTS=200000 and EDGES=10000000 unless given. Compiles ledger.c and
# genealogy.c with $CC (cc) for itself, against build/release.
set -eu

cd "$(dirname "$0")/.."
folder=$(mktemp -d "${TMPDIR:-/var/tmp}/numu-bench-XXXXXX")
trap 'rm -rf "$folder"' EXIT
for program in ledger genealogy; do
    # shellcheck disable=SC2046 # the flags of pkg-config are words
    "${CC:-cc}" -std=c17 -D_XOPEN_SOURCE=700 -O2 -Isrc -o "$folder/$program" bench/$program.c \
        build/release/libnumu-parts.a $(pkg-config --cflags --libs sqlite3 libcrypto libsodium) -lm -lpthread
done
"$folder/ledger" "$folder" "${EVENTS:-200000}"
"$folder/genealogy" "$folder" "${EDGES:-10000000}"
