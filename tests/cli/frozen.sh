#!/usr/bin/env bash
# frozen.sh - model files that each release has written are read, and mean what they meant.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# field FILE NAME: of the JSON of info, of the outermost level.
field()
{
    tr -d '"' <"$1" | sed -n "s/^\t$2:\t\(.*\),$/\1/p"
}

# is_near A B SE: within what the Monte Carlo errors of both leave open.
is_near()
{
    awk -v a="$1" -v b="$2" -v se="$3" 'BEGIN {
        d = a - b
        exit !(a != "" && (d < 0 ? -d : d) <= 0.001 + 6 * se) }'
}

# has_shape FILE ROWS COLUMNS: rows below the header, if there is one, all as wide.
has_shape()
{
    awk -F, -v rows="$2" -v columns="$3" 'NF != columns { bad = 1 }
        END { exit bad || (NR != rows && NR != rows + 1) }' "$1"
}

for place in "$root"/tests/frozen/[0-9]*/; do
    version=$(basename "$place")
    while read -r model data rows kernel regressor steps dim columns parameters bits se; do
        case $model in '#') continue ;; esac
        name=${version}_${model%.nq}
        succeeds "${name}_is_read" info "$place$model" --json
        cp out info.json
        holds "${name}_is_of_its_release" test "$(field info.json writer)" = "noneq $version"
        for pair in "kernel:$kernel" "regressor:$regressor" "steps:$steps" "dim:$dim" \
            "columns:$columns" "parameters:$parameters"; do
            holds "the_${pair%%:*}_of_$name" \
                test "$(field info.json "${pair%%:*}")" = "${pair#*:}"
        done
        succeeds "${name}_is_evaluated" eval "$place$model" "$place$data" --json --terms 2000 -q
        holds "K_of_${name}_is_what_it_was" is_near "$(bits_of bound out)" "$bits" "$se"
        succeeds "${name}_gives_samples" sample "$place$model" -n 7 -q -o rows.csv
        holds "samples_of_${name}_have_their_shape" has_shape rows.csv 7 "$columns"
        succeeds "${name}_scores_rows" score "$place$model" "$place$data" -q -o scores.csv
        holds "each_row_of_${name}_has_a_score" \
            test "$(wc -l <scores.csv)" -eq $((rows + 1))
    done <"$place/expected.txt"

    # Texts, dates, decimals and gaps come back as the data had them.
    succeeds "the_table_of_${version}_is_filled" \
        impute "$place/mixed_table.nq" "$place/shop.csv" -o filled.csv -q
    expect_nothing "rows_filled_by_the_table_of_$version" "$(sed 1d filled.csv | grep -vE \
        '^r[0-9]{2},(Bern|Oslo|Rome),20[0-9]{2}-[0-9]{2}-[0-9]{2},[0-9]+,[0-9.]+,-?[0-9.]+$')"
done
finish
