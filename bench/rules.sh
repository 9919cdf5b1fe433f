#!/bin/bash
# usage: [NUMU=binary] bench/rules.sh
# Limits of 1,000 storehouses beside 1,000 exposed sites, each at random places of a district, by the
# built-in sets; against sqlite3, which only computes all the pairs' plane distances and takes the
# least, without any law.
set -eu
numu=$(realpath "${NUMU:-build/numu}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$numu" init -q --all package
awk 'BEGIN {
    srand(1)
    print "id,site,latitude,longitude,divisions" >"storehouse.csv"
    print "id,kind,latitude,longitude" >"exposure.csv"
    split("inhabited_building public_highway railway public_area", kind, " ")
    for (i = 0; i < 1000; i++) {
        printf "s%d,depot,%.6f,%.6f,1.1\n", i, 12 + rand(), -8 + rand() >"storehouse.csv"
        printf "e%d,%s,%.6f,%.6f\n", i, kind[i % 4 + 1], 12 + rand(), -8 + rand() >"exposure.csv"
    }
}'
mv storehouse.csv exposure.csv package
printf 'id,name\ndepot,Depot\n' >package/site.csv
seconds() { # seconds COMMAND...: user time of its fastest of three runs
    local best
    for _ in 1 2 3; do
        { TIMEFORMAT=%U; time "$@" >out 2>err; } 2>elapsed || { cat err >&2; exit 1; }
        best=$(printf '%s\n%s\n' "${best:-9999}" "$(cat elapsed)" | sort -g | head -n 1)
    done
    echo "$best"
}
checked=$(seconds "$numu" check -q package)
for set in us-14cfr420 us-27cfr555; do
    all=$(seconds "$numu" storage limits --rules "$set" --format csv package)
    (($(wc -l <out) == 1001)) || { echo "not 1,000 limits" >&2; exit 1; }
    awk -v set="$set" -v all="$all" -v check="$checked" 'BEGIN {
        printf "%s: limits of 1,000 x 1,000 in %.2f s, of which reading and checking %.2f s\n", set, all, check }'
done
printf '.mode csv\n.import package/storehouse.csv s\n.import package/exposure.csv e\nselect s.id, min((s.latitude-e.latitude)*(s.latitude-e.latitude)+(s.longitude-e.longitude)*(s.longitude-e.longitude)) from s, e group by s.id;\n' >pairs.sql
pairs() { sqlite3 -batch :memory: <pairs.sql; }
other=$(seconds pairs)
awk -v a="$all" -v b="$other" 'BEGIN { printf "sqlite3, plane distances only: %.2f s; ratio %.1f\n", b, b / a }'
