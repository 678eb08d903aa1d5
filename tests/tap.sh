# tap.sh - sourced by test scripts: prints cases in the form that tests/run.sh counts.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck shell=bash
cases=0
failures=0

# pass SENTENCE
pass()
{
    cases=$((cases + 1))
    echo "ok $cases - $1"
}

# fail SENTENCE [DETAILS]
fail()
{
    cases=$((cases + 1))
    failures=$((failures + 1))
    echo "not ok $cases - $1"
    printf '%s\n' "${2:-}" | head -n 20 | sed 's/^/#   /'
}

# expect_nothing SENTENCE OFFENDERS: the offenders are what a search for violations found.
expect_nothing()
{
    if test -z "$2"; then pass "$1"; else fail "$1" "$2"; fi
}

# expect_success SENTENCE COMMAND...
expect_success()
{
    local sentence=$1 output
    shift
    if output=$("$@" 2>&1); then
        pass "$sentence"
    else
        fail "$sentence" "$*"$'\n'"$output"
    fi
}

# finish: prints the plan; its status is the script's.
finish()
{
    echo "1..$cases"
    test "$failures" -eq 0
}
