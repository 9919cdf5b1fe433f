#!/bin/bash
# trace.sh - what a recall costs on the command line: one lot that went into THINGS=50000 serials, fifty
# an event, each released, sent and received; beside the recursive query that one would otherwise run
# over the same book with the sqlite3 shell, in the same run, for the same number of things.
# BEFORE=another numu binary is measured beside. Times are of the processor (user).
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
numu=${NUMU:-$here/build/numu}
things=${THINGS:-50000}
folder=$(mktemp -d "${TMPDIR:-/var/tmp}/numu-bench-XXXXXX")
trap 'rm -rf "$folder"' EXIT
export SOURCE_DATE_EPOCH=1768600000
cd "$folder"

awk -v things="$things" 'BEGIN {
    at = "\"time\":\"2026-01-05T08:00:00Z\""
    printf "{\"type\":\"open\",\"by\":\"p_keeper_plant\",\"key\":\"lot\",%s,\"lines\":[{\"item\":\"round_kit\"," \
        "\"lot\":\"L1\",\"quantity\":\"%d\",\"from\":\"opening\",\"to\":\"bamako/serviceable\"}]}\n", at, things
    for (i = 1; i <= things; i += 50) {
        serials = sprintf("\"serials\":[\"R%07d..R%07d\"]", i, i + 49)
        printf "{\"type\":\"produce\",\"by\":\"p_keeper_plant\",\"key\":\"m%d\",%s,\"lines\":[" \
            "{\"item\":\"round_kit\",\"lot\":\"L1\",\"quantity\":\"50\",\"from\":\"bamako/serviceable\",\"to\":\"consumed\"}," \
            "{\"item\":\"rifle\",%s,\"from\":\"produced\",\"to\":\"bamako/quarantine\"}]}\n", i, at, serials
        printf "{\"type\":\"inspect\",\"by\":\"p_proof\",\"key\":\"i%d\",%s,\"lines\":[" \
            "{\"item\":\"rifle\",%s,\"from\":\"bamako/quarantine\",\"to\":\"bamako/unserviceable\"}]}\n", i, at, serials
    }
}' >events.jsonl
"$numu" ledger init -q b.db --site bamako --model "$here/examples/mali-2025" 2>/dev/null
"$numu" ledger record -q b.db events.jsonl >receipts 2>&1 || { tail -3 receipts; exit 1; }

# The processor's seconds of a command, whose output goes to `out`.
seconds_of() {
    local TIMEFORMAT=%U
    { time "$@" >out 2>/dev/null; } 2>&1
}

trace() { "$1" ledger trace b.db "${@:2}" --format csv; }

lines=0
measure() { # NAME BINARY ARGUMENT...
    local spent
    spent=$(seconds_of trace "${@:2}")
    lines=$(tail -n +2 out | cut -d, -f2,3 | sort -u | wc -l)
    printf '%-34s %8.2f s  %d things\n' "$1" "$spent" "$lines"
    last=$spent
}

sql() { # everything that was made of a thing, by the lines of events that make
    sqlite3 b.db "WITH RECURSIVE line(event, is_used, item, thing) AS (
        SELECT e.id, json_extract(l.value, '\$.to') = 'consumed', json_extract(l.value, '\$.item'),
            coalesce(json_extract(l.value, '\$.lot'), s.value)
        FROM entry e, json_each(CAST(e.bytes AS TEXT), '\$.body.lines') l
            LEFT JOIN json_each(l.value, '\$.serials') s
        WHERE json_extract(CAST(e.bytes AS TEXT), '\$.body.type') IN ('produce', 'transform')),
      kept AS MATERIALIZED (SELECT * FROM line),
      edge AS MATERIALIZED (SELECT a.item || ' ' || a.thing AS used, b.item || ' ' || b.thing AS made
        FROM kept a JOIN kept b ON a.event = b.event AND a.is_used AND NOT b.is_used),
      r(n) AS (SELECT 'round_kit L1' UNION SELECT made FROM edge, r WHERE used = n)
      SELECT n FROM r"
}

measure "recall, numu" "$numu" L1 --forward
ours=$last
expected=$lines
if [[ ${BEFORE:-} ]]; then
    measure "recall, before" "$BEFORE" L1 --forward
    echo "  ratio $(awk -v a="$last" -v b="$ours" 'BEGIN { printf "%.1f", a / b }')"
fi
measure "one serial, numu" "$numu" R0000001
one=$last
if [[ ${BEFORE:-} ]]; then
    measure "one serial, before" "$BEFORE" R0000001
    echo "  ratio $(awk -v a="$last" -v b="$one" 'BEGIN { printf "%.1f", a / b }')"
fi
spent=$(seconds_of sql)
printf '%-34s %8.2f s  %d things; numu takes %s of it, and gives each step and its proof\n' \
    "recall, recursive query (sqlite3)" "$spent" "$(wc -l <out)" \
    "$(awk -v a="$ours" -v b="$spent" 'BEGIN { printf "%.2f", a / b }')"
[[ $(wc -l <out) == "$expected" ]] || { echo "another number of things" >&2; exit 1; }
