#!/usr/bin/env bash
# kernel.sh - training rows themselves as a regressor, and under networks, from the command line.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# A chain of bits whose neighbours agree in four of five rows, and a table of several kinds.
awk 'BEGIN { srand(5); for (r = 0; r < 800; r++) { x = rand() < .5; line = x;
    for (i = 1; i < 6; i++) { if (rand() < .2) x = 1 - x; line = line "," x }
    print line } }' >bits.csv
awk 'BEGIN { srand(6); print "town,size,age"; for (r = 0; r < 400; r++) { k = int(rand() * 3);
    print substr("abc", k + 1, 1) "," (rand() < .8 ? k : int(rand() * 3)) "," \
        int(100 * (20 + 10 * k + 5 * rand())) / 100 } }' >mixed.csv
awk 'BEGIN { srand(7); for (r = 0; r < 300; r++) { x = rand() + rand() + rand();
    print x "," x + .1 * rand() } }' >numbers.csv
few=(--valid 0.1 --threads 2 --seed 1)

succeeds rows_of_bits_are_kept train bits.csv -o kept.nq --regressor kernel --learn-last 1 \
    --steps 30 "${few[@]}"
prints training_says_how_many 'kernel regressor \(720 rows, [0-9]+ of them distinct\)' err
prints training_says_that_there_is_none 'training  none: it was fitted by keeping its rows' err
succeeds info_says_how_many info kept.nq
prints info_names_them 'regressor +kernel, [0-9]+ parameters, 720 rows' out
succeeds eval_gives_what_is_exact eval kept.nq bits.csv --ais 8 --terms 40 --json
cp out kept.json
holds k_is_below_trajectories below "$(bits_of bound kept.json)" "$(bits_of ais kept.json)" .05
holds trajectories_are_below_what_is_exact below "$(bits_of ais kept.json)" \
    "$(bits_of exact kept.json)" .02
succeeds eval_says_so eval kept.nq bits.csv --terms 5
prints the_line_is_named '^kernel alone ' out

succeeds its_own_rows_are_asked eval kept.nq bits.csv --terms 8
prints that_is_warned_of 'these are the training rows, which this model keeps' err
head -n 50 bits.csv >others.csv
succeeds others_are_asked score kept.nq others.csv --terms 8
expect_nothing no_warning_of_others "$(grep 'training rows' err)"
succeeds a_network_stands_on_rows train bits.csv -o both.nq --offset kernel --learn-last 1 \
    --steps 30 --updates 20 --hidden 16 "${few[@]}"
succeeds its_eval_gives_what_is_exact_too eval both.nq bits.csv --terms 5 --json
holds both_keep_the_same_rows test "$(bits_of exact out)" = "$(bits_of exact kept.json)"
succeeds it_can_be_sampled sample both.nq -n 50 -o drawn.csv
succeeds and_again sample both.nq -n 50 -o again.csv --threads 1
holds threads_change_nothing cmp drawn.csv again.csv

succeeds rows_of_several_kinds train mixed.csv -o mixed.nq --regressor kernel "${few[@]}"
printf 'town,size,age\n,2,\nb,,\n' >gaps.csv
succeeds kept_rows_fill_gaps impute mixed.nq gaps.csv -o full.csv --draws 20
succeeds kept_rows_answer_given sample mixed.nq -n 20 --given 'town=c' -o given.csv
holds all_are_given test "$(tail -n +2 given.csv | grep -c '^c,')" = 20
holds ages_are_of_that_town awk -F, 'NR > 1 && $3 < 38 { bad++ } END { exit bad > 2 }' given.csv

succeeds rows_of_numbers train numbers.csv -o numbers.nq --regressor kernel --steps 30 "${few[@]}"
succeeds with_one_thread train numbers.csv -o one.nq --regressor kernel --steps 30 \
    --valid 0.1 --threads 1 --seed 1
succeeds samples_of_two sample numbers.nq -n 30 -o two.csv
succeeds samples_of_one sample one.nq -n 30 -o one.csv
holds threads_change_no_reach cmp two.csv one.csv

refuses rows_are_no_start 1 'expected a network as what training starts from' \
    train bits.csv -o x.nq --init kept.nq "${few[@]}"
refuses a_network_on_rows_is_no_start 1 'keeps the rows that it was trained on' \
    train bits.csv -o x.nq --init both.nq --updates 5 "${few[@]}"
refuses updates_of_kept_rows 2 '--updates does nothing for --regressor kernel' \
    train bits.csv -o x.nq --regressor kernel --updates 5 "${few[@]}"
for on in regressor offset; do
    refuses "learned_rates_with_$on" 1 "--schedule learned does not go with --$on kernel" \
        train numbers.csv -o x.nq "--$on" kernel --schedule learned "${few[@]}"
    awk -F, 'BEGIN { OFS = "," } NR % 3 == 0 { $2 = "" } { print }' bits.csv >holes.csv
    refuses "missing_cells_with_$on" 1 "--$on kernel: expected rows without missing cells" \
        train holes.csv -o x.nq "--$on" kernel "${few[@]}"
done
succeeds missing_cells_are_levels train holes.csv -o holes.nq --regressor kernel --kernel mixed \
    "${few[@]}"
refuses rows_on_rows 2 '--offset kernel: expected a network on it' \
    train bits.csv -o x.nq --offset kernel --regressor kernel "${few[@]}"
finish
