#!/usr/bin/env bash
# python_loads.sh - Python's safetensors and numpy read what the program writes, with no help.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
# shellcheck source=tests/python_venv.sh
. tests/python_venv.sh
noneq=${NONEQ:-$PWD/build/release/noneq}
venv=$PWD/build/python
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

if ! python_ready python numpy safetensors >"$folder/pip.log" 2>&1; then
    echo "skip python_loads_the_model_file: PyPI is out of reach: $(tail -n 1 "$folder/pip.log")"
    exit 0
fi

small_models()
{
    "$noneq" data swissroll -n 500 -o "$folder/roll.npy" &&
        "$noneq" data heartbeat -n 500 -o "$folder/beat.npy" &&
        "$noneq" train "$folder/roll.npy" --updates 3 --quiet -o "$folder/roll.nq" &&
        "$noneq" train "$folder/beat.npy" --updates 3 --quiet -o "$folder/beat.nq" &&
        "$noneq" sample "$folder/roll.nq" -n 10 -o "$folder/sample.npy"
}

cat >"$folder/load.py" <<'PYTHON'
import sys
import numpy
from safetensors import safe_open

with safe_open(sys.argv[1], framework="numpy") as model:
    metadata = model.metadata()
    assert metadata and all(isinstance(value, str) for value in metadata.values())
    names = list(model.keys())
    assert names
    for name in names:
        tensor = model.get_tensor(name)
        assert tensor.dtype in (numpy.float32, numpy.float64), (name, tensor.dtype)
        assert numpy.isfinite(tensor).all(), name
    print(len(names), "tensors;", ", ".join(sorted(metadata)))
PYTHON

cat >"$folder/array.py" <<'PYTHON'
import sys
import numpy

values = numpy.load(sys.argv[1])
assert values.shape == (int(sys.argv[2]), int(sys.argv[3])), values.shape
assert values.dtype == numpy.float64 and numpy.isfinite(values).all()
PYTHON

expect_success the_program_makes_two_small_models small_models
expect_success python_loads_a_gaussian_model "$venv/bin/python" "$folder/load.py" "$folder/roll.nq"
expect_success python_loads_a_binomial_model "$venv/bin/python" "$folder/load.py" "$folder/beat.nq"
expect_success numpy_loads_a_data_set "$venv/bin/python" "$folder/array.py" "$folder/roll.npy" 500 2
expect_success numpy_loads_samples "$venv/bin/python" "$folder/array.py" "$folder/sample.npy" 10 2
finish
