#!/usr/bin/env bash
# manners.sh - nothing of a training run is lost unasked: checkpoints, the best model, logs.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
set -m # without job control bash lets jobs in the background ignore Ctrl-C

# shellcheck disable=SC2054 # the comma is part of a list of widths
options=(--hidden 8,8 --steps 12 --updates 4000 --batch 64 --threads 1 --patience 0)
"$noneq" data gaussian -n 400 --dim 3 --noise 0.5 -o data.csv
"$noneq" train data.csv -o whole "${options[@]}" -q

# begin MODEL [OPTION...]: starts training in the background, and waits for its first checkpoint.
begin()
{
    local model=$1
    shift
    "$noneq" train data.csv -o "$model" --checkpoint-every 0 "${options[@]}" "$@" \
        >out 2>err </dev/null &
    process=$!
    wait_for "$model.checkpoint"
    sleep 0.1
}

# stop SIGNAL
stop()
{
    kill -"$1" $process
    wait $process 2>/dev/null
    code=$?
}

# rises FILE: the updates of its lines rise, and the last is the run's last.
rises()
{
    sed 's/^{"update":\([0-9]*\),.*}$/\1/' "$1" >updates
    sort -n -u updates | cmp - updates && test "$(tail -n 1 updates)" -eq 4000
}

begin m --log log
stop INT
holds ctrl_c_leaves_the_checkpoint_and_the_model test "$code" -eq 130 -a -s m.checkpoint -a -s m
prints it_says_both "'m' is the (best|latest) model so far, 'm.checkpoint' the checkpoint" err
succeeds the_model_can_be_used eval m data.csv --terms 8
cp m.checkpoint kept
refuses an_unfinished_run_is_not_begun_anew_unasked 2 "'m.checkpoint'.*--resume.*--restart" \
    train data.csv -o m "${options[@]}"
refuses resume_and_restart_contradict 2 'resume.*restart' \
    train data.csv -o m "${options[@]}" --resume --restart
holds the_checkpoint_stays cmp m.checkpoint kept
succeeds resume_goes_on train data.csv -o m "${options[@]}" --resume --log log -q
holds to_the_model_of_an_unbroken_run cmp m whole
cp kept m.checkpoint
succeeds restart_begins_anew train data.csv -o m "${options[@]}" --restart -q
holds with_the_same_result cmp m whole
holds and_the_checkpoint_is_gone test ! -e m.checkpoint
succeeds a_finished_model_is_replaced train data.csv -o m "${options[@]}" -q

# Killed before the first checkpoint and after one: a log has each update once.
"$noneq" train data.csv -o n "${options[@]}" -q --log killed --checkpoint-every 3600 &
process=$!
wait_for killed/metrics.jsonl
sleep 0.2
stop KILL
begin n --log killed
stop KILL
printf '{"update":3999,"bi' >>killed/metrics.jsonl
run train data.csv -o n "${options[@]}" --resume --log killed -q
holds after_kill_9_updates_rise_in_the_log rises killed/metrics.jsonl
holds what_the_first_run_logged_stays test -s killed/metrics.1.jsonl
holds ctrl_c_leaves_such_a_log_too rises log/metrics.jsonl
sed 's/,"seconds".*//' killed/metrics.jsonl >lines
"$noneq" train data.csv -o n "${options[@]}" -q --log unbroken
sed 's/,"seconds".*//' unbroken/metrics.jsonl >expected
holds it_is_the_log_of_an_unbroken_run cmp lines expected
if has_python event_files_say_where_a_run_goes_on; then
    cat >check.py <<'PYTHON'
import glob
from events import events, fields

# As TensorBoard reads a folder: a session's start voids what earlier files have from there on.
steps, starts = [], []
for path in sorted(glob.glob('killed/events.out.tfevents.*')):
    for event in events(path):
        step = event.get(2, 0)
        if 7 in event:
            assert fields(event[7]) == {1: 1}
            starts.append(step)
            steps = [s for s in steps if s[0] < step]
        elif 5 in event:
            steps.append((step, fields(fields(event[5])[1])[1]))
assert len(starts) == 2 and starts[0] == 0 < starts[1], starts
assert len(steps) == len(set(steps)) and steps == sorted(steps, key=lambda s: s[0])
PYTHON
    holds event_files_say_where_a_run_goes_on with_events check.py
    holds names_of_event_files_are_in_the_order_of_time sh -c 'ls killed | grep tfevents |
        { ! grep -vE "^events.out.tfevents.[0-9]{10}[.][0-9]{6}[.]noneq[.][0-9]+$"; }'
fi

# A folder that is away for a while: no checkpoint can be written meanwhile.
mkdir place
"$noneq" train data.csv -o short "${options[@]}" --updates 2500 -q
"$noneq" train data.csv -o place/m --checkpoint-every 0 "${options[@]}" --updates 2500 \
    >out 2>err </dev/null &
process=$!
wait_for place/m.checkpoint
mv place away
for _ in $(seq 500); do grep -q 'no checkpoint' err && break; sleep 0.02; done
sleep 0.1
mv away place
wait $process
code=$?
holds a_failed_checkpoint_does_not_end_training test "$code" -eq 0
holds it_is_told_once test "$(grep -c 'no checkpoint after update' err)" -eq 1
holds and_the_model_is_that_of_an_unbroken_run cmp place/m short

# At the end there is a folder in the model's place.
begin late
mkdir late
wait $process
holds a_model_that_cannot_be_written_is_told test "$?" -eq 1
prints with_what_goes_on "cannot write .*late.*; --resume goes on from 'late.checkpoint'" err
rmdir late
succeeds so_it_does train data.csv -o late "${options[@]}" --resume -q
holds to_the_same_model cmp late whole
finish
