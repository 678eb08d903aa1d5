#!/usr/bin/env bash
# python_examples.sh - the examples of the Python package end well.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
# shellcheck source=tests/python_venv.sh
. tests/python_venv.sh
export PYTHONPATH=$PWD/python/src

for which in ${NONEQ_PYTHON:-newest}; do
    python_of "$which" || continue
    for example in python/examples/*.py; do
        expect_success "${which}_$(basename "$example" .py)" timeout 300 "$python" "$example"
    done
done
finish
