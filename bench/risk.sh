#!/bin/bash
# usage: [OTHER=numu] [JOBS='120 300 1000 3000 10000'] bench/risk.sh
# How fast samples of a project are drawn and dated, in millions of activity samples a second of one core (CPU time), against
# a plain scalar loop in the same run; then 10,000 samples of the Mali example, without and with removal runs; then the
# whole command on projects of bench/projects.awk in a five-day week, four scarce resources, 10,000 samples, with the
# schedule that it searches first; with OTHER=PATH also by another numu.
#
# Bars: 20 million for the network, 3 million under scarce resources (120 activities), 2 s for the example without removal.
# Exit 1 where one is missed. The tables are kept as bench/results/risk.csv and risk-packages.csv.
set -eu
cd "$(dirname "$0")/.."
numu=${NUMU:-build/numu}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2046 # the flags of pkg-config are words
"${CC:-cc}" -std=c17 -D_XOPEN_SOURCE=700 -O2 -Isrc -o "$work/risk" bench/risk.c build/release/libnumu-parts.a \
    $(pkg-config --libs clp sqlite3 libzip xlsxwriter libcrypto libsodium libxml-2.0) -lm -lpthread
mkdir -p bench/results
failed=0
echo 'activities,samples,way,millions_a_second,times_plain,mean_finish,standard_error' >"$work/risk.csv"
"$work/risk" 120 200000 >>"$work/risk.csv" || failed=1
"$work/risk" 400 60000 >>"$work/risk.csv" || true
tee bench/results/risk.csv <"$work/risk.csv"
(
    TIMEFORMAT='mali-2025, 10,000 samples without removal: %U s CPU, %R s'
    time "$numu" risk --no-removal --samples 10000 examples/mali-2025 >/dev/null
    TIMEFORMAT='mali-2025, 10,000 samples with removal: %U s CPU, %R s'
    time "$numu" risk --samples 10000 examples/mali-2025 >/dev/null
)

# risk WHO NUMU JOBS: seconds, processor seconds and memory of one run on $work/JOBS
risk() {
    local TIMEFORMAT='%R,%U'
    { time "$2" risk --timing --no-removal --samples 10000 --format csv "$work/$3" >/dev/null 2>"$work/told"; } 2>"$work/took"
    echo "$3,$1,$(cat "$work/took"),$(sed -n 's/.*at most \([0-9]*\) MB.*/\1/p' "$work/told")"
}

{
    echo activities,program,seconds,processor_seconds,megabytes
    mkdir -p "$work/g"
    for jobs in ${JOBS:-120 300 1000 3000 10000}; do
        rm -f "$work"/g/*.sm
        awk -v folder="$work" -v name=g -v count=1 -v jobs="$jobs" -v seed=1 -v kind=g -f bench/projects.awk
        mkdir -p "$work/$jobs"
        awk -v out="$work/$jobs" -v spread=1 -f bench/week.awk "$work"/g/*.sm
        [[ ! ${OTHER:-} ]] || risk other "$OTHER" "$jobs"
        risk numu "$numu" "$jobs"
    done
} | tee bench/results/risk-packages.csv
exit "$failed"
