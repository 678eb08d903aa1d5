#!/usr/bin/env bash
# python.sh - the tests of the Python package, and its examples, with the library of this build.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
#
# NONEQ_PYTHON: newest (the default), oldest, or both: which versions of other libraries.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/python_venv.sh
. tests/python_venv.sh
build=${BUILD:-$PWD/build/release}
export NONEQ=${NONEQ:-$build/noneq} NONEQ_LIBRARY=${NONEQ_LIBRARY:-$build/libnoneq.so}
export PYTHONPATH=$PWD/python/src PYTHONDONTWRITEBYTECODE=1 MPLBACKEND=Agg
newest="numpy pandas polars pyarrow scikit-learn tqdm matplotlib pytest pycparser"
oldest="numpy==1.23.5 pandas==2.0.3 polars==1.9.0 pyarrow==14.0.2 scikit-learn==1.6.0 scipy==1.9.3
    tqdm matplotlib==3.6.3 pytest pycparser"
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
    # shellcheck disable=SC2086 # the packages are words
    if ! python_ready "python_$which" ${!which} >"$log" 2>&1; then
        echo "skip python_$which: PyPI is out of reach: $(tail -n 1 "$log")"
        continue
    fi
    python=$PWD/build/python_$which/bin/python
    (cd python && "$python" -m pytest -p no:cacheprovider -q -rA --tb=short) >"$log" 2>&1
    code=$?
    tap "$which"
    test $code -eq 0 || sed 's/^/# /' "$log"
    for example in python/examples/*.py; do
        if timeout 300 "$python" "$example" >"$log" 2>&1; then
            echo "ok $which $example"
        else
            echo "not ok $which $example"
            sed 's/^/# /' "$log"
        fi
    done
done
