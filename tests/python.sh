#!/usr/bin/env bash
# python.sh - the tests of the Python package with the library of this build.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
#
# NONEQ_PYTHON: newest (the default), oldest, or both: which versions of other libraries.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/python_venv.sh
. tests/python_venv.sh
export PYTHONPATH=$PWD/python/src
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# tap WHICH: what pytest has said, as TAP.
tap()
{
    sed -n -e "s/^PASSED \(.*\)/ok $1 \1/p" -e "s/^\(FAILED\|ERROR\) \(.*\)/not ok $1 \2/p" \
        -e "s/^SKIPPED \[[0-9]*\] \([^:]*:[0-9]*\): \(.*\)/skip $1 \1: \2/p" \
        -e "s/^XFAIL \(.*\) - \(.*\)/skip $1 \1: \2/p" "$log"
}

for which in ${NONEQ_PYTHON:-newest}; do
    python_of "$which" || continue
    (cd python && "$python" -m pytest -p no:cacheprovider -q -rA --tb=short) >"$log" 2>&1
    code=$?
    tap "$which"
    test $code -eq 0 || sed 's/^/# /' "$log"
done
