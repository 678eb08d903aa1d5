#!/usr/bin/env bash
# signals.sh - Ctrl-C and its like end a job cleanly, unless they were ignored at the start.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
# Job control: without it bash lets jobs in the background ignore Ctrl-C.
set -m

"$noneq" data gaussian -n 300 --dim 2 -o rows.csv || exit 1
"$noneq" train rows.csv -o m.nq "${tiny[@]}" -q || exit 1
echo old >old.csv

# stopped SIGNAL WORDS...: starts the program, sends the signal once it has been at work for a
# moment, and leaves the exit status in $code.
stopped()
{
    local signal=$1 process
    shift
    "$noneq" "$@" >out 2>err </dev/null &
    process=$!
    sleep 0.4
    kill -"$signal" $process
    wait $process 2>/dev/null
    code=$?
}

for signal in INT:130 TERM:143 HUP:129; do
    name=${signal%:*} status=${signal#*:}
    stopped "$name" data gaussian -n 500000000 -o old.csv
    holds "sig${name}_ends_writing_with_status_$status" test "$code" -eq "$status"
    holds "the_old_file_stays_after_sig$name" grep -qx old old.csv
    stopped "$name" sample m.nq -n 20000000 -o old.csv
    holds "sig${name}_ends_long_work" test "$code" -eq "$status"
    stopped "$name" train rows.csv -o long.nq --updates 1000000000 -q
    holds "sig${name}_ends_training_with_a_checkpoint" \
        test "$code" -eq "$status" -a -s long.nq.checkpoint -a ! -e long.nq.lock
    rm -f long.nq*
done
# Before the first model begins: with bits, runs on a tree and on none are tried side by side.
"$noneq" data heartbeat -n 20000 -o bits.csv || exit 1
for signal in INT:130 TERM:143; do
    name=${signal%:*} status=${signal#*:}
    stopped "$name" train bits.csv -o early.nq --restart --log early
    holds "sig${name}_ends_the_choice_of_an_offset" test "$code" -eq "$status"
    holds "which_is_told_in_one_sentence_after_sig$name" test "$(cat err)" = \
        "noneq: stopped while the run was being prepared: nothing was trained yet, and nothing was\
 written"
    expect_nothing "and_leaves_nothing_after_sig$name" "$(ls -d early* 2>/dev/null)"
done
stopped INT train bits.csv -o early.nq --quiet
holds quiet_runs_end_without_the_sentence test "$code" -eq 130 -a ! -s err
expect_nothing nothing_half_written_is_left "$(find . -name '.noneq-*')"

# A job begun with nohup, or by a shell without job control, goes on.
for name in INT HUP TERM; do
    (
        trap '' "$name"
        exec "$noneq" data gaussian -n 500000000 -o old.csv 2>/dev/null
    ) &
    process=$!
    sleep 0.3
    kill -"$name" $process
    sleep 0.2
    holds "an_ignored_sig${name}_stays_ignored" kill -0 $process
    kill -KILL $process
    wait $process 2>/dev/null
done

"$noneq" sample m.nq -n 300000 2>err | head -n 1 >/dev/null
code=${PIPESTATUS[0]}
holds a_closed_pipe_ends_a_table_quietly test "$code" -ne 0 -a ! -s err
{ sleep 0.3 && "$noneq" info m.nq 2>err; echo $? >code; } | true
holds and_a_text test "$(cat code)" -ne 0 -a ! -s err
{ sleep 0.3 && "$noneq" info nowhere.nq 2>err; } | true
holds but_other_failures_are_told grep -q nowhere.nq err

# Of these tests themselves: a child may be killed before it has become the program.
for _ in 1 2 3 4 5 6 7 8 9 10; do
    "$noneq" version >out 2>err </dev/null &
    kill -TERM $!
    wait $! 2>/dev/null
done
holds a_child_that_is_killed_early_takes_nothing_along test -d "$folder"
finish
