#!/usr/bin/env bash
# likelihood.sh - eval --ais and --entropy, score, and the figure of the entropy account.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
set -m # without job control bash lets jobs in the background ignore Ctrl-C

run data swissroll -n 300 -o roll.npy
run data heartbeat -n 200 -o beat.csv
run train roll.npy -o roll.nq --regressor mlp --hidden 8 --steps 12 --updates 40 -q
run train beat.csv -o beat.nq --regressor mlp --hidden 8 --steps 15 --updates 40 -q

succeeds eval_takes_ais eval roll.nq roll.npy --terms 64 --ais 8 --entropy
prints the_likelihood_has_a_line '^log p.* bits per row .* nats$' out
prints trajectories_are_counted 'sampling, 8 trajectories per row' out
prints the_account_has_a_table '^ +steps +lower +upper +gap +KL paid' out
prints the_account_has_a_verdict '^What would help:' out
succeeds threads_are_one eval roll.nq roll.npy --terms 64 --ais 8 --json --threads 1
mv out one.json
succeeds threads_are_three eval roll.nq roll.npy --terms 64 --ais 8 --json --threads 3
holds the_likelihood_does_not_depend_on_threads cmp one.json out

run eval beat.nq beat.csv --terms 200 --ais 16 --entropy --json
mv out beat.json
run eval roll.nq roll.npy --terms 200 --ais 16 --entropy --json
if has_python eval_json_has_the_promised_shape; then
    for name in beat out; do
        test "$name" = out || cp beat.json "$name"
        holds "ais_is_in_the_json_of_$name" json_has "$name" \
            'set(v["ais"]) >= {"bits", "se", "samples", "ess"} and v["ais"]["samples"] == 16'
        holds "k_is_below_the_likelihood_of_$name" json_has "$name" \
            'v["bound"]["bits"] - 4 * v["bound"]["se"] < v["ais"]["bits"]'
        holds "the_mean_weight_is_near_k_of_$name" json_has "$name" \
            'abs(v["bound"]["bits"] - v["ais"]["bound_bits"]) < 1'
        holds "every_step_is_in_the_account_of_$name" json_has "$name" \
            '[s["t"] for s in v["entropy"]["steps"]] == list(range(1, v["steps"] + 1))'
        holds "lower_bounds_are_below_upper_ones_of_$name" json_has "$name" \
            'all(s["lower"] is None or s["lower"] < s["upper"] for s in v["entropy"]["steps"])'
        holds "the_account_of_${name}_bounds_the_entropy" json_has "$name" \
            'abs(v["entropy"]["data_upper"] + v["bound"]["bits"]) < 1e-6'
    done
    holds minus_infinity_is_null json_has out 'v["entropy"]["steps"][0]["lower"] is None'
    run eval roll.nq roll.npy --terms 64 --target-se 0.05 --json
    holds a_target_is_reached json_has out \
        'v["ais"]["reached"] and v["ais"]["se"] <= 0.05 and v["ais"]["samples"] >= 16'
    run eval roll.nq roll.npy --terms 64 --target-se 1e-9 --most 40 --json
    holds a_target_too_small_is_told json_has out \
        'not v["ais"]["reached"] and v["ais"]["samples"] == 40'
    prints and_said 'error is .* after 40 trajectories' err
fi

succeeds score_writes_the_bound score roll.nq roll.npy -o bound.csv
prints the_bound_has_names '^row,bound_bits,bound_nats,se_bits$' bound.csv
holds a_line_for_each_row test "$(wc -l <bound.csv)" -eq 301
succeeds score_writes_the_likelihood score roll.nq roll.npy -o ais.csv --ais 16 --top 3
prints the_likelihood_has_names \
    '^row,log_likelihood_bits,log_likelihood_nats,se_bits,ess,khat,trust,at_least_bits$' ais.csv
holds the_least_likely_rows_are_printed test "$(wc -l <out)" -eq 4
least=$(tail -n +2 ais.csv | sort -t, -g -k2 | head -n 1 | cut -d, -f1)
prints the_least_likely_comes_first "^ +$least " <(sed -n 2p out)
succeeds score_prints_csv score beat.nq beat.csv
holds scores_go_to_stdout test "$(wc -l <out)" -eq 201
succeeds top_alone_prints_no_table score beat.nq beat.csv --top 2
holds but_the_rows test "$(wc -l <out)" -eq 3
succeeds score_takes_units score roll.nq roll.npy -o units.csv --units data
succeeds score_writes_npy score roll.nq roll.npy -o scores.npy
succeeds score_repeats score roll.nq roll.npy -o again.csv --threads 1
holds scores_are_the_same cmp bound.csv again.csv

refuses two_results_on_stdout 2 'both write' score roll.nq roll.npy -o - --top 3
refuses unknown_units 2 "'bits'" score roll.nq roll.npy --units bits
refuses a_model_of_other_columns 1 'column' score roll.nq beat.csv -o x.csv
holds nothing_is_left_of_it test ! -e x.csv
refuses a_score_over_its_data 1 'overwritten' score beat.nq beat.csv -o beat.csv
refuses a_negative_target 2 "--target-se.*at least 0" eval roll.nq roll.npy --target-se=-1

succeeds the_account_is_drawn plot roll.nq roll.npy --entropy -o account.svg
prints it_has_three_panels '<svg' account.svg
succeeds the_account_of_bits_is_drawn plot beat.nq beat.csv --entropy -o account.png
holds as_a_picture test "$(head -c 4 account.png | tail -c 3)" = PNG
refuses an_account_needs_data 2 'needs DATA' plot roll.nq --entropy -o x.png

# Rows three times as wide as the model's: nothing holds there, and that is said.
run data swissroll -n 300 -o roll.csv
awk -F, 'NR == 1 { print; next } { print 3 * $1 "," 3 * $2 }' roll.csv >wide.csv
run eval roll.nq wide.csv --terms 200 --entropy
prints foreign_rows_are_told '^Warning: the upper bounds need not hold .* variance' out
prints foreign_rows_cost_more_than_nothing_learned 'steps pay .* more than a step' out
run eval roll.nq roll.csv --terms 200 --entropy
holds own_rows_bring_no_warning test "$(grep -c '^Warning' out)" -eq 0
prints coarse_steps_are_told 'More steps' out

# One row, one that is impossible, one that few trajectories can weigh.
head -n 1 roll.csv >one.csv
succeeds one_row_is_scored score roll.nq one.csv -o one_score.csv
prints with_its_error '^0,-?[0-9.]+,-?[0-9.]+,[0-9.]+$' one_score.csv
printf 'x,y\n1e30,0\n' >far.csv
cat roll.csv >>far.csv
succeeds an_extreme_row_leaves_the_others score roll.nq far.csv -o far_score.csv
prints it_is_named 'note: row 1, .*1e\+?30 is .* deviations' err
prints and_has_log_0 '^0,-inf,-inf,' far_score.csv
run score roll.nq roll.csv -o near_score.csv
holds the_others_have_the_same_figures cmp <(tail -n +3 far_score.csv | cut -d, -f2-) \
    <(tail -n +2 near_score.csv | cut -d, -f2-)
succeeds eval_gives_the_mean_of_the_rest eval roll.nq far.csv --terms 64 --json
prints and_counts_it '"impossible":1,"all_rows_bits":"-inf"' out
printf '60,60\n' >>roll.csv
run eval roll.nq roll.csv --terms 64 --ais 64 --json
prints a_mean_with_an_outlier_is_at_least '"se":null.*"trust":"at least"' out
run eval roll.nq roll.csv --terms 64 --ais 64
prints and_is_so_called '^log p, at least' out
refuses a_seed_too_large 2 'at most 9223372036854775807' \
    score roll.nq one.csv --seed 18446744073709551615

# Ctrl-C: what there is, and the status of the signal.
"$noneq" eval roll.nq roll.npy --terms 64 --ais 100000000 --json >stopped.json 2>err &
job=$!
sleep 1
kill -INT "$job"
wait "$job"
holds an_interrupt_has_its_status test "$?" -eq 130
prints and_says_so 'stopped after [0-9]+ trajectories per row' err
if has_python an_interrupt_leaves_a_result; then
    holds an_interrupt_leaves_a_result json_has stopped.json '0 < v["ais"]["samples"] < 100000000'
fi

# stopped ARGUMENTS...: Ctrl-C after the first trajectories.
stopped()
{
    "$noneq" "$@" >out 2>err &
    job=$!
    sleep 1
    kill -INT "$job"
    wait "$job"
    code=$?
}
stopped score roll.nq roll.npy --ais 100000000 -o stopped.csv
holds scores_have_the_status_too test "$code" -eq 130
holds and_are_written test "$(wc -l <stopped.csv)" -eq 301
stopped score roll.nq roll.npy --ais 100000000 --top 3
holds so_are_the_lowest test "$(wc -l <out)" -eq 4
stopped eval roll.nq roll.npy --terms 64 --ais 100000000 --units data --entropy -o stopped.txt
prints and_a_report_in_a_file '^log p' stopped.txt
stopped score roll.nq roll.npy --terms 100000000 -o none.csv
holds a_bound_is_not_written_by_halves test "$code" -eq 130 -a ! -e none.csv
finish
