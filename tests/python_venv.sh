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
    test "$(cat "$venv/packages" 2>/dev/null)" = "$*" && return
    rm -rf "$venv"
    python3 -m venv "$venv" &&
        timeout 500 "$venv/bin/pip" install --quiet --disable-pip-version-check --retries 1 \
            --timeout 10 "$@" &&
        echo "$*" >"$venv/packages"
}
