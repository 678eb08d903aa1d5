#!/usr/bin/env bash
# run.sh - pages of noneq report of every kind of model, in a browser: see browser.py.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
#
# Usage: run.sh [FOLDER]: pictures and PDFs of the pages stay there.
set -eu
cd "$(dirname "$0")/../.."
look=$PWD/tests/page/browser.py
folder=$(realpath -- "${1:-$(mktemp -d)}")
noneq=$(realpath -- "${NONEQ:-build/release/noneq}")
# The helper makes the table; its cases are not of this test.
table=$(sed -n '/^table_of_kinds()/,/^}/p' tests/cli/lib.sh)
eval "$table"
cd "$folder"
tiny="--hidden 16 --steps 12 --batch 64 --updates 300 -q"
quick="--max-rows 500 --samples 500 --permutations 9 -q"

table_of_kinds 800 1 >mixed.csv
table_of_kinds 300 2 >mixed.test.csv
"$noneq" data gaussian -n 400 --dim 6 --noise .5 -o gaussian.csv
"$noneq" data heartbeat -n 400 -o bits.csv
"$noneq" data deadleaves -n 40 --size 12 -o leaves.npy
awk 'BEGIN { srand(6)
    for (c = 0; c < 60; c++) printf "a rather long name %d%s", c, c < 59 ? "," : "\n"
    for (i = 0; i < 200; i++) for (c = 0; c < 60; c++)
        printf "%.4f%s", rand() + (c % 7) * (i % 2), c < 59 ? "," : "\n" }' >wide.csv
for name in mixed gaussian bits wide; do
    # shellcheck disable=SC2086 # words
    "$noneq" train $name.csv -o $name.nq $tiny
done
"$noneq" train leaves.npy -o leaves.nq --updates 20 --steps 6 -q 2>/dev/null
# shellcheck disable=SC2086 # words
{
    "$noneq" report mixed.nq mixed.csv --test mixed.test.csv -o mixed.html $quick
    "$noneq" report gaussian.nq gaussian.csv -o gaussian.html $quick
    "$noneq" report bits.nq bits.csv -o bits.html $quick
    "$noneq" report wide.nq wide.csv -o wide.html $quick
    "$noneq" report leaves.nq leaves.npy -o leaves.html $quick
}
python3 "$look" "$folder" mixed.html gaussian.html bits.html wide.html leaves.html
