#!/usr/bin/env bash
# check.sh - noneq check: whether a model is calibrated on rows, as text and as JSON.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

small=(--updates 400 --hidden 16 --steps 12 --batch 64 --threads 1 -q)
quick=(--threads 1 --permutations 99 --given-rows 60 --self-rows 60 -q)

table_of_kinds 800 1 >train.csv
"$noneq" train train.csv -o m.nq "${small[@]}" --roles 1 || exit 1
"$noneq" sample m.nq -n 300 -o own.csv --seed 77 -q || exit 1

succeeds rows_that_the_model_has_drawn_are_checked check m.nq own.csv "${quick[@]}" --json
mv out own.json
holds it_is_calibrated_on_them json_has own.json \
    'v["calibrated"] is True and v["p"] > .001 and v["rows"] == 300 and not v["of_training"]'
holds all_tests_were_made json_has own.json \
    'all(v["tests"][k]["rows"] > 0 and 0 < v["tests"][k]["p"] <= 1
        for k in ("marginal", "given", "classifier", "density", "self"))'
holds hidden_cells_are_drawn_as_impute_does json_has own.json \
    'v["tests"]["self"]["method"] == "roles"'
holds each_column_has_its_figures json_has own.json \
    '[(c["name"], c["kind"]) for c in v["columns"]] == [("town", "category"), ("on", "bit"),
        ("count", "whole"), ("amount", "spiked"), ("x", "real")] and all(
        c["p_adjusted"] >= c["p"] for w in v["columns"] for c in (w["marginal"], w["given"]))'
holds coverage_is_by_kind json_has own.json \
    'v["coverage"][0]["kind"] == "all" and len(v["coverage"]) == 6 and all(
        abs(p - n) < 5 * s for k in v["coverage"]
        for p, n, s in zip(k["part"], k["nominal"], k["se"]))'
run check m.nq own.csv "${quick[@]}" --json --threads 2
holds whatever_the_threads cmp out own.json
run check m.nq own.csv "${quick[@]}" --json --seed 2
differs another_seed_draws_other_rows out own.json

# x nearer to its middle than the model has it; and higher.
awk -F, 'BEGIN { OFS = "," } NR > 1 { $5 = .6 * $5 + .4 } { print }' own.csv >wrong.csv
awk -F, 'BEGIN { OFS = "," } NR > 1 { $5 = $5 + 1 } { print }' own.csv >high.csv
succeeds wrong_rows_are_told_in_words check m.nq wrong.csv "${quick[@]}"
prints that_it_is_not_calibrated '^Not calibrated.*: a right model has such rows with p ' out
prints which_column '^Columns that are not right: .*x' out
prints in_which_direction '^  x +real .*too wide: draws are 1\.[0-9]+ times as wide as rows' out
prints with_coverage '^  all  ' out
run check m.nq high.csv "${quick[@]}"
prints or_shifted '^  x .*too low: by [0-9.]+ deviations' out
run check m.nq train.csv "${quick[@]}" --json
holds rows_of_the_training_are_known json_has out 'v["of_training"] is True'
run check m.nq train.csv "${quick[@]}" --max-rows 100
prints and_said_to_be_kind '^These rows trained the model, or chose it' out
head -n 700 train.csv >part.csv
run check m.nq part.csv "${quick[@]}" --json --max-rows 50
holds a_part_of_them_is_not_and_rows_are_limited json_has out \
    'v["of_training"] is False and v["rows"] == 50'

# Gaps, impossible rows, and other kernels.
awk -F, 'BEGIN { OFS = "," } NR > 1 && NR % 3 == 0 { $5 = "" } { print }' own.csv >gaps.csv
run check m.nq gaps.csv "${quick[@]}" --json
holds rows_with_gaps_count_in_their_columns json_has out \
    '(v["rows"] == 300 and v["full"] == 200 and [c["marginal"]["rows"] for c in v["columns"]]
        == [300, 300, 300, 300, 200])'
sed '2s/^[A-Z][a-z]*,/Nice,/' own.csv >nice.csv
run check m.nq nice.csv --threads 1 --permutations 9 --given-rows 20 --self-rows 20 --json
holds impossible_rows_are_counted json_has out 'v["impossible"] == 1 and v["rows"] == 299'
prints and_named 'nice.csv:2: column 1 \("town"\)' err
"$noneq" data heartbeat -n 200 -o bits.csv || exit 1
"$noneq" train bits.csv -o b.nq "${tiny[@]}" --threads 1 -q || exit 1
succeeds bits_are_checked check b.nq bits.csv --threads 1 --permutations 9 --self-rows 20 --json -q
holds without_roles_columns_are_not_given_others json_has out \
    '"roles" in v["tests"]["given"]["why"] and v["tests"]["self"]["method"] == "particles"'

# Draws of each of hundreds of columns would take hours.
awk 'BEGIN { srand(2); for (c = 0; c < 300; c++) printf "c%d%s", c, c < 299 ? "," : "\n"
    for (r = 0; r < 60; r++) for (c = 0; c < 300; c++)
        printf "%d%s", 3 * rand(), c < 299 ? "," : "\n" }' >broad.csv
"$noneq" train broad.csv -o broad.nq --updates 2 --hidden 256 --steps 60 --threads 1 -q || exit 1
run check broad.nq broad.csv --permutations 9 --json -q
holds of_many_columns_draws_given_the_others_are_left_out json_has out \
    '(v["tests"]["given"]["why"].startswith("draws of each of so many columns would take long")
        and v["tests"]["classifier"]["auc"] < .4)'
run report broad.nq broad.csv -o broad.html --samples 60 --ais 0 --permutations 9 -q
prints a_classifier_that_errs_more_often_than_not_tells_nothing \
    '^<p>[A-Z].*rows \(it does no better than guessing\)' broad.html

head -n 10 own.csv >few.csv
refuses too_few_rows 1 'a check needs at least 20' check m.nq few.csv "${quick[@]}"
refuses a_level_that_is_no_chance 2 'level' check m.nq own.csv --level 3 "${quick[@]}"
"$noneq" data deadleaves -n 30 --size 8 -o leaves.npy || exit 1
"$noneq" train leaves.npy -o leaves.nq --updates 2 --steps 4 --scales 1 --channels 2 \
    --features 0 --layers 1 --hidden none --threads 1 -q 2>/dev/null ||
    "$noneq" train leaves.npy -o leaves.nq --updates 2 --steps 4 --threads 1 -q || exit 1
refuses pictures_are_refused 1 'of pictures: a check is of tables' check leaves.nq leaves.npy
succeeds it_has_help check --help
finish
