#!/usr/bin/env bash
# golden.sh - the golden program: damaged cases fail by name, and those after them are checked.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
golden=${BUILD:-$(dirname "$noneq")}/tests/golden
test -x "$golden" || { echo "skip golden: there is no program $golden"; exit 0; }

case_text()
{
    printf '{"id": "%s", "kind": "%s", "inputs": %s, "outputs": %s, "rel_tol_f64": 1e-9}' "$@"
}

mean_of()
{
    case_text "$1" logmeanexp '{"log_w": [0, 0]}' "{\"log_mean_exp\": $2, \"ess\": 2}"
}

limit_of()
{
    case_text "$1" gauss_limit '{"s2": 1}' "{\"rows\": $2}"
}

{
    echo '{"cases": ['
    mean_of good 0; echo ,
    echo '{"kind": "logmeanexp"},'
    case_text no_input logmeanexp '{}' '{"log_mean_exp": 0}'; echo ,
    mean_of wrong 1; echo ,
    mean_of infinite '"-inf"'; echo ,
    mean_of words '"zero"'; echo ,
    limit_of ragged '[[2, 0, 0], [0, 2, 0, 0, 0]]'; echo ,
    limit_of flat '[2, 0, 0, 0]'; echo ,
    case_text unequal gauss_ais '{"b": [0.5, 0.5], "A": [1, 1], "C": [0.1, 0.1], "x0": 0,
        "trajectories": [[0, 0, 0], [0, 0], [0, 0, 0, 0]]}' '{"log_w": [0]}'; echo ,
    case_text stranger nobody_knows '{}' '{"x": 1}'; echo ,
    mean_of last 0
    echo ']}'
} >cases.json
"$golden" cases.json >out 2>err
code=$?

holds a_case_that_fails_is_status_1 test "$code" -eq 1
prints a_good_case_passes '^ok good' out
prints a_case_without_id_is_damaged '^not ok case-2: the case is damaged: .*id' out
prints a_missing_input_is_damaged '^not ok no_input: .*"log_w" is missing' out
prints a_wrong_answer_fails '^not ok wrong: log_mean_exp' out
prints an_infinite_answer_is_compared '^not ok infinite: log_mean_exp, expected -inf' out
prints a_word_is_no_number '^not ok words: .*expected a number' out
prints rows_of_other_widths_are_damaged '^not ok ragged: .*rows of 4' out
prints a_flat_list_is_no_rows '^not ok flat: .*rows of 4' out
prints trajectories_of_other_lengths_are_damaged '^not ok unequal: .*rows of 3' out
prints an_unknown_kind_is_skipped_plainly '^skip stranger: kind nobody_knows' out
prints cases_after_damaged_ones_are_checked '^ok last' out
holds each_case_has_one_line test "$(wc -l <out)" -eq 11

echo '{"cases": [' >cut.json
"$golden" cut.json >out 2>err
holds a_file_that_is_no_json_is_status_2 test $? -eq 2
finish
