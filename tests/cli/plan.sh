#!/usr/bin/env bash
# plan.sh - how long training lasts: patience, another length on resume, a model to start from; and
# other data than the run's are refused.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2054 # the comma is part of a list of widths
options=(--hidden 24,24 --steps 12 --batch 64 --rate 0.01 --threads 1)
# Forty rows for training: soon they are known by heart.
"$noneq" data gaussian -n 40 --dim 3 --noise 0.9 -o few.csv
"$noneq" data gaussian -n 300 --dim 3 --noise 0.9 --seed 2 -o held.csv
few=(few.csv --valid held.csv "${options[@]}" --dropout 0 --updates 6000)

succeeds patience_ends_a_run train "${few[@]}" -o short --log short.log
prints the_time_is_told_before_the_first_update '^time +~ .* on 1 thread; less if hold-out K' err
prints why_it_ended_is_told '^patience .* ended after [0-9]* of 6000 updates' err
prints the_best_is_told_with_its_error 'best hold-out K [-0-9.]+ \+- [0-9.]+ bits \(fresh draws' err
last=$(tail -n 1 short.log/metrics.jsonl | sed 's/^{"update":\([0-9]*\),.*/\1/')
holds most_updates_were_saved test "$last" -lt 3000
succeeds patience_zero_is_none train "${few[@]}" -o long --patience 0 --log long.log
last=$(tail -n 1 long.log/metrics.jsonl | sed 's/^{"update":\([0-9]*\),.*/\1/')
holds then_all_updates_are_made test "$last" -eq 6000
if has_python nothing_is_lost_by_patience; then
    cat >check.py <<'PYTHON'
import json
last = lambda name: json.loads(open(name + '.log/metrics.jsonl').read().split('\n')[-2])
short, long = last('short'), last('long')
assert short['best_bits'] >= long['best_bits'], (short, long)
# Chosen as the best of some, K is not larger on fresh noise but by chance.
assert abs(short['kept_bits'] - short['best_bits']) < 5 * short['kept_se_bits'] + .05, short
assert 'kept_bits' not in json.loads(open('short.log/metrics.jsonl').readlines()[5])
PYTHON
    holds nothing_is_lost_by_patience python3 check.py
fi
refuses patience_without_hold_out_rows_is_refused 2 'patience.*hold-out' \
    train few.csv --valid 0 "${options[@]}" -o x --patience 5
succeeds a_preset_has_none train held.csv --preset swissroll --valid few.csv --updates 60 \
    --fit-updates 50 --batch 128 -o x -v
prints it_says_so 'patience = 0' err
"$noneq" train "${few[@]}" -o again -q --threads 3
holds threads_change_nothing cmp short again

# stopped MODEL DATA [OPTION...]: a run up to its first checkpoints.
stopped()
{
    local model=$1
    shift
    "$noneq" train "$@" -o "$model" --checkpoint-every 0 >out 2>err </dev/null &
    process=$!
    wait_for "$model.checkpoint"
    kill -TERM $process
    wait $process 2>/dev/null
}

# Interrupted again and again, before and after patience is over, it is the same run.
stopped broken "${few[@]}"
for _ in 1 2 3; do
    test -e broken.checkpoint || break
    stopped broken "${few[@]}" --resume
done
run train "${few[@]}" -o broken --resume -q
holds a_run_with_patience_is_resumed_bit_for_bit cmp short broken

# Another length.
plain=(held.csv --valid 0 "${options[@]}")
"$noneq" train "${plain[@]}" -o whole --updates 4000 -q
stopped other "${plain[@]}" --updates 4000
cp other.checkpoint kept
succeeds more_updates_are_taken train "${plain[@]}" -o other --updates 4500 --resume --log other.log
prints the_change_is_told '4500 updates.*going on after update' err
prints and_what_the_rate_does '4000 updates had been planned; the rate falls from where it is' err
prints it_has_so_many '^{"update":4500,' other.log/metrics.jsonl
differs it_is_another_model other whole
cp kept other.checkpoint
succeeds fewer_updates_end_it train "${plain[@]}" -o other --updates 1 --resume
prints that_none_is_left_is_told '4000 updates had been planned; no more are to be made' err
expect_nothing and_no_part_is_over_the_whole "$(grep 'update [0-9]*/1 ' err)"
cp kept other.checkpoint
succeeds fewer_updates_end_it_at_once train "${plain[@]}" -o other --updates 1 --resume -q
holds and_there_is_a_model test -s other -a ! -e other.checkpoint
cp kept other.checkpoint
succeeds minutes_take_the_place_of_updates train "${plain[@]}" -o other --minutes 0.01 --resume -q
cp kept other.checkpoint
succeeds epochs_do_too train "${plain[@]}" -o other --epochs 2 --resume -q
cp kept other.checkpoint
succeeds the_same_length_said_again_changes_nothing train "${plain[@]}" -o other --updates 4000 \
    --resume -q
holds it_is_the_unbroken_run cmp other whole
cp kept other.checkpoint
refuses another_batch_is_refused_by_name 2 '--batch 64, not 128' \
    train "${plain[@]}" -o other --batch 128 --resume -q

# Other data.
sed '1s/.*/a,b,c/' held.csv >named.csv
sed '1s/.*/a,b,d/' held.csv >renamed.csv
awk -F, -v OFS=, '{print $3, $1, $2}' named.csv >shuffled.csv
sed '5s/^[^,]*/0.5/' held.csv >changed.csv
sed '5s/^[^,]*//' held.csv >gap.csv
{ head -n 1 held.csv; tail -n +2 held.csv | tac; } >turned.csv
for change in changed gap turned; do
    cp kept other.checkpoint
    refuses "a_file_with_other_values_is_refused_$change" 1 'training rows have other values' \
        train $change.csv --valid 0 "${options[@]}" -o other --updates 4000 --resume -q
done
stopped named named.csv --valid few.csv "${options[@]}" --updates 4000
cp named.checkpoint named.kept
refuses other_names_are_refused 1 'other columns.*a,b,c became a,b,d' \
    train renamed.csv --valid few.csv "${options[@]}" -o named --updates 4000 --resume -q
sed '5s/^[^,]*/0.5/' few.csv >few2.csv
refuses other_hold_out_rows_are_refused 1 'hold-out rows have other values' \
    train named.csv --valid few2.csv "${options[@]}" -o named --updates 4000 --resume -q
holds the_checkpoint_is_as_it_was cmp named.checkpoint named.kept
succeeds the_same_columns_in_another_order_go_on \
    train shuffled.csv --valid few.csv "${options[@]}" -o named --updates 4000 --resume -q

# A model to start from.
succeeds a_model_to_start_from train named.csv --valid few.csv -o next --init named --updates 50
prints it_is_told '^start +weights and scaling of named' err
"$noneq" eval named held.csv --terms 64 --json >first.json
"$noneq" eval next held.csv --terms 64 --json >second.json
"$noneq" train named.csv --valid few.csv "${options[@]}" -o fresh -q --updates 50
"$noneq" eval fresh held.csv --terms 64 --json >fresh.json
if has_python it_starts_where_the_model_is; then
    cat >start.py <<'PYTHON'
import json
first, second, fresh = (json.load(open(n + '.json'))['bound']['bits']
                        for n in ('first', 'second', 'fresh'))
assert abs(second - first) < .5 * (first - fresh), (first, second, fresh)
PYTHON
    holds it_starts_where_the_model_is python3 start.py
fi
succeeds columns_are_found_by_name train shuffled.csv --valid few.csv -o next2 --init named \
    --updates 50
holds as_if_they_stood_in_order cmp next next2
refuses other_names_than_the_models_are_refused 1 '"c"' \
    train renamed.csv --valid 0 -o x --init named --updates 5
"$noneq" data gaussian -n 300 --dim 2 -o two.csv
refuses other_columns_than_the_models_are_refused 1 '3 columns, but the data have 2' \
    train two.csv -o x --init named --updates 5
refuses another_shape_is_refused_by_name 2 '--hidden 24,24, not 8' \
    train named.csv -o x --init named --updates 5 --hidden 8
refuses the_model_itself_is_not_overwritten 1 'input' \
    train named.csv -o named --init named --updates 5
finish
