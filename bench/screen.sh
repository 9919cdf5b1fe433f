#!/bin/bash
# usage: [NUMU=binary] [ENTRIES=20000] [NAMES=10000] [LISTS=folder] bench/screen.sh
# How long it takes to screen NAMES names against a list of ENTRIES entries (made up, two names each), beside comparing
# them with every name (`--pairs`, on a sample). With LISTS, a folder that holds UN_*.xml, ofac_sdn*.csv, ofac_alt*.csv
# and ofac_add*.csv, the same on real lists; the share of ordinary names (bench/ordinary_names.txt) that the UN list
# raises; and, where un_names_with_typos.csv and ofac_scores.csv are there too, the share of mistyped listed names that is
# found, and how far scores agree with those of OFAC's own search; with python3, labelled pairs made of these lists (bench/screen_pairs.py).
set -eu
cd "$(dirname "$0")/.."
numu=${NUMU:-build/numu}
entries=${ENTRIES:-20000}
names=${NAMES:-10000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Names of syllables; every third name asked for is a listed one with a letter changed.
awk -v entries="$entries" -v names="$names" -v work="$work" '
function word(    n, w) { n = 2 + int(rand() * 3); w = ""; while (n--) w = w syllable[1 + int(rand() * count)]; return w }
function name(    n, w) { n = 2 + int(rand() * 2); w = word(); while (--n) w = w " " word(); return w }
BEGIN {
    srand(11)
    count = split("ka ra mo ha med sa lim ou ed di al lo tra ore ke ita ci sse bo kar vla di mir nov ski mei lin zha ng we ya sin dur qua rtz fer nan dez ab dul kha led os man gul pet rov ich sto yan ova hu sse in", syllable, " ")
    list = work "/list.json"; ask = work "/names.csv"
    print "name,type" >ask
    for (i = 0; i < entries; i++) {
        a = name()
        kept[i] = a
        printf "{\"id\": \"e%d\", \"schema\": \"%s\", \"properties\": {\"name\": [\"%s\", \"%s\"]}}\n", \
            i, i % 3 ? "Person" : "Company", a, name() >list
    }
    for (i = 0; i < names; i++) {
        if (i % 3) a = name()
        else {
            a = kept[int(rand() * entries)]
            at = 2 + int(rand() * (length(a) - 2))
            a = substr(a, 1, at - 1) "e" substr(a, at + 1)
        }
        print a ",person" >ask
    }
}'

# seconds COMMAND...: wall seconds of the best of three; hits are status 1.
seconds() {
    local best='' run TIMEFORMAT=%R
    for run in 1 2 3; do
        run=$({ time "$@" >/dev/null 2>&1; } 2>&1) || true
        best=$(awk -v a="$best" -v b="$run" 'BEGIN { print a == "" || b < a ? b : a }')
    done
    echo "$best"
}

printf 'name\nnobody\n' >"$work/one.csv"
index=$(seconds "$numu" screen --list "$work/list.json" --file "$work/one.csv")
all=$(seconds "$numu" screen --list "$work/list.json" --file "$work/names.csv")

sample=20
{
    echo 'a,b,type'
    awk -F'"' -v sample=$sample -v ask="$work/names.csv" '
        BEGIN { getline <ask; for (i = 0; i < sample; i++) { getline line <ask; sub(/,.*/, "", line); asked[i] = line } }
        { for (i = 0; i < sample; i++) { print asked[i] "," $12 ",person"; print asked[i] "," $14 ",person" } }' "$work/list.json"
} >"$work/pairs.csv"
pairs=$(seconds "$numu" screen --threads 1 --pairs "$work/pairs.csv" --format csv -o "$work/pairs.out")
awk -v entries="$entries" -v names="$names" -v index_s="$index" -v all="$all" -v pairs="$pairs" -v sample=$sample 'BEGIN {
    printf "list of %d entries read and indexed    %7.2f s  (bar: 1 s)\n", entries, index_s
    printf "%d names against it, all in all        %7.2f s  (bar: 5 s)\n", names, all
    each = (all - index_s) / names; brute = pairs / sample
    printf "a name by the index %.3f ms, by comparing with every name %.1f ms: ratio %.0f\n", each * 1e3, brute * 1e3, brute / each }'

if [[ ${LISTS:-} ]]; then
    lists=()
    for file in "$LISTS"/UN_*.xml "$LISTS"/ofac_sdn*.csv "$LISTS"/ofac_alt*.csv "$LISTS"/ofac_add*.csv; do
        [[ ! -f $file ]] || lists+=(--list "$file")
    done
    printf 'real lists read and indexed %.2f s, %d names against them %.2f s\n' \
        "$(seconds "$numu" screen "${lists[@]}" --file "$work/one.csv")" "$names" \
        "$(seconds "$numu" screen "${lists[@]}" --file "$work/names.csv")"
    # Every given name with every family name of its place: the share that the UN list raises.
    for what in seen unseen; do
        awk -F'|' -v what=$what 'BEGIN { print "name,type" }
            $1 == what { n = split($2, given, " "); m = split($3, family, " ")
                for (i = 1; i <= n; i++) for (j = 1; j <= m; j++) print given[i] " " family[j] ",person" }' \
            bench/ordinary_names.txt >"$work/ordinary.csv"
        "$numu" screen --file "$work/ordinary.csv" "${lists[@]:0:2}" --format csv -o "$work/raised.csv" 2>/dev/null || true
        awk -F, -v what=$what -v all="$(($(wc -l <"$work/ordinary.csv") - 1))" 'NR > 1 && !seen[$1]++ { raised++ } END {
            printf "%d ordinary names (%s), raised: %.2f %%  (bar: 1 %%)\n", all, what, 100 * raised / all }' "$work/raised.csv"
    done
    if [[ -f $LISTS/un_names_with_typos.csv ]]; then
        sed '1s/full_name/name/' "$LISTS/un_names_with_typos.csv" >"$work/typos.csv"
        "$numu" screen --type person --file "$work/typos.csv" "${lists[@]:0:2}" -o "$work/typos.out" 2>/dev/null || true
        grep 'names raised' "$work/typos.out"
        echo '  of listed names with typos (bar: 98 %)'
    fi
    if [[ -f $LISTS/ofac_scores.csv ]]; then
        { echo 'a,b,type'; tr -d '\r' <"$LISTS/ofac_scores.csv" | sed '1d; s/,-\?[0-9.]*$/,person/'; } >"$work/agree_pairs.csv"
        "$numu" screen --pairs "$work/agree_pairs.csv" --format csv -o "$work/agree.csv" 2>/dev/null || true
        # Both files have the same rows in the same order; the last field of each is a score.
        paste -d'\n' <(tail -n +2 "$LISTS/ofac_scores.csv" | tr -d '\r') <(tail -n +2 "$work/agree.csv") |
            awk '{ n = split($0, field, ","); value[NR % 2] = field[n] }
                NR % 2 == 0 { x = value[1] < 0 ? 0 : value[1] / 100; y = value[0]; k++; sx += x; sy += y; sxx += x * x; syy += y * y; sxy += x * y
                    same += (x >= 0.9) == (y >= 0.75) }
                END { if (k) printf "agreement with %d scores of OFAC'"'"'s own search: correlation %.2f, the same verdict (90 there, 0.75 here) on %.0f %%\n", \
                    k, (k * sxy - sx * sy) / sqrt((k * sxx - sx * sx) * (k * syy - sy * sy)), 100 * same / k }'
    fi
    if command -v python3 >/dev/null; then
        python3 bench/screen_pairs.py "$LISTS" "$numu"
    fi
fi
