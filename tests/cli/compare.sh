#!/usr/bin/env bash
# compare.sh - noneq compare: which of two models is better, and whether the rows tell.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

small=(--updates 60 --hidden 16 --steps 12 --batch 64 --threads 1 -q)

table_of_kinds 800 1 >train.csv
table_of_kinds 400 2 >test.csv
"$noneq" train train.csv -o a.nq "${small[@]}" --updates 500 || exit 1
"$noneq" train train.csv -o b.nq "${small[@]}" --updates 8 --seed 3 || exit 1

succeeds a_model_is_compared_with_itself compare a.nq a.nq test.csv --threads 1 --terms 16 --json -q
holds without_a_difference_or_an_error json_has out \
    'v["difference"] == {"bits": 0, "se": 0, "nats": 0} and all(
        c["bits"] == 0 and c["se"] == 0 for c in v["columns"])'
succeeds two_models_are_compared compare a.nq b.nq test.csv --threads 1 --terms 16 --json -q
mv out ab.json
holds the_trained_one_is_better json_has ab.json \
    'v["difference"]["bits"] > 4 * v["difference"]["se"] > 0'
holds columns_make_the_whole json_has ab.json \
    'abs(sum(c["bits"] for c in v["columns"]) - v["difference"]["bits"]) < 1e-3'
holds each_has_a_name_and_a_kind json_has ab.json \
    '[(c["name"], c["kind"]) for c in v["columns"]] == [("town", "category"), ("on", "bit"),
        ("count", "whole"), ("amount", "spiked"), ("x", "real")]'
run compare b.nq a.nq test.csv --threads 1 --terms 16 --json -q
mv out ba.json
holds swapping_changes_the_sign python3 -c '
import json
a, b = json.load(open("ab.json")), json.load(open("ba.json"))
assert a["difference"]["bits"] == -b["difference"]["bits"]
assert a["difference"]["se"] == b["difference"]["se"]
assert a["first"] == b["second"]
assert [c["bits"] for c in a["columns"]] == [-c["bits"] for c in b["columns"]]'
run eval a.nq test.csv --threads 1 --terms 16 --json -q
mv out a.json
holds k_is_that_of_eval python3 -c '
import json
assert json.load(open("ab.json"))["first"]["bits"] == json.load(open("a.json"))["bound"]["bits"]'
run compare a.nq b.nq test.csv --threads 2 --terms 16 --json -q
holds whatever_the_threads cmp out ab.json
succeeds it_says_which compare a.nq b.nq test.csv --threads 1 --terms 16
prints by_how_much '^a.nq is better: by [0-9.]+ bits per row, which are [0-9.]+ standard errors' out
prints by_column '^  count +whole +-?[0-9.]+ \+- [0-9.]+$' out
run compare b.nq a.nq test.csv --threads 1 --terms 16
prints also_the_other_way '^a.nq is better: ' out

# Fresh rows each time: the errors that are printed are the spread that there is.
parts=24
for i in $(seq $parts); do
    table_of_kinds 200 $((100 + i)) >part.csv
    run compare a.nq b.nq part.csv --threads 1 --terms 8 --seed "$i" --json -q
    cat out >>parts.json
done
holds errors_are_the_spread_over_samples_of_rows python3 -c '
import json, statistics
v = [json.loads(line)["difference"] for line in open("parts.json")]
spread = statistics.stdev(d["bits"] for d in v)
said = statistics.mean(d["se"] ** 2 for d in v) ** 0.5
assert 0.6 < spread / said < 1.5, (spread, said)'

# Rows that are impossible to one of them.
sed '2s/,[A-Z][a-z]*,/,Nice,/; 5s/,[A-Z][a-z]*,/,Nice,/' test.csv >nice.csv
grep -v Paris train.csv >few.csv
"$noneq" train few.csv -o few.nq "${small[@]}" --updates 8 || exit 1
succeeds impossible_rows_are_left_out compare a.nq few.nq nice.csv --threads 1 --terms 8 --json
paris=$(grep -c Paris nice.csv)
holds and_counted json_has out \
    "[v['first']['impossible'], v['second']['impossible'] - $paris] == [2, 2]"
holds and_the_others_are_there json_has out "v['rows'] == 398 - $paris"
prints named 'row 1, nice.csv:2: column 2 \("town"\)' err
holds once test "$(grep -c 'nice.csv:2:' err)" -eq 1
grep Paris train.csv | sed '1i id,town,on,count,amount,x' >paris.csv
run compare few.nq few.nq paris.csv -q
holds one_row_must_be_left test "$code" -eq 1
prints and_that_is_said '^noneq: every row is impossible to one of the models' err

# Other kinds of models, and what cannot be compared.
cut -d, -f4,6 train.csv >xy.csv
cut -d, -f6,4 --output-delimiter=, train.csv | awk -F, '{ print $2 "," $1 }' >yx.csv
"$noneq" train xy.csv -o g.nq "${small[@]}" --kernel gaussian || exit 1
"$noneq" train yx.csv -o h.nq "${small[@]}" --kernel gaussian --updates 5 || exit 1
succeeds columns_are_matched_by_name compare g.nq h.nq test.csv --threads 1 --terms 8 --json -q
run eval g.nq test.csv --threads 1 --terms 8 --units data --json -q
mv out g.json
run compare g.nq h.nq test.csv --threads 1 --terms 8 --json -q
holds numbers_are_compared_in_their_units python3 -c '
import json
v = json.load(open("out"))
assert abs(v["first"]["bits"] - json.load(open("g.json"))["bound"]["bits"]) < 1e-6
assert v["units"] == "data" and "columns" not in v'
refuses other_columns_are_refused 1 'have 2 and 5 columns: only models of the same columns' \
    compare g.nq a.nq test.csv -q
"$noneq" train xy.csv -o m.nq "${small[@]}" --updates 5 || exit 1
refuses a_density_is_no_probability 1 'column 1 \("count"\) is a density to the first model' \
    compare g.nq m.nq test.csv -q
sed '1s/x/z/' xy.csv >xz.csv
"$noneq" train xz.csv -o z.nq "${small[@]}" --kernel gaussian --updates 5 || exit 1
refuses a_foreign_column_is_named 1 'the second model has no column "x"' \
    compare g.nq z.nq test.csv -q
refuses two_models_are_asked_for 2 'compare' compare a.nq test.csv
succeeds it_has_help compare --help
finish
