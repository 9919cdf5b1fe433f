#!/bin/sh
# ledger.sh - what the ledger costs, beside the raw flush of this disk and plain SQLite in the same run;
# each line says its bar. EVENTS=200000 unless given. Compiles ledger.c with $CC (cc)
# for itself, against build/release.
set -eu

cd "$(dirname "$0")/.."
folder=$(mktemp -d "${TMPDIR:-/var/tmp}/numu-bench-XXXXXX")
trap 'rm -rf "$folder"' EXIT
# shellcheck disable=SC2046 # the flags of pkg-config are words
"${CC:-cc}" -std=c17 -D_XOPEN_SOURCE=700 -O2 -Isrc -o "$folder/bench" bench/ledger.c \
    build/release/libnumu-parts.a $(pkg-config --cflags --libs sqlite3 libcrypto libsodium) -lm -lpthread
"$folder/bench" "$folder" "${EVENTS:-200000}"
