# python_venv.sh - sourced: python_ready NAME PACKAGE..., a Python with packages of PyPI.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck shell=bash

# python_ready NAME PACKAGE...: build/NAME/bin/python has the packages; 1: PyPI is out of reach.
# What was made is kept for as long as the same packages are asked for.
python_ready()
{
    local venv=$PWD/build/$1
    shift
    mkdir -p build
    exec 9>"build/python.lock"
    flock 9 # two tests may want it at once
    python_made "$venv" "$@" 9>&-
    local code=$?
    exec 9>&-
    return $code
}

python_made()
{
    local venv=$1
    shift
    test "$(cat "$venv/packages" 2>/dev/null)" = "$*" && return
    rm -rf "$venv"
    python3 -m venv "$venv" &&
        timeout 500 "$venv/bin/pip" install --quiet --disable-pip-version-check --retries 1 \
            --timeout 10 "$@" &&
        echo "$*" >"$venv/packages"
}

# Where the package and the library of this build are, for Python, and the versions of others.
export NONEQ=${NONEQ:-$PWD/build/release/noneq} PYTHONDONTWRITEBYTECODE=1 MPLBACKEND=Agg
export NONEQ_LIBRARY=${NONEQ_LIBRARY:-${BUILD:-$PWD/build/release}/libnoneq.so}
python_newest="numpy pandas polars pyarrow scikit-learn tqdm matplotlib pytest pycparser"
python_oldest="numpy==1.23.5 pandas==2.0.3 polars==1.9.0 pyarrow==14.0.2 scikit-learn==1.6.0
    scipy==1.9.3 tqdm matplotlib==3.6.3 pytest pycparser"

# python_of WHICH: newest or oldest; its Python is then $python. 1: it is told why it is skipped.
python_of()
{
    local packages=python_$1 log
    log=$(mktemp)
    python=$PWD/build/python_$1/bin/python
    # shellcheck disable=SC2086 # the packages are words
    if ! python_ready "python_$1" ${!packages} >"$log" 2>&1; then
        echo "skip python_$1: PyPI is out of reach: $(tail -n 1 "$log")"
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}
