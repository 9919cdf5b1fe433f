#!/bin/bash
# usage: [ROWS=10000000] bench/model.sh
# How fast a package is checked, beside what one would otherwise run on the same files: sqlite3's .import, which checks
# nothing. Then the same package with a million malformed values. Prints seconds, MB a second and ratios.
set -eu
rows=${ROWS:-10000000}
numu=${NUMU:-build/numu}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A package of `rows` rows: demands for items of many, with dates, prices and evidence.
generate() {
    awk -v rows="$rows" -v folder="$work" 'BEGIN {
        srand(7)
        items = int(rows / 50); demands = rows - 2 * items
        file = folder "/site.csv"; print "id,name" >file
        for (i = 0; i < 10; i++) printf "s%02d,Site %d\n", i, i >file
        file = folder "/customer.csv"; print "id,name" >file
        for (i = 0; i < 50; i++) printf "c%02d,Customer %d\n", i, i >file
        file = folder "/rate.csv"; print "currency,per_unit\nUSD,600" >file
        file = folder "/fund.csv"; print "id,pays\ncredits,import" >file
        file = folder "/item.csv"; print "id,name,family,unit" >file
        for (i = 0; i < items; i++) printf "i%06d,Item %d,component,each\n", i, i >file
        file = folder "/process.csv"; print "id,item,kind,site,unit_cost,currency,lead_time_days" >file
        for (i = 0; i < items; i++)
            printf "p%06d,i%06d,import,s%02d,%d.%02d,USD,%d\n", i, i, i % 10, i % 1000, i % 100, i % 90 >file
        file = folder "/demand.csv"
        print "id,customer,item,site,due,quantity,priority,unit_value,currency,basis,source" >file
        for (i = 0; i < demands; i++) {
            item = int(rand() * items)
            printf "d%08d,c%02d,i%06d,s%02d,2026-%02d-%02d,%d,%d,%d.5,USD,assumption,generated row %d\n", i, \
                int(rand() * 50), item, item % 10, 1 + i % 12, 1 + i % 28, 1 + int(rand() * 1000), 1 + i % 3, \
                item % 500, i % 100 >file
        }
    }'
    cat >"$work/datapackage.json" <<'END'
{"name": "bench", "numu": {"currency": "XOF", "start": "2026-01-01", "months": 24}, "resources": [
{"name": "site", "path": "site.csv"}, {"name": "customer", "path": "customer.csv"}, {"name": "rate", "path": "rate.csv"},
{"name": "fund", "path": "fund.csv"}, {"name": "item", "path": "item.csv"}, {"name": "process", "path": "process.csv"},
{"name": "demand", "path": "demand.csv"}]}
END
}

# seconds COMMAND...: wall seconds of the best of three runs, output thrown away.
seconds() {
    local best='' run TIMEFORMAT=%R
    for run in 1 2 3; do
        run=$({ time "$@" >/dev/null 2>&1; } 2>&1)
        best=$(awk -v a="$best" -v b="$run" 'BEGIN { print a == "" || b < a ? b : a }')
    done
    echo "$best"
}

import() {
    local table
    rm -f "$work/import.db"
    for table in site customer rate fund item process demand; do
        printf '.import --csv %s/%s.csv %s\n' "$work" "$table" "$table"
    done | sqlite3 "$work/import.db"
}

report() { # NAME SECONDS THREADS
    awk -v name="$1" -v s="$2" -v threads="$3" -v bytes="$bytes" -v base="$imported" 'BEGIN {
        printf "%-34s %7.2f s %7.0f MB/s %7.0f MB/s a core  %5.2f of sqlite3\n",
            name, s, bytes / s / 1e6, bytes / s / 1e6 / threads, s / base }'
}

generate
bytes=$(cat "$work"/*.csv | wc -c)
echo "$rows rows, $((bytes / 1000000)) MB"
imported=$(seconds import)
report "sqlite3 .import (checks nothing)" "$imported" 1
report "numu check --threads 1" "$(seconds "$numu" check --threads 1 "$work")" 1
report "numu check" "$(seconds "$numu" check "$work")" "$(nproc)"
"$numu" check --timing "$work" 2>&1 | tail -1
sed -i '2,1000001s/,USD,/,USB,/' "$work/demand.csv"
report "numu check, a million malformed" "$(seconds "$numu" check "$work")" "$(nproc)"
"$numu" check --timing "$work" 2>&1 | tail -3
