#!/usr/bin/env bash
# forest.sh - forests of regression trees as regressors, from the command line.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

awk 'BEGIN { srand(5); for (r = 0; r < 1000; r++) { x = rand() < .5; line = x;
    for (i = 1; i < 4; i++) { if (rand() < .2) x = 1 - x; line = line "," x }
    print line } }' >bits.csv
awk 'BEGIN { srand(6); print "town,size,age"; for (r = 0; r < 500; r++) { k = int(rand() * 3);
    print substr("abc", k + 1, 1) "," (rand() < .8 ? k : int(rand() * 3)) "," \
        int(100 * (20 + 10 * k + 5 * rand())) / 100 } }' >mixed.csv
few=(--steps 20 --seed 1)

# A program far from its library.
cp "$noneq" alone
noneq_before=$noneq
noneq=$PWD/alone
refuses without_its_library_one_sentence_says_what_helps 1 'libxgboost-dev' train bits.csv \
    -o none.nq --regressor forest "${few[@]}"
noneq=$noneq_before
if ! test -e "$(dirname "$noneq")/libnoneq_xgboost.so"; then
    echo "skip forests_are_grown: no libnoneq_xgboost"
    finish
    exit
fi

succeeds a_forest_of_bits_is_grown train bits.csv -o bits.nq --regressor forest --threads 2 \
    --valid 0.2 "${few[@]}"
prints training_says_what_it_is 'forest regressor \([0-9]+ trees of [0-9]+ nodes\)' err
prints training_says_how 'training  none: it was fitted by growing trees' err
succeeds info_says_what_it_is info bits.nq
prints info_names_the_forest 'regressor +forest, [0-9]+ parameters, [0-9]+ trees' out
succeeds one_thread_grows_one_too train bits.csv -o one.nq --regressor forest --threads 1 \
    --valid 0.2 "${few[@]}"
holds threads_change_no_byte cmp bits.nq one.nq
succeeds it_is_evaluated eval bits.nq bits.csv --ais 8 --json
holds k_is_below_trajectories below "$(bits_of bound out)" "$(bits_of ais out)" .02
# 4 independent bits have 4 bits, the chain 1 + 3 h(.2) = 3.17
holds it_knows_the_chain below -3.4 "$(bits_of bound out)" 0
cp out bits.json

# What is grown is used by a program that grows none.
noneq=$PWD/alone
succeeds a_program_without_the_library_uses_it eval bits.nq bits.csv --ais 8 --json
holds in_the_same_way cmp out bits.json
noneq=$noneq_before

succeeds a_forest_of_several_kinds train mixed.csv -o mixed.nq --regressor forest "${few[@]}"
succeeds it_is_evaluated_too eval mixed.nq mixed.csv
succeeds it_is_sampled sample mixed.nq -n 50 -o drawn.csv
holds with_its_columns grep -q '^town,size,age' drawn.csv
printf 'town,size,age\n,2,\nb,,\n' >gaps.csv
succeeds it_fills_gaps impute mixed.nq gaps.csv -o full.csv --draws 20
succeeds it_answers_given sample mixed.nq -n 20 --given 'town=c' -o given.csv
holds all_are_given test "$(tail -n +2 given.csv | grep -c '^c,')" = 20

refuses a_forest_is_no_start 1 'expected a network as what training starts from' \
    train bits.csv -o x.nq --init bits.nq "${few[@]}"
refuses updates_of_a_forest 2 '--updates does nothing for --regressor forest' \
    train bits.csv -o x.nq --regressor forest --updates 5 "${few[@]}"
for option in '--dropout .1' '--patience 3' '--optimizer rmsprop' '--precision bf16'; do
    # shellcheck disable=SC2086
    refuses "${option%% *}_of_a_forest" 2 "${option%% *} does nothing for --regressor forest" \
        train bits.csv -o x.nq --regressor forest $option "${few[@]}"
done
refuses learned_rates_of_a_forest 1 '--schedule learned does not go with --regressor forest' \
    train mixed.csv -o x.nq --columns age --regressor forest --schedule learned "${few[@]}"
succeeds a_forest_of_numbers train mixed.csv -o age.nq --columns age,size --kernel gaussian \
    --regressor forest "${few[@]}"
succeeds is_evaluated eval age.nq mixed.csv
awk 'BEGIN { srand(7); for (r = 0; r < 20; r++) { line = rand() < .5;
    for (i = 1; i < 5000; i++) line = line "," (rand() < .5); print line } }' >wide.csv
refuses rows_that_are_too_long 1 'forest: rows of 5000 numbers.* are too long' train wide.csv \
    -o x.nq --regressor forest "${few[@]}"
finish
