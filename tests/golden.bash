# shellcheck shell=bash
# Golden cases, sourced by tests/cli/run and tests/errors/run.
#
# A case is a folder with
#   cmd     lines for bash; $NUMU, $CASE (the case's folder) and $ROOT (the project) are set
#   stdout  what must come out; no file means nothing
#   stderr  likewise
#   status  the exit status expected, where it is not the usual one
# It runs in a fresh copy of its folder, beside a link to examples/: name inputs relative to that, so
# that no path of this machine gets into what is expected.
# UPDATE=1 writes stdout, stderr and status instead of comparing them. Look at the diff before you commit.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
NUMU=$(realpath "${NUMU:-$ROOT/build/numu}")
export ROOT NUMU LC_ALL=C.UTF-8 TERM=dumb
unset NUMU_RULES NUMU_PASSPHRASE XDG_DATA_HOME NO_COLOR LC_MESSAGES LANGUAGE LANG

work=$(mktemp -d)
export HOME=$work # nobody's imported rule sets
trap 'rm -rf "$work"' EXIT

# golden_run FOLDER COMMAND: runs a case; leaves stdout, stderr and status in $work/NAME/.
golden_run() {
    local case=$1 command=$2 got
    got=$work/$(basename "$case")
    mkdir "$got"
    cp -r "$case" "$got/folder"
    ln -s "$ROOT/examples" "$got/folder/examples"
    (cd "$got/folder" && CASE=$case timeout "${NUMU_CASE_SECONDS:-120}" bash -c "$command") \
        </dev/null >"$got/stdout" 2>"$got/stderr" && echo 0 >"$got/status" || echo $? >"$got/status"
}

# golden_compare FOLDER USUAL_STATUS: shows what differs from the expected files, or rewrites them.
golden_compare() {
    local case=$1 usual=$2 got file same=0
    got=$work/$(basename "$case")
    for file in stdout stderr status; do
        if [[ $file == status ]]; then echo "$usual" >"$got/expected"; else : >"$got/expected"; fi
        if [[ ${UPDATE:-} ]]; then
            if cmp -s "$got/expected" "$got/$file"; then
                rm -f "$case/$file"
            else
                cp "$got/$file" "$case/$file"
            fi
            continue
        fi
        if [[ -f $case/$file ]]; then cp "$case/$file" "$got/expected"; fi
        diff -u --label "$file expected" --label "$file" "$got/expected" "$got/$file" || same=1
    done
    return "$same"
}

# golden_all FUNCTION FOLDER...: FUNCTION FOLDER for each, in parallel; prints TAP in the given order.
golden_all() {
    local function=$1 case running=0 jobs failed=0
    shift
    jobs=$(nproc)
    for case in "$@"; do
        if ((running++ >= jobs)); then wait -n || true; fi
        { "$function" "$case" >"$work/$(basename "$case").log" 2>&1 && echo ok || echo 'not ok'; } \
            >"$work/$(basename "$case").verdict" &
    done
    wait
    for case in "$@"; do
        echo "$(<"$work/$(basename "$case").verdict") - $(basename "$case")"
        sed 's/^/# /' "$work/$(basename "$case").log"
        if [[ $(<"$work/$(basename "$case").verdict") != ok ]]; then failed=1; fi
    done
    return "$failed"
}
