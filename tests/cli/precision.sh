#!/bin/bash
# precision.sh - ids, Unix times, prices and long decimals keep their digits from file to file.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# of the Gaussian kernel, which knows no grid; then of columns by their kinds
tiny=(--kernel gaussian --regressor mlp --hidden 8 --steps 12 --updates 40 --threads 1 -q)
mixed=(--kernel mixed --hidden 8 --steps 12 --updates 40 --threads 1 -q)

# near: t within a minute and what depends on it; far: the same behind 1700000000.
awk 'BEGIN { srand(7); print "t,y"; for (r = 0; r < 600; r++) {
    t = int(60 * rand()); printf "%d,%.4f\n", t, t / 20 + rand() } }' >near.csv
awk -F, -v OFS=, 'NR > 1 { $1 += 1700000000; $1 = sprintf("%d", $1) } 1' near.csv >far.csv
run train near.csv -o near.nq "${tiny[@]}"
succeeds a_column_of_large_offset_is_trained train far.csv -o far.nq "${tiny[@]}"
holds nothing_is_warned_of test ! -s err
run eval near.nq near.csv --threads 1
near=$(awk '/^K / { print $2; exit }' out)
run eval far.nq far.csv --threads 1
far=$(awk '/^K / { print $2; exit }' out)
holds an_offset_costs_less_than_a_thousandth_of_a_bit awk -v a="$near" -v b="$far" \
    'BEGIN { exit !(a != "" && (a - b) ^ 2 < 1e-6) }'
run sample far.nq -n 300 --threads 1 -o drawn.csv
holds samples_are_spread_over_the_minute awk -F, 'NR > 1 { s += $1 - 1700000030;
    q += ($1 - 1700000030) ^ 2; seen[$1]++ } END { n = NR - 1; d = sqrt(q / n - (s / n) ^ 2);
    exit !(d > 8 && d < 40 && length(seen) > 250) }' drawn.csv
holds they_have_no_digits_of_noise awk -F, 'NR > 1 && length($1) > 17 { exit 1 }' drawn.csv
printf 't,y\n1700000300,0.5\n1700000010,0.5\n' >rows.csv
succeeds a_row_far_off_is_scored score far.nq rows.csv --threads 1 -o scores.csv
holds it_is_far_less_likely awk -F, 'NR == 2 { a = $2 } NR == 3 { exit !(a < $2 - 20) }' scores.csv
run info far.nq
prints the_mean_has_its_digits '^t +17000000[0-9]+\.[0-9]+ ' out

awk 'BEGIN { srand(3); print "id,price,y"; for (r = 0; r < 300; r++)
    printf "%d,%.17g,%.4f\n", 20260001085 + r, 19.99 + r / 7, rand() }' >shop.csv
awk -F, -v OFS=, 'NR > 1 { $3 = "" } NR < 6' shop.csv >gaps.csv
run train shop.csv -o shop.nq "${tiny[@]}"
run impute shop.nq gaps.csv --threads 1 -o full.csv
holds ids_and_long_decimals_come_back cmp <(cut -d, -f1,2 full.csv) <(cut -d, -f1,2 gaps.csv)

succeeds columns_of_kinds_are_trained train far.csv -o grid.nq \
    --types t=whole "${mixed[@]}"
run sample grid.nq -n 300 --threads 1 -o drawn.csv
holds their_numbers_are_on_the_grid_and_in_range awk -F, 'NR > 1 &&
    ($1 != int($1) || $1 < 1700000000 || $1 > 1700000059) { exit 1 }' drawn.csv
succeeds a_value_off_the_grid_has_no_probability score grid.nq rows.csv --threads 1 -o scores.csv
holds and_others_are_unharmed awk -F, 'NR == 2 { a = $2 } NR == 3 {
    exit !(a == "-inf" && $2 + 0 == $2) }' scores.csv
run info grid.nq
prints the_range_of_a_grid_has_its_digits \
    '^ *1  t +whole +17000000[0-9]+ to 17000000[0-9]+, step 1' out
run train shop.csv -o shop.nq "${mixed[@]}"
run impute shop.nq gaps.csv --threads 1 -o full.csv
holds ids_and_long_decimals_come_back_from_kinds \
    cmp <(cut -d, -f1,2 full.csv) <(cut -d, -f1,2 gaps.csv)

{ cat near.csv; echo '1e30,1'; } >outlier.csv
run train outlier.csv -o o.nq "${tiny[@]}"
prints an_outlier_is_told_by_row_and_column 'row 601, column 1 \("t"\): .*deviations' err
finish
