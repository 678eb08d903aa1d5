#!/usr/bin/env bash
# peers.sh BUILD - times noneq against PyTorch and JAX: a table, JSON and docs/speed.md.
# Environment: NONEQ_PEERS, a Python with numpy and torch or jax (or both); without it
# build/peers-venv is used, and made where it is not there: some GB from the package index.
# NONEQ_PEERS_OPTIONS: further options of bench/peers/run.py, such as "--rounds 3 --jobs ab".
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -eu
build=${1:?usage: peers.sh BUILD}
cd "$(dirname "$0")/.."

has_peers()
{
    "$1" -c 'import importlib.util as u, sys
sys.exit(not (u.find_spec("numpy") and (u.find_spec("torch") or u.find_spec("jax"))))' 2>/dev/null
}

venv=build/peers-venv
python=${NONEQ_PEERS:-$venv/bin/python}
if ! has_peers "$python" && test -z "${NONEQ_PEERS:-}"; then
    python=python3
    if ! has_peers python3; then
        echo "installing PyTorch and JAX into $venv" >&2
        if python3 -m venv "$venv" && "$venv/bin/pip" install --quiet numpy torch jax; then
            python=$venv/bin/python
        else
            echo "no peers can be installed: noneq is timed alone" >&2
        fi
    fi
fi
mkdir -p build/bench
# shellcheck disable=SC2086 # several words
python3 bench/peers/run.py --noneq "$build/bench/bench_jobs" --python "$python" \
    --out build/bench/speed.json ${NONEQ_PEERS_OPTIONS:-}
python3 bench/peers/page.py build/bench/speed.json bench/peers/page_text.md docs/speed.md
echo "docs/speed.md is written"
