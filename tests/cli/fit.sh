#!/usr/bin/env bash
# fit.sh - the library's nq_fit, called by an example of a page, makes the very file of noneq train.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

fit=$(dirname -- "$noneq")/examples/fit
if ! test -x "$fit"; then
    echo "skip fit: $fit is not built"
    exit 0
fi

# same SENTENCE DATA FIELD=TEXT...: both train with these options, into files of one name, and say
# the same, but how long it takes.
same()
{
    local sentence=$1 data=$2 options=() word
    shift 2
    for word in "$@"; do
        options+=("--${word%%=*}" "${word#*=}")
    done
    options=("${options[@]//_/-}")
    rm -f m.nq p.nq
    run train "$data" -o m.nq "${options[@]}"
    sed 's/^note: //; s/^noneq: //; s/--//' err | grep -vE '^(time|done) |^ *[0-9]+% ' >said
    mv m.nq p.nq
    "$fit" "$data" m.nq "$@" 2>err
    code=$?
    grep -vE '^(time|done) ' err >said2
    if test "$code" -eq 0 && cmp m.nq p.nq && diff said said2; then
        pass "$sentence"
    else
        fail "$sentence" "$(details)"
    fi
}

"$noneq" data swissroll -n 300 -o roll.csv
"$noneq" data heartbeat -n 300 -o beat.npy
"$noneq" data deadleaves -n 12 --size 16 -o leaves.npy
table_of_kinds 300 1 >kinds.csv
table_of_kinds 60 2 >held.csv
awk -F, 'BEGIN { OFS = "," } NR % 5 == 0 { $2 = "" } { print }' roll.csv >gaps.csv
little=(updates=30 steps=8 batch=32)

same numbers roll.csv "${little[@]}"
same bits beat.npy "${little[@]}" hidden=8,8
same columns_of_all_kinds kinds.csv "${little[@]}" hidden=16
same rows_with_gaps gaps.csv "${little[@]}"
same pictures leaves.npy "${little[@]}" image=8x8 mirror=1
same a_part_held_out roll.csv "${little[@]}" valid=0.3 seed=7
same none_held_out roll.csv "${little[@]}" valid=0
same a_file_held_out kinds.csv "${little[@]}" valid=held.csv
same a_preset roll.csv preset=swissroll updates=20
same an_option_after_a_preset beat.npy preset=heartbeat updates=4 steps=30 hidden=10

holds an_unknown_option_has_its_nearest bash -c \
    "! '$fit' roll.csv m.nq udpates=3 2>err && grep -q 'nearest is updates' err"
holds one_without_use_is_refused bash -c \
    "! '$fit' roll.csv m.nq updates=3 activity=0.2 2>err && grep -q activity err"
holds nothing_else_is_left bash -c '! ls *.checkpoint *.lock .noneq-* 2>/dev/null'
finish
