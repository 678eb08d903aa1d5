#!/bin/sh
# venv.sh FOLDER PACKAGE... - a Python of its own in FOLDER with these packages, unless it is there.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
folder=$1
shift
test -x "$folder/bin/python3" || python3 -m venv "$folder" || exit 1
"$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
