#!/usr/bin/env bash
# repeat.sh - results depend on the seed, and on nothing else.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# repeats KIND OPTIONS...: training, sampling and evaluation of KIND.csv.
repeats()
{
    local kind=$1 threads
    local more=("${@:2}")
    for threads in 1 2 7; do
        "$noneq" train "$kind.csv" -o "$kind.$threads" "${tiny[@]}" "${more[@]}" -q \
            --threads "$threads"
        "$noneq" sample "$kind.1" -n 300 --threads "$threads" -o "$kind.$threads.csv"
        "$noneq" eval "$kind.1" "$kind.csv" --terms 32 --json --threads "$threads" \
            >"$kind.$threads.json"
    done
    for threads in 2 7; do
        holds "${kind}_models_are_identical_with_1_and_$threads threads" \
            cmp "$kind.1" "$kind.$threads"
        holds "${kind}_samples_are_identical_with_1_and_$threads threads" \
            cmp "$kind.1.csv" "$kind.$threads.csv"
        holds "${kind}_bounds_are_identical_with_1_and_$threads threads" \
            cmp "$kind.1.json" "$kind.$threads.json"
    done
    run train "$kind.csv" -o same "${tiny[@]}" "${more[@]}" -v --checkpoint-every 0 --log log
    holds "the_${kind}_model_does_not_depend_on_what_is_said_and_logged" cmp same "$kind.1"
    run train "$kind.csv" -o other "${tiny[@]}" "${more[@]}" -q --seed 2
    differs "another_seed_gives_another_${kind}_model" other "$kind.1"
    run sample "$kind.1" -n 10
    holds "the_first_${kind}_samples_are_the_head_of_more" \
        cmp out <(head -n "$(wc -l <out)" "$kind.1.csv")
    run sample "$kind.1" -n 300 --seed 2
    differs "another_seed_gives_other_${kind}_samples" out "$kind.1.csv"
    run eval "$kind.1" "$kind.csv" --terms 32 --json --seed 2
    differs "another_seed_gives_another_${kind}_estimate" out "$kind.1.json"
}

"$noneq" data gaussian -n 400 --dim 3 --noise 0.5 -o gaussian.csv
"$noneq" data heartbeat -n 400 -o heartbeat.csv
repeats gaussian
repeats heartbeat
kinds_table >kinds.csv
repeats kinds "${kinds[@]}"

for name in swissroll heartbeat gaussian mixture deadleaves; do
    "$noneq" data $name -n 100 >a
    "$noneq" data $name -n 100 --threads 1 >b
    "$noneq" data $name -n 10 >few
    "$noneq" data $name -n 100 --seed 2 >c
    holds "${name}_is_the_same_every_time" cmp a b
    holds "${name}_rows_do_not_depend_on_their_number" cmp few <(head -n 10 a)
    differs "${name}_depends_on_the_seed" a c
done
"$noneq" sample gaussian.1 -n 10000 -o long.csv
"$noneq" sample gaussian.1 -n 8300 -o less.csv
holds samples_do_not_depend_on_how_they_are_cut cmp less.csv <(head -n 8300 long.csv)
for extension in png svg; do
    "$noneq" plot gaussian.1 gaussian.csv -o a.$extension
    "$noneq" plot gaussian.1 gaussian.csv -o b.$extension --threads 1
    holds "a_${extension}_figure_is_the_same_every_time" cmp a.$extension b.$extension
done
finish
