#!/usr/bin/env bash
# tables.sh BUILD - noneq and other makers of synthetic tables: JSON and docs/tables-bench.md.
# Environment: NONEQ_DATA, a folder with tables/; NONEQ_TABLES_PEERS, a Python with numpy, and with
# scikit-learn, lightgbm, sdv, torch and others for the peers; without it build/tables-venv is used,
# and made where it is not there: some GB from the package index.
# NONEQ_TABLES_OPTIONS: further options of bench/tables/run.py, such as "--sets wine --seeds 1".
# NONEQ_TRAIN_OPTIONS: options of noneq train, for a short try; the page names them.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -eu
build=${1:?usage: tables.sh BUILD}
cd "$(dirname "$0")/.."
out=build/bench/tables.json
page=${NONEQ_TABLES_PAGE:-docs/tables-bench.md}

has_figures()
{
    "$1" -c 'import lightgbm, numpy, sklearn' 2>/dev/null
}

venv=build/tables-venv
python=${NONEQ_TABLES_PEERS:-$venv/bin/python}
if ! has_figures "$python" && test -z "${NONEQ_TABLES_PEERS:-}"; then
    echo "installing scikit-learn, LightGBM and SDV into $venv" >&2
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet numpy scikit-learn lightgbm
    "$venv/bin/pip" install --quiet "sdv>=2" || echo "SDV cannot be installed: it is left out" >&2
    "$venv/bin/pip" install --quiet zuko xgboost || echo "zuko and xgboost cannot be installed" >&2
    # Without its dependence on CatBoost, which it imports and does not use here.
    "$venv/bin/pip" install --quiet --no-deps forestdiffusion || echo "no ForestDiffusion" >&2
fi
mkdir -p build/bench
# shellcheck disable=SC2086 # several words
python3 bench/tables/run.py --noneq "$build/noneq" --python "$python" --out "$out" \
    ${NONEQ_TABLES_OPTIONS:-}
python3 bench/tables/page.py "$out" bench/tables/page_text.md "$page"
echo "$page is written"
