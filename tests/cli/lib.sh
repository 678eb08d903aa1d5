# lib.sh - sourced by the tests of the program: runs it and says what it should have done.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck shell=bash
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
root=$PWD
# shellcheck source=tests/tap.sh
. tests/tap.sh
noneq=$(realpath -- "${NONEQ:-build/release/noneq}") || exit 1
test -x "$noneq" || { echo "not ok 1 - there is no program $noneq"; exit 1; }
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
export LC_ALL=C

# run ARGUMENTS...: the program; leaves its status in $code and its words in files out and err.
run()
{
    "$noneq" "$@" >out 2>err </dev/null
    code=$?
}

# details: what the last run did, for a failed case.
details()
{
    echo "status $code, stderr:"
    head -n 5 err
    echo "stdout:"
    head -n 5 out
}

# succeeds SENTENCE ARGUMENTS...
succeeds()
{
    local sentence=$1
    shift
    run "$@"
    if test "$code" -eq 0; then pass "$sentence"; else fail "$sentence" "$(details)"; fi
}

# refuses SENTENCE STATUS PATTERN ARGUMENTS...: that exit status, nothing on stdout, and one line
# on stderr that begins with "noneq: " and matches the extended regular expression.
refuses()
{
    local sentence=$1 status=$2 pattern=$3
    shift 3
    run "$@"
    if test "$code" -eq "$status" && ! test -s out && test "$(wc -l <err)" -eq 1 &&
        grep -q '^noneq: ' err && grep -qE -- "$pattern" err; then
        pass "$sentence"
    else
        fail "$sentence" "expected status $status and /$pattern/; $(details)"
    fi
}

# holds SENTENCE COMMAND...: the command succeeds.
holds()
{
    local sentence=$1
    shift
    if "$@" >holds.out 2>&1; then
        pass "$sentence"
    else
        fail "$sentence" "$*: $(cat holds.out)"
    fi
}

# prints SENTENCE PATTERN FILE: the file has a line that matches the extended regular expression.
prints()
{
    if grep -qE -- "$2" "$3"; then
        pass "$1"
    else
        fail "$1" "no /$2/ in: $(head -n 12 "$3")"
    fi
}

# differs SENTENCE FILE FILE
differs()
{
    if cmp -s "$2" "$3"; then fail "$1" "$2 and $3 are the same"; else pass "$1"; fi
}

# wait_for FILE: until it exists, at most a minute.
wait_for()
{
    local _
    for _ in $(seq 3000); do
        test -e "$1" && return
        sleep 0.02
    done
    return 1
}

# json_has FILE EXPRESSION: the Python expression of the parsed value `v` is true.
json_has()
{
    python3 -c 'import json, sys
v = json.load(open(sys.argv[1]))
sys.exit(not eval(sys.argv[2]))' "$1" "$2"
}

# has_python SENTENCE: false, and the case is skipped, where there is no python3.
has_python()
{
    command -v python3 >/dev/null 2>&1 && return
    echo "skip $1: no python3"
    return 1
}

# with_events SCRIPT: Python that imports events.py.
with_events()
{
    PYTHONPATH=$root/tests/cli python3 -B "$1"
}

# A network so small that training takes a blink.
# shellcheck disable=SC2034,SC2054 # the tests use it; the comma is part of a list of widths
tiny=(--hidden 8,8 --steps 12 --updates 60 --batch 64)

# memory_most KB: that limit for ulimit -v, or none where the program cannot begin below it, as
# under sanitizers.
memory_most()
{
    (ulimit -v "$1"; exec "$noneq" --version) >/dev/null 2>&1 && echo "$1" || echo unlimited
}
