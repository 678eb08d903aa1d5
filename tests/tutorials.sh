#!/usr/bin/env bash
# tutorials.sh - the commands of docs/tutorials and of README.md, one after the other, as a reader
# types them; those of README.md on a small table of the same columns.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
root=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin"
ln -s "${NONEQ:-$root/build/release/noneq}" "$folder/bin/noneq"
export PATH=$folder/bin:$PATH
ln -s "$root/examples" "$folder/examples"

# commands FILE: its lines that begin with "$ ", and what a here-document is given.
commands()
{
    awk '/^```$/ { within = !within; next }
        within && here { print; if ($0 == "END") here = 0; next }
        within && /^\$ / { print substr($0, 3); if (/<<.END/) here = 1 }' "$1"
}

run_all()
{
    commands "$root/docs/tutorials/$1.md" >"$folder/$1.sh"
    test -s "$folder/$1.sh" && cd "$folder" && bash -eo pipefail "$1.sh"
}

# people ROWS SEED [GAPS]: a table of the columns that README.md names; of a cell in GAPS none.
people()
{
    awk -v rows="$1" -v seed="$2" -v gaps="${3:-0}" 'function cell(text) {
            return gaps && rand() * gaps < 1 ? "" : text }
        BEGIN { srand(seed); print "age,sex,education,hours-per-week,Salary"
            split("HS-grad Bachelors Masters Doctorate", school, " ")
            for (i = 0; i < rows; i++) {
                age = int(17 + 60 * rand()); years = int(1 + 4 * rand() * rand())
                hours = int(20 + 5 * years + 20 * rand())
                is_rich = rand() < .1 * years + .005 * age
                printf "%s,%s,%s,%s,%s\n", cell(age), cell(rand() < .4 ? "Female" : "Male"),
                    cell(school[years]), cell(hours), cell(is_rich ? ">50K" : "<=50K") } }'
}

# The model to compare with is the reader's own; all else is in the lines.
readme_run()
{
    awk '/^```$/ { within = !within; next } within && /^noneq / { print }' "$root/README.md" \
        >"$folder/readme.sh"
    test "$(grep -c . "$folder/readme.sh")" -ge 11 && cd "$folder" &&
        people 400 1 >adult.csv && people 150 2 >adult.test.csv && people 60 3 5 >gaps.csv &&
        noneq train adult.csv --updates 50 -o other.nq && bash -eo pipefail readme.sh
}

for name in copy fill odd; do
    expect_success "the_commands_of_${name}_work" run_all "$name"
done
expect_success "the_commands_of_the_readme_work" readme_run
finish
