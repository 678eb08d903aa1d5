#!/usr/bin/env bash
# examples.sh - compiles the examples as a user would and runs them.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
root=$PWD
build=${BUILD:-$PWD/build/release}
noneq=${NONEQ:-$build/noneq}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
prefix=$folder/usr
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" LD_LIBRARY_PATH="$prefix/lib"

# compile NAME: strict C11, against what is installed only.
compile()
{
    # shellcheck disable=SC2046 # words are wanted
    "${CC:-cc}" -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror \
        "$root/examples/$1.c" -o "$folder/$1" $(pkg-config --cflags --libs noneq)
}

# What README.md shows is no less strict, and makes its files.
the_readme_works()
{
    local place=$folder/readme
    mkdir -p "$place" && awk '/^## From C/ { within = 1 } /^```$/ { shown = 0 } shown
        within && /^```c$/ { shown = 1; within = 0 }' "$root/README.md" >"$place/fit.c" &&
        "$noneq" data gaussian -n 120 --dim 3 -o "$place/wine.csv" || return 1
    # shellcheck disable=SC2046 # words are wanted
    "${CC:-cc}" -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror \
        "$place/fit.c" -o "$place/fit" $(pkg-config --cflags --libs noneq) || return 1
    (cd "$place" && ./fit && test -s wine.nq && test "$(wc -l <new.csv)" -ge 100)
}

# The number after "K " is a mean in bits: an untrained model has -4.09.
training_raises_the_bound()
{
    (cd "$folder" && ./train_and_sample 300) >"$folder/bound" 2>"$folder/progress" || return 1
    cat "$folder/bound" "$folder/progress"
    awk '$1 == "K" { good = $2 > 0 && $2 < 3.9 } END { exit !good }' "$folder/bound"
}

# 1000 rows of two numbers, whose columns have unit variance like the data's.
samples_look_like_the_data()
{
    awk -F, 'NF != 2 { bad = 1 }
        { rows++; for (i = 1; i <= 2; i++) { sum[i] += $i; square[i] += $i * $i } }
        END {
            for (i = 1; i <= 2; i++) {
                mean = sum[i] / rows
                variance = square[i] / rows - mean * mean
                print "column " i ": mean " mean ", variance " variance
                if (mean < -.2 || mean > .2 || variance < .8 || variance > 1.2) bad = 1
            }
            exit bad || rows != 1000
        }' "$folder/samples.csv"
}

the_program_reads_the_model()
{
    "$noneq" info "$folder/roll.nq" | grep -q rbf
}

# Three fresh rows and one far from the roll: that has the lowest bound.
an_outlier_has_the_lowest_score()
{
    "$noneq" data swissroll -n 3 --seed 5 -o "$folder/rows.csv" || return 1
    echo "0.4,-3.5" >>"$folder/rows.csv"
    "$folder/score_rows" "$folder/roll.nq" "$folder/rows.csv" "$folder/scores.csv" \
        >"$folder/least" || return 1
    cat "$folder/least" "$folder/scores.csv"
    grep -qE '^row 3: .*; 4 of 4 rows alike$' "$folder/least"
}

scores_are_those_of_the_program()
{
    "$noneq" score "$folder/roll.nq" "$folder/rows.csv" -o "$folder/program.csv" || return 1
    cmp "$folder/scores.csv" "$folder/program.csv"
}

reports_are_those_of_the_program()
{
    "$noneq" data swissroll -n 60 --seed 6 -o "$folder/sixty.csv" || return 1
    "$folder/evaluate" "$folder/roll.nq" "$folder/sixty.csv" >"$folder/reports" || return 1
    "$noneq" eval "$folder/roll.nq" "$folder/sixty.csv" -q >"$folder/program" &&
        "$noneq" check "$folder/roll.nq" "$folder/sixty.csv" --json -q >>"$folder/program" ||
        return 1
    cmp "$folder/reports" "$folder/program"
}

a_missing_file_is_an_error()
{
    ! "$folder/score_rows" "$folder/none.nq" "$folder/rows.csv" "$folder/none.csv" \
        2>"$folder/message" &&
        grep -q none.nq "$folder/message"
}

# Texts, dates and numbers with gaps, and a model of them.
a_mixed_table_is_trained()
{
    awk 'BEGIN { print "town,day,x,n"
        for (i = 0; i < 300; i++)
            printf "%s,%s,%s,%d\n", i % 3 ? (i % 2 ? "Bern" : "Oslo") : "",
                i % 4 ? sprintf("2024-%02d-1%d", 1 + i % 7, i % 9) : "",
                i % 5 ? i % 2 + i * i % 97 / 50 : "", i % 2 * 4 + i * i % 5 }' \
        >"$folder/towns.csv"
    "$noneq" train "$folder/towns.csv" -o "$folder/towns.nq" --updates 60 --steps 20 --quiet
}

the_program_fills_the_same_bytes()
{
    (cd "$folder" && ./impute towns.nq towns.csv own.csv) || return 1
    "$noneq" impute "$folder/towns.nq" "$folder/towns.csv" -o "$folder/its.csv" --quiet &&
        cmp "$folder/own.csv" "$folder/its.csv"
}

drawn_rows_meet_the_condition()
{
    "$folder/draw" "$folder/roll.nq" 'x1>=0.5' >"$folder/drawn" || return 1
    cat "$folder/drawn"
    awk -F, 'NR <= 5 && $1 < 0.5 { bad = 1 } NR == 6 && /^log probability -/ { told = 1 }
        END { exit bad || !told }' "$folder/drawn"
}

points_are_drawn_back_to_the_roll()
{
    "$folder/denoise" >"$folder/cleaned" || return 1
    cat "$folder/cleaned"
    test "$(grep -cE 'log evidence -[0-4]\.[0-9]+$' "$folder/cleaned")" -eq 4
}

rows_add_up_to_the_sum()
{
    "$folder/custom_evidence" >"$folder/sums" || return 1
    cat "$folder/sums"
    awk '$1 != 1 || $5 < 2.5 || $5 > 3.5 { bad = 1 } END { exit bad || NR != 4 }' "$folder/sums"
}

# Whole numbers and texts leave as such, and what is drawn is a row like those of the data.
people_are_drawn_in_memory()
{
    "$folder/in_memory" >"$folder/people" || return 1
    cat "$folder/people"
    head -n 3 "$folder/people" | tr '\n' ' ' | grep -qx 'height: g age: l town: i ' &&
        test "$(grep -cE '^1[0-9]{2}[.][0-9] cm, [2-6][0-9] years, (Bern|Oslo|Rome)$' \
            "$folder/people")" -eq 5
}

# A file of the program is a file of the library.
one_call_makes_the_file_of_the_program()
{
    "$noneq" data heartbeat -n 300 -o "$folder/beat.csv" || return 1
    "$noneq" train "$folder/beat.csv" -o "$folder/beat.nq" --updates 40 --hidden 8 -q || return 1
    "$folder/fit" "$folder/beat.csv" "$folder/own.nq" updates=40 hidden=8 2>&1 || return 1
    cmp "$folder/own.nq" "$folder/beat.nq"
}

# Thirty lines of C and three commands.
whole_is_three_commands()
{
    local place=$folder/whole_place its=$folder/whole_its
    mkdir -p "$place" "$its" && head -n 80 "$folder/towns.csv" >"$place/data.csv" &&
        head -n 30 "$folder/towns.csv" >"$place/gaps.csv" || return 1
    (cd "$place" && "$folder/whole") && cd "$its" &&
        "$noneq" train "$place/data.csv" -o m.nq -q &&
        "$noneq" score m.nq "$place/data.csv" -o scores.csv -q &&
        "$noneq" impute m.nq "$place/gaps.csv" -o filled.csv -q || return 1
    for file in m.nq scores.csv filled.csv; do
        cmp "$place/$file" "$its/$file" || return 1
    done
}

if ! cmake --install "$build" --prefix "$prefix" >"$folder/install.log" 2>&1; then
    fail the_library_installs "$(cat "$folder/install.log")"
    finish
    exit
fi
expect_success train_and_sample_compiles compile train_and_sample
expect_success fit_compiles compile fit
expect_success whole_compiles compile whole
expect_success score_rows_compiles compile score_rows
expect_success evaluate_compiles compile evaluate
expect_success impute_compiles compile impute
expect_success draw_compiles compile draw
expect_success denoise_compiles compile denoise
expect_success custom_evidence_compiles compile custom_evidence
expect_success in_memory_compiles compile in_memory
expect_success the_readme_works the_readme_works
expect_success one_call_makes_the_file_of_the_program one_call_makes_the_file_of_the_program
expect_success training_raises_the_bound training_raises_the_bound
expect_success samples_look_like_the_data samples_look_like_the_data
expect_success the_program_reads_the_model the_program_reads_the_model
expect_success an_outlier_has_the_lowest_score an_outlier_has_the_lowest_score
expect_success scores_are_those_of_the_program scores_are_those_of_the_program
expect_success reports_are_those_of_the_program reports_are_those_of_the_program
expect_success a_missing_file_is_an_error a_missing_file_is_an_error
expect_success a_mixed_table_is_trained a_mixed_table_is_trained
expect_success whole_is_three_commands whole_is_three_commands
expect_success the_program_fills_the_same_bytes the_program_fills_the_same_bytes
expect_success drawn_rows_meet_the_condition drawn_rows_meet_the_condition
expect_success points_are_drawn_back_to_the_roll points_are_drawn_back_to_the_roll
expect_success rows_add_up_to_the_sum rows_add_up_to_the_sum
expect_success people_are_drawn_in_memory people_are_drawn_in_memory
finish
