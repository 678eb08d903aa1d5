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
cd "$folder" || exit 1
export LC_ALL=C

# finish: as tests/tap.sh has it, and the folder goes. A trap would not do: bash runs it in a child,
# too, that is killed before it has become the program.
finish()
{
    rm -rf "$folder"
    echo "1..$cases"
    test "$failures" -eq 0
}

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

# below A B SLACK: A <= B + SLACK
below()
{
    awk -v a="$1" -v b="$2" -v slack="$3" 'BEGIN { exit !(a <= b + slack) }'
}
# bits_of KEY FILE: the bits of a part of an evaluation.
bits_of()
{
    sed -n "s/.*\"$1\":{\"bits\":\\([-0-9.e]*\\).*/\\1/p" "$2"
}

# table_of_kinds ROWS SEED: ids, a text, a bit, whole numbers, zeros and amounts, a real number.
table_of_kinds()
{
    awk -v rows="$1" -v seed="$2" 'BEGIN {
        srand(seed)
        split("Oslo Rome Bern Paris", town, " ")
        print "id,town,on,count,amount,x"
        for (i = 0; i < rows; i++) {
            k = int(4 * rand() * rand())
            u = sqrt(-2 * log(1 - rand())) * cos(6.2831853 * rand())
            printf "r%d,%s,%d,%d,%s,%.5f\n", i, town[k + 1], rand() < 0.2 + 0.2 * k,
                int(600 + 150 * u + 50 * k), rand() < 0.6 ? "0" : int(1000 * rand()) + 1, u + k
        }
    }'
}
# memory_most KB: that limit for ulimit -v, or none where the program cannot begin below it, as
# under sanitizers.
memory_most()
{
    (ulimit -v "$1"; exec "$noneq" --version) >/dev/null 2>&1 && echo "$1" || echo unlimited
}

# kinds_table: a table with a column of each kind, with gaps; $kinds has what train is told of it.
kinds_table()
{
    awk 'BEGIN { srand(5); split("Bern Rome Oslo", town); print "town,code,flag,n,gain,x"
        for (r = 0; r < 300; r++) { k = int(3 * rand()) + 1; gap = r % 9 == 0
            printf "%s,%s,%s,%s,%.2f,%.4f\n", gap ? "NA" : town[k], gap ? "NA" : 10 - k,
                rand() < .1 * k ? "yes" : "no", r % 7 ? int(50 * rand() * (rand() + k)) : "",
                rand() < .6 ? 0 : 90 * rand() + k, rand() } }'
}
# shellcheck disable=SC2034,SC2054
kinds=(--types n=whole,gain=spiked,x=real)
