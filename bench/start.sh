#!/usr/bin/env bash
# start.sh PROGRAM - how long the program takes to start and end, the best of 100 times.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -eu
program=${1:?usage: start.sh PROGRAM}
best=1000000
for _ in {1..100}; do
    begin=${EPOCHREALTIME/[.,]/}
    "$program" --help >/dev/null
    end=${EPOCHREALTIME/[.,]/}
    test $((end - begin)) -ge $best || best=$((end - begin))
done
echo "start: $best microseconds for noneq --help, the best of 100"
