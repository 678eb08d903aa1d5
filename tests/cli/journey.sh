#!/usr/bin/env bash
# journey.sh - from data to figure, for real numbers and for bits.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

for extension in npy csv tsv npy.gz csv.gz tsv.gz; do
    succeeds "data_is_written_as_$extension" data swissroll -n 400 --noise 0.25 -o "roll.$extension"
done
holds gz_is_the_same_inside cmp <(gzip -dc roll.csv.gz) roll.csv
succeeds data_is_written_to_stdout data swissroll -n 400 --noise 0.25
holds stdout_has_the_same_rows cmp out roll.csv

succeeds a_gaussian_model_is_trained train roll.npy -o roll.nq "${tiny[@]}"
prints what_was_chosen_is_told 'gaussian kernel, mlp regressor.*T = 12.*beta_1' err
prints the_hold_out_is_told '360 rows of 2 columns; 40 more rows held out' err
prints the_end_is_told 'K .*bits.*hold-out K .*wrote roll.nq' err
holds nothing_goes_to_stdout test ! -s out
holds the_checkpoint_is_gone test ! -e roll.nq.checkpoint
for extension in csv tsv npy.gz csv.gz; do
    run train "roll.$extension" -o other.nq "${tiny[@]}" -q
    holds "a_model_can_be_trained_on_$extension" test "$code" -eq 0 -a ! -s err
done
holds all_formats_give_the_same_model cmp roll.nq other.nq
succeeds training_without_hold_out train roll.npy -o none.nq "${tiny[@]}" --valid 0
prints its_absence_is_told 'no hold-out rows' err
succeeds hold_out_from_a_file train roll.npy -o held.nq "${tiny[@]}" --valid roll.csv
prints their_number_is_told '400 rows of 2 columns; 400 hold-out rows' err
"$noneq" data gaussian -n 150 -o few.csv
succeeds few_rows_are_all_used train few.csv -o few.nq "${tiny[@]}"
prints and_that_is_told 'no hold-out rows' err
succeeds a_preset_is_trained train roll.npy -o preset.nq --preset swissroll --updates 5 \
    --fit-updates 0
prints options_win_over_a_preset '5 updates' err

awk 'BEGIN { print "height,fixed,\"width, m\""; for (i = 0; i < 250; i++)
    print sin(i) ",7," cos(3 * i) }' >named.csv
succeeds constant_columns_are_carried_along train named.csv -o named.nq "${tiny[@]}"
prints and_are_told '1 constant column' err
succeeds samples_have_them_too sample named.nq -n 4
holds with_the_header_of_the_data test "$(head -n 1 out)" = 'height,fixed,"width, m"'
holds and_their_value test "$(tail -n 4 out | cut -d, -f2 | sort -u)" = 7

succeeds samples_are_drawn sample roll.nq -n 10
holds one_line_each test "$(wc -l <out)" -eq 10
for extension in npy csv tsv csv.gz; do
    succeeds "samples_are_written_as_$extension" sample roll.nq -n 10 -o "samples.$extension"
done
holds gz_samples_are_the_same_inside cmp <(gzip -dc samples.csv.gz) samples.csv
run sample roll.nq -n 10 -o -
holds a_dash_is_stdout cmp out samples.csv
succeeds there_are_100_samples_by_default sample roll.nq
holds and_no_fewer test "$(wc -l <out)" -eq 100
succeeds a_trajectory_is_drawn sample roll.nq -n 3 --trajectory 4
cp out way.csv
holds it_has_time_and_row_in_front test "$(head -n 1 way.csv)" = t,row,x1,x2
holds its_times_run_from_T_to_0 \
    test "$(tail -n +2 way.csv | cut -d, -f1 | uniq | tr '\n' ' ')" = '12 8 4 0 '
run sample roll.nq -n 3
holds it_ends_at_the_samples cmp <(tail -n 3 way.csv | cut -d, -f3-) out
succeeds a_trajectory_is_written_as_npy sample roll.nq -n 3 --trajectory 4 -o way.npy

succeeds a_model_is_evaluated eval roll.nq roll.csv --terms 64
prints with_the_bound '^K +-?[0-9.]+ \+- [0-9.]+ bits' out
prints and_what_it_gains '^K - L_null +-?[0-9.]+ \+- [0-9.]+ bits' out
prints and_beta_1 'beta_1 = 0\.0001' out
succeeds units_of_the_data_are_possible eval roll.nq roll.csv --terms 64 --units data
succeeds a_model_is_described info roll.nq
prints with_its_kernel '^kernel +gaussian' out
prints with_its_schedule 'T = 12, beta_1 = 0.0001' out
prints with_its_training '^  updates ' out

succeeds bits_are_made data heartbeat -n 400 -o beat.csv
succeeds a_binomial_model_is_trained train beat.csv -o beat.nq "${tiny[@]}"
prints its_kernel_is_chosen 'binomial kernel' err
succeeds it_is_sampled sample beat.nq -n 20
expect_nothing samples_are_0_and_1 "$(tr ',' '\n' <out | grep -vxE '[01]' | head -n 3)"
succeeds it_is_evaluated eval beat.nq beat.csv --terms 64
prints in_nats_too 'log likelihood of a row, at least: -[0-9.]+ \+- [0-9.]+ nats' out
succeeds it_is_described info beat.nq
prints with_the_noise_of_its_bits '^1 +[0-9.]+ %$' out
expect_nothing and_no_scaling "$(grep -i 'deviation\|Jacobian' out)"
succeeds its_likelihood_is_evaluated eval beat.nq beat.csv --terms 64 --ais 8
holds the_sentence_has_the_likelihood grep -q "^log likelihood of a row.*: $(
    awk '/^log p/ { print ($NF == "nats" && $(NF - 2) == "+-") ? $(NF - 3) : $(NF - 1) }' out
)" out
holds it_is_small test "$(stat -c %s beat.nq)" -lt 100000

for model in roll beat; do
    succeeds "a_figure_of_${model}_is_drawn" plot $model.nq $model.csv -o $model.png
    holds "it_is_a_png_of_$model" test "$(head -c 8 $model.png | od -An -tx1 | tr -d ' ')" = \
        89504e470d0a1a0a
    succeeds "and_as_svg_without_data_of_$model" plot $model.nq -o $model.svg -n 20
    prints "it_is_an_svg_of_$model" '</svg>' $model.svg
done
"$noneq" data mixture -n 300 -o one.csv
"$noneq" train one.csv -o one.nq "${tiny[@]}" -q
succeeds one_column_is_drawn_too plot one.nq one.csv -o one.png
succeeds columns_can_be_chosen_by_name plot named.nq -o named.png --columns 'width, m'
refuses bits_have_no_columns_to_choose 1 'Gaussian' plot beat.nq -o b.png --columns 1,2

if has_python json_is_valid; then
    run eval roll.nq roll.csv --terms 64 --json
    holds eval_json_has_its_counts json_has out \
        'v["rows"] == 400 and v["dim"] == 2 and v["steps"] == 12 and 64 <= v["terms"] < 128'
    holds eval_json_names_kernel_and_units json_has out \
        'v["kernel"] == "gaussian" and v["units"] == "scaled" and abs(v["beta_1"] - 1e-4) < 1e-9'
    holds eval_json_bits_add_up json_has out \
        'abs(v["bound"]["bits"] - v["null"]["bits"] - v["gain"]["bits"]) < 1e-6'
    holds eval_json_bits_per_dim_are_bits_over_dim json_has out \
        'all(abs(v[k]["bits"] / 2 - v[k]["bits_per_dim"]) < 1e-6 for k in ("bound", "gain"))'
    holds eval_json_has_standard_errors json_has out '0 < v["bound"]["se"] < v["bound"]["se_rows"]'
    cp out scaled.json
    run eval roll.nq roll.csv --terms 64 --json --units data
    jacobian=$("$noneq" info roll.nq | awk '/^log-Jacobian/ { print $2 }')
    bits=$(python3 -c 'import json; print(json.load(open("scaled.json"))["bound"]["bits"])')
    holds data_units_add_the_log_jacobian json_has out \
        "abs(v['bound']['bits'] - ($bits) - ($jacobian)) < 1e-4"
    succeeds results_go_to_a_file eval roll.nq roll.csv --terms 64 --json -o eval.json
    holds as_they_go_to_stdout cmp eval.json scaled.json
    run eval beat.nq beat.csv --terms 64 --json
    holds eval_json_of_bits_parses json_has out 'v["kernel"] == "binomial" and v["dim"] == 20'
    run info roll.nq --json
    holds info_json_parses json_has out 'v["kernel"] == "gaussian" and v["steps"] == 12'
    run bench --json --seconds 0.6
    holds bench_json_has_speeds json_has out \
        'len(v["jobs"]) == 3 and all(j["samples_per_second"] > 0 for j in v["jobs"])'
fi
succeeds bench_prints_a_table bench --seconds 0.6
prints with_every_job '^heartbeat +2000 ' out
finish
