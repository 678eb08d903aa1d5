#!/usr/bin/env bash
# resume.sh - a run that was interrupted, even by kill -9, ends in the very file of an unbroken one.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
set -m # without job control bash lets jobs in the background ignore Ctrl-C

# A checkpoint after every update makes the run slow enough to be caught in the middle.
# shellcheck disable=SC2054 # the comma is part of a list of widths
options=(--hidden 8,8 --steps 12 --updates 4000 --batch 64)

# interrupted MODEL SIGNAL DATA [OPTION...]: starts training, sends the signal once there is a
# checkpoint, and leaves the exit status in $code.
interrupted()
{
    local model=$1 signal=$2 data=$3 process
    shift 3
    "$noneq" train "$data" -o "$model" --checkpoint-every 0 "$@" >out 2>err </dev/null &
    process=$!
    wait_for "$model.checkpoint"
    sleep 0.1
    kill -"$signal" $process
    wait $process 2>/dev/null
    code=$?
}

"$noneq" data gaussian -n 400 --dim 3 --noise 0.5 -o gaussian.csv
"$noneq" data heartbeat -n 400 -o heartbeat.csv
kinds_table >kinds.csv
own=("${options[@]}")
for kind in gaussian heartbeat kinds; do
    test $kind = kinds && options=("${own[@]}" "${kinds[@]}")
    "$noneq" train $kind.csv -o $kind.whole "${options[@]}" -q

    interrupted $kind.int INT $kind.csv "${options[@]}"
    holds "ctrl_c_ends_${kind}_with_status_130" test "$code" -eq 130
    holds "it_leaves_a_checkpoint_and_a_model_of_$kind" test -s $kind.int.checkpoint -a -s $kind.int
    prints "it_says_how_to_go_on_with_$kind" "noneq train $kind.csv .*--resume" err
    command=$(grep -- --resume err | tail -n 1)
    run train $kind.csv -o $kind.int "${options[@]}" --steps 13 --resume
    holds "other_options_are_refused_for_$kind" test "$code" -eq 2 -a -s $kind.int.checkpoint
    command=${command/--checkpoint-every 0/--checkpoint-every 60}
    (eval "${command/noneq/\"\$noneq\"}") 2>err
    holds "going_on_as_told_gives_the_unbroken_$kind" cmp $kind.int $kind.whole
    holds "and_removes_the_checkpoint_of_$kind" test ! -e $kind.int.checkpoint

    interrupted $kind.term TERM $kind.csv "${options[@]}"
    holds "sigterm_ends_${kind}_with_status_143" test "$code" -eq 143

    interrupted $kind.kill KILL $kind.csv "${options[@]}"
    holds "kill_9_ends_${kind}_with_status_137" test "$code" -eq 137
    more=()
    test $kind = kinds && more=("${kinds[@]}")
    run train $kind.csv -o $kind.kill "${more[@]}" --resume -q
    holds "after_kill_9_the_unbroken_${kind}_comes_too" cmp $kind.kill $kind.whole
done
options=("${own[@]}")

interrupted quiet INT gaussian.csv "${options[@]}" -q
holds quiet_runs_are_interrupted_without_a_word test "$code" -eq 130 -a ! -s err

interrupted seeded INT gaussian.csv "${options[@]}" --seed 5
refuses the_seed_must_be_given_again 2 '--seed 5' train gaussian.csv -o seeded --resume -q
refuses other_data_is_refused 1 'data|rows|columns|checkpoint' \
    train heartbeat.csv -o seeded --resume --seed 5 -q
refuses another_hold_out_is_refused 1 'data|rows|hold|valid|checkpoint' \
    train gaussian.csv -o seeded --resume --seed 5 --valid 0.3 -q

interrupted half INT heartbeat.csv --preset heartbeat --updates 40
run train heartbeat.csv -o half --preset heartbeat --updates 40 --resume -q
holds a_preset_is_resumed test "$code" -eq 0
"$noneq" train heartbeat.csv -o whole --preset heartbeat --updates 40 -q
holds and_gives_the_unbroken_model cmp half whole
# While the features of an exact fit move, its readouts are those of the update before: a model made
# of both had a K of -1000 bits. The roll's null is -4.1 bits.
k_is_above()
{
    "$noneq" eval "$1" roll.npy --terms 8 -q | awk -v least="$2" '/^K / { exit !($2 > least) }'
}

"$noneq" data swissroll -n 4000 -o roll.npy
run train roll.npy -o short --preset swissroll --starts 1 --updates 300 -q
holds an_exact_fit_may_be_short k_is_above short 0
interrupted stopped INT roll.npy --preset swissroll --starts 1
holds and_be_interrupted_where_its_features_move k_is_above stopped -3
refuses but_not_by_the_clock 2 'minutes.*fixed lengths.*updates' \
    train roll.npy -o timed --preset swissroll --minutes 1
finish
