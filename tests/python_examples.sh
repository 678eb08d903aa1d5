#!/usr/bin/env bash
# python_examples.sh - the examples of the Python package end well, and what README.md shows of it.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
# shellcheck source=tests/python_venv.sh
. tests/python_venv.sh
export PYTHONPATH=$PWD/python/src

# readme: its lines of Python, after the frames that they speak of.
readme()
{
    {
        printf '%s\n' 'import pandas as pd' \
            'frame = pd.DataFrame({"size": [k % 17 + .5 for k in range(120)],' \
            '                      "kind": ["ab"[k % 17 > 8] for k in range(120)]})' \
            'rows, rows_with_gaps = frame, frame.mask(frame["size"] < 3)'
        awk '/^```$/ { shown = 0 } shown { print } /^```python$/ { shown = 1 }' README.md
    } | "$python" -
}

for which in ${NONEQ_PYTHON:-newest}; do
    python_of "$which" || continue
    for example in python/examples/*.py; do
        expect_success "${which}_$(basename "$example" .py)" timeout 300 "$python" "$example"
    done
    expect_success "${which}_readme" readme
done
finish
