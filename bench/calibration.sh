#!/bin/bash
# usage: PROJECTS=FOLDER bench/calibration.sh
# Whether forecasts come true: FOLDER has ProTrack files (.p2x) of real projects with a plan and a record, such as the real-life
# project database of OR-AS and Ghent University (J. Batselier, M. Vanhoucke, IJPM 33(3), 2015), which nobody may hand on.
#
# Each project is forecast from its plan and from the records of all others; what a choice of method could know is left out, too
# (nested leave one out); see bench/calibration.c. Beside it stand plain CPM and PERT, the stretches of the others as they are, and
# the figures kept from earlier projects (bench/results/calibration-class.csv), which on other projects are out of sample.
# Prints how many outcomes lay within P80, between which counts a calibrated forecast would lie 95 times in 100, the Brier score of
# the probability of being done in the planned time, and the continuous ranked probability score; then outcomes by tenth of the
# forecast: a calibrated forecaster has as many in each. Kept in bench/results/calibration*.csv (figures only), with the reliability
# diagram as bench/results/calibration.svg. Takes some minutes: every choice is tried without every pair of projects.
set -eu
cd "$(dirname "$0")/.."
if [[ ! ${PROJECTS:-} ]]; then
    echo '# PROJECTS is not set: there is nothing to hold forecasts against'
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2046 # the flags of pkg-config are words
"${CC:-cc}" -std=c17 -D_XOPEN_SOURCE=700 -O2 -Isrc -o "$work/calibration" bench/calibration.c \
    build/release/libnumu-parts.a \
    $(pkg-config --libs clp sqlite3 libzip xlsxwriter libcrypto libsodium libxml-2.0 icu-i18n icu-uc) -lm -lpthread
mkdir -p bench/results
"$work/calibration" bench/results/calibration.csv bench/results/calibration-summary.csv \
    bench/results/calibration-class.csv "$PROJECTS"/*.p2x
awk -F, -f bench/reliability.awk bench/results/calibration.csv >bench/results/calibration.svg
column -s, -t bench/results/calibration-summary.csv
awk -F, 'NR > 1 {
    print $1
    for (b = 8; b <= NF; b++) {
        bar = ""
        for (i = 0; i < $b; i++) bar = bar "#"
        printf "  %3d-%3d%% %s\n", (b - 8) * 10, (b - 7) * 10, bar
    }
}' bench/results/calibration-summary.csv
