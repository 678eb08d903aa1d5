#!/usr/bin/env bash
# question.sh - models of any columns given any others: eval and score with --of, --given and gaps,
# and impute in one pass.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

small=(--updates 120 --hidden 16 --steps 12 --batch 64 --threads 1 -q)
few=(--threads 1 --terms 64 -q)

table_of_kinds 800 1 >train.csv
table_of_kinds 200 2 >test.csv
"$noneq" train train.csv -o joint.nq "${small[@]}" --roles 0 || exit 1
succeeds a_model_is_trained_for_every_question train train.csv -o m.nq "${small[@]}"
succeeds its_file_says_so info m.nq
prints with_its_option '^ *roles +1$' out

succeeds some_columns_are_asked_for eval m.nq test.csv "${few[@]}" --of town,on --given x --json
mv out some.json
holds others_add_nothing json_has some.json \
    '{c["name"]: c["bits"] != 0 for c in v["columns"]} == {
        "town": True, "on": True, "count": False, "amount": False, "x": False}'
holds figures_per_column_are_of_the_targets json_has some.json \
    'abs(2 * v["bound"]["bits_per_dim"] - v["bound"]["bits"]) < 1e-5 and v["of"] == "town,on"'
holds and_columns_have_roles json_has some.json \
    '[c["role"] for c in v["columns"]] == ["target", "target"] + 2 * ["not looked at"] + ["given"]'
succeeds numbers_name_columns_too eval m.nq test.csv "${few[@]}" --of 1-2 --given 5 --json
holds they_are_the_same_question python3 -c '
import json
assert json.load(open("out"))["bound"] == json.load(open("some.json"))["bound"]'
succeeds the_text_says_what_it_is_of eval m.nq test.csv "${few[@]}" --given x
prints given_what '^of all other columns given x$' out
prints and_per_target '^K .* per column' out
succeeds rows_are_scored_so score m.nq test.csv "${few[@]}" --of town,on --given x -o -
holds with_the_mean_of_eval python3 -c '
import csv, json
rows = [float(r["bound_bits"]) for r in csv.DictReader(open("out"))]
bound = json.load(open("some.json"))["bound"]
assert abs(sum(rows) / len(rows) - bound["bits"]) < 5 * bound["se"] + .05'

awk -F, 'BEGIN { OFS = "," } NR > 1 && NR % 2 { $6 = "" } { print }' test.csv >gaps.csv
succeeds rows_with_gaps_are_scored score m.nq gaps.csv "${few[@]}" --by-column -o -
holds a_gap_adds_nothing python3 -c '
import csv
rows = list(csv.DictReader(open("out")))
cells = [r["x"] for r in csv.DictReader(open("gaps.csv"))]
assert len(rows) == len(cells) == 200
assert all((float(r["bits_x"]) == 0) == (c == "") for r, c in zip(rows, cells))'
run score joint.nq gaps.csv --threads 1 --terms 64 -o -
prints a_joint_model_has_no_place_for_them 'impossible' err

succeeds unknown_cells_are_filled_in_one_pass impute m.nq gaps.csv -o filled.csv --threads 1
holds known_ones_stay python3 -c '
import csv
a, b = (list(csv.DictReader(open(p))) for p in ("gaps.csv", "filled.csv"))
assert all(x == y[k] if x else y[k] for r, y in zip(a, b) for k, x in r.items())'
# A column of numbers and gaps alone, once its cell is not known, is a number that is drawn.
awk -F, 'BEGIN { OFS = "," } NR > 1 && NR % 3 == 0 { $6 = "" } { print }' train.csv >holes.csv
run train holes.csv -o holes.nq "${small[@]}" --roles 1
succeeds numbers_with_gaps_are_filled impute holes.nq gaps.csv -n 5 -o filled.csv --threads 1
holds each_draw_anew python3 -c '
import csv
rows = list(csv.DictReader(open("filled.csv")))
gaps = [r["x"] == "" for r in csv.DictReader(open("gaps.csv"))]
of = [{r["x"] for r in rows[5 * i:5 * i + 5]} for i, gap in enumerate(gaps) if gap]
assert sum(len(x) > 1 for x in of) > .9 * len(of), of[:5]
assert len(set.union(*of)) > len(of)'
# A column that follows from another has its role: code of town, where Rome and Bern share one.
awk -F, -v OFS=, '{
    print $2, $3, NR == 1 ? "code" : $2 ~ /Rome|Bern/ ? 7 : $2 == "Oslo" ? 1 : 2
}' train.csv >coded.csv
succeeds a_function_is_left_out train coded.csv -o coded.nq "${small[@]}"
succeeds its_source_is_not_looked_at eval coded.nq coded.csv --of on --threads 1 --terms 8 --json
holds and_no_row_is_impossible_for_it json_has out 'v["rows"] == 800 and v["impossible"] == 0'
printf 'town,on,code\n,1,1\nOslo,1,1\n' >told.csv
run score coded.nq told.csv --threads 1 --terms 64 -o - -q
holds a_function_tells_its_source python3 -c '
import csv
a, b = (r["bound_bits"] for r in csv.DictReader(open("out")))
assert abs(float(a) - float(b)) < 2'
printf 'town,on,code\n,1,7\n' >unsure.csv
refuses what_it_does_not_tell 1 'line 2|2: column 3 .*could have several values' \
    score coded.nq unsure.csv -o - "${few[@]}"

refuses a_joint_model_does_not_know 1 '--roles 1' eval joint.nq test.csv --of town "${few[@]}"
refuses a_column_that_is_not_there 1 'no such column' eval m.nq test.csv --of nosuch "${few[@]}"
refuses a_column_in_both 1 'in --of too' eval m.nq test.csv --of town --given town "${few[@]}"
refuses a_question_of_nothing 2 'no column that varies' eval coded.nq coded.csv --given 1-3 \
    --threads 1
refuses entropies_of_it 2 'not with --entropy' eval m.nq test.csv --of town --entropy

# Two thirds of one column of real numbers is missing: its kernel is that of the rows as they are,
# not of those that are completed for a start, among which numbers repeat.
run data gaussian -n 900 --dim 3 --noise 0.8 --seed 4 -o real.csv
awk -F, -v OFS=, 'NR % 3 { $2 = "" } { print }' real.csv >real_gaps.csv
succeeds real_numbers_with_gaps_train train real_gaps.csv -o gaps.nq "${tiny[@]}"
prints they_are_completed 'completed by draws' err
prints their_kernel_is_gaussian '^kernel  *gaussian' <("$noneq" info gaps.nq)
refuses no_law_of_rows_with_gaps 1 'normal: expected rows without missing cells, found [0-9]' \
    train real_gaps.csv -o law.nq --roles 1 --base normal
refuses no_law_of_levels_alone 1 'normal: expected 1 to 256 columns that are numbers, found 0' \
    train train.csv -o law.nq --kernel mixed --base normal --columns town,on
refuses no_law_of_another_name 2 'unknown base "cauchy": expected normal or none' \
    train real.csv -o law.nq --roles 1 --base cauchy
finish
