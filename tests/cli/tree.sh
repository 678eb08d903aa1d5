#!/usr/bin/env bash
# tree.sh - trees of the rows as regressors, and under networks, from the command line.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# A chain of bits whose neighbours agree in four of five rows: its entropy is 1 + 5 h(.2) = 4.61
# bits.
awk 'BEGIN { srand(5); for (r = 0; r < 3000; r++) { x = rand() < .5; line = x;
    for (i = 1; i < 6; i++) { if (rand() < .2) x = 1 - x; line = line "," x }
    print line } }' >bits.csv
awk 'BEGIN { srand(6); print "town,size,age"; for (r = 0; r < 600; r++) { k = int(rand() * 3);
    print substr("abc", k + 1, 1) "," (rand() < .8 ? k : int(rand() * 3)) "," \
        int(100 * (20 + 10 * k + 5 * rand())) / 100 } }' >mixed.csv
few=(--valid 0.2 --threads 2 --seed 1)

succeeds a_tree_of_bits_is_fitted train bits.csv -o tree.nq --regressor tree --learn-last 1 \
    --steps 60 "${few[@]}"
prints training_says_what_was_fitted 'tree regressor \(.*(cells|hidden variables)' err
prints training_says_that_there_is_none 'training  none: it was fitted by counting' err
succeeds info_says_what_it_is info tree.nq
prints info_names_the_tree 'regressor +tree, [0-9]+ parameters, ' out
succeeds eval_gives_what_is_exact eval tree.nq bits.csv --ais 16 --json
cp out tree.json
holds k_is_below_trajectories below "$(bits_of bound tree.json)" "$(bits_of ais tree.json)" .02
holds trajectories_are_below_what_is_exact below "$(bits_of ais tree.json)" \
    "$(bits_of exact tree.json)" .01
holds what_is_exact_is_the_entropy below "$(bits_of exact tree.json)" -4.61 .1
holds and_no_less below -4.61 "$(bits_of exact tree.json)" .1
succeeds eval_says_so eval tree.nq bits.csv
prints the_line_is_named '^tree alone ' out

succeeds a_fit_by_one_thread train bits.csv -o alone.nq --regressor tree --learn-last 1 \
    --steps 60 --valid 0.2 --threads 1 --seed 1
succeeds is_evaluated_too eval alone.nq bits.csv --ais 16 --json
holds and_is_the_same cmp out tree.json

succeeds a_network_stands_on_a_tree train bits.csv -o both.nq --offset tree --learn-last 1 \
    --steps 60 --updates 40 --hidden 16 "${few[@]}"
succeeds its_eval_gives_what_is_exact_too eval both.nq bits.csv --json
holds both_have_one_tree test "$(bits_of exact out)" = "$(bits_of exact tree.json)"
succeeds it_can_be_sampled sample both.nq -n 50 -o drawn.csv
succeeds and_again sample both.nq -n 50 -o again.csv --threads 1
holds threads_change_nothing cmp drawn.csv again.csv

succeeds a_tree_of_several_kinds train mixed.csv -o mixed.nq --regressor tree "${few[@]}"
run eval mixed.nq mixed.csv --json
lacks_exact() { ! grep -q '"exact"' "$1"; }
holds numbers_have_no_exact_law lacks_exact out
printf 'town,size,age\n,2,\nb,,\n' >gaps.csv
succeeds a_tree_fills_gaps impute mixed.nq gaps.csv -o full.csv --draws 20
succeeds a_tree_answers_given sample mixed.nq -n 20 --given 'town=c' -o given.csv
holds all_are_given test "$(tail -n +2 given.csv | grep -c '^c,')" = 20

succeeds a_model_on_a_tree_is_a_start train bits.csv -o more.nq --init both.nq --updates 20 \
    "${few[@]}"
succeeds its_tree_is_the_same eval more.nq bits.csv --json
holds as_it_was test "$(bits_of exact out)" = "$(bits_of exact tree.json)"

refuses a_tree_is_no_start 1 'expected a network as what training starts from' \
    train bits.csv -o x.nq --init tree.nq "${few[@]}"
refuses updates_of_a_tree 2 '--updates does nothing for --regressor tree' \
    train bits.csv -o x.nq --regressor tree --updates 5 "${few[@]}"
for on in regressor offset; do
    refuses "learned_rates_with_$on" 1 "--schedule learned does not go with --$on tree" \
        train mixed.csv -o x.nq --columns age --$on tree --schedule learned "${few[@]}"
    awk -F, 'BEGIN { OFS = "," } NR % 3 == 0 { $2 = "" } { print }' bits.csv >holes.csv
    refuses "missing_cells_with_$on" 1 "--$on tree: expected rows without missing cells" \
        train holes.csv -o x.nq --$on tree "${few[@]}"
done
succeeds missing_cells_are_levels train holes.csv -o holes.nq --regressor tree --kernel mixed \
    "${few[@]}"
refuses an_offset_that_there_is_not 2 'unknown offset "forest": expected none, tree or kernel' \
    train bits.csv -o x.nq --offset forest "${few[@]}"
refuses an_offset_that_is_a_network 2 'unknown offset "mlp": expected none, tree or kernel' \
    train bits.csv -o x.nq --offset mlp "${few[@]}"
refuses a_tree_on_a_tree 2 '--offset tree: expected a network on it' \
    train bits.csv -o x.nq --offset tree --regressor tree "${few[@]}"
finish
