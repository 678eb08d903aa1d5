#!/usr/bin/env bash
# posterior.sh - impute and denoise: what is filled, what comes back untouched, what is refused.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run data gaussian -n 300 --dim 2 --noise 0.8 -o rows.npy
run data heartbeat -n 200 -o beat.csv
run train rows.npy -o m.nq --regressor mlp --hidden 8 --steps 12 --updates 40 -q
run train rows.npy -o roles.nq --roles 1 --hidden 8 --steps 12 --updates 40 -q
run train beat.csv -o beat.nq --regressor mlp --hidden 8 --steps 15 --updates 40 -q
printf 'a,b\n0.1,\n,-0.30000001\n,NA\n1,0.25\n' >gaps.csv

succeeds gaps_are_filled impute m.nq gaps.csv -o full.csv
holds the_shape_is_kept test "$(wc -l <full.csv)" -eq 5 -a "$(head -n 1 full.csv)" = a,b
prints a_known_cell_keeps_its_text '^0\.1,[-0-9]' full.csv
prints a_known_cell_keeps_all_its_digits ',-0\.30000001$' full.csv
prints a_full_row_passes_through '^1,0\.25$' full.csv
holds nothing_is_missing_any_more awk -F, \
    '$1 == "" || $2 == "" || /nan|NA/ { bad = 1 } END { exit bad }' full.csv
succeeds a_table_without_gaps_comes_back impute m.nq full.csv -o same.csv
holds as_it_was cmp full.csv same.csv
prints and_that_nothing_was_filled_is_told '^note: no cell of full.csv is missing' err
succeeds one_thread_fills_too impute m.nq gaps.csv -o one.csv --threads 1
succeeds three_threads_fill_too impute m.nq gaps.csv -o three.csv --threads 3
holds draws_do_not_depend_on_threads cmp one.csv three.csv
succeeds another_seed_fills_too impute m.nq gaps.csv -o other.csv --seed 2
differs another_seed_gives_other_draws full.csv other.csv

succeeds draws_come_as_rows impute m.nq gaps.csv --draws 3 -o draws.csv
holds draws_are_labelled test "$(head -n 1 draws.csv)" = row,draw,a,b
holds there_are_three_of_each test "$(wc -l <draws.csv)" -eq 13
succeeds means_are_written impute m.nq gaps.csv --mean -o mean.csv
holds means_have_the_shape_of_the_data test "$(wc -l <mean.csv)" -eq 5
succeeds quantiles_are_written impute m.nq gaps.csv --quantiles 0.05,0.95 -o range.csv
holds quantiles_are_in_order awk -F, 'NR > 1 && $2 < 0.5 { a = $3; b = $4 }
    NR > 1 && $2 > 0.5 && ($3 < a || $4 < b) { bad = 1 } END { exit bad || NR != 9 }' range.csv
# Proper scores of draws, counted again from the draws themselves; of many without pairs of draws.
"$noneq" data gaussian -n 20 --dim 2 --noise 0.8 --seed 5 -o truth.csv
awk -v OFS=, '{ print (NR % 3 ? 1 : 0), (NR % 2 ? 1 : 0) }' truth.csv >hide.csv
run impute m.nq truth.csv --mask hide.csv -n 8 --method noised --score --json -o few.csv
mv out few.json
run impute roles.nq truth.csv --mask hide.csv -n 20 --score --json -o many.csv
mv out many.json
run info m.nq --json
mv out info.json
if has_python scores_are_those_of_the_draws; then
    holds scores_are_those_of_the_draws python3 - <<'END'
import csv, json, math
unit = json.load(open("info.json"))["scaling"]["deviation"]
rows = lambda path: [[float(x) for x in row] for row in csv.reader(open(path)) if row[0] != "row"]
truth, hide = rows("truth.csv"), rows("hide.csv")
size = lambda a, b, cells: math.sqrt(sum(((a[c] - b[c]) / unit[c]) ** 2 for c in cells))
def score(own, y, cells):
    left = 1 if len(own) >= 16 else 0
    pairs = [size(a, b, cells) for i, a in enumerate(own) for b in own[:max(i - left, 0)]]
    return sum(size(a, y, cells) for a in own) / len(own) - sum(pairs) / len(pairs) / 2
for name in "few", "many":
    crps, energy, draws = [], [], rows(name + ".csv")
    for r, y in enumerate(truth):
        own = [d[2:] for d in draws if d[0] == r]
        cells = [c for c in (0, 1) if hide[r][c]]
        crps += [score(own, y, [c]) for c in cells]
        energy += [score(own, y, cells)] if cells else []
    found = json.load(open(name + ".json"))
    assert abs(found["crps"] - sum(crps) / len(crps)) < 1e-4, (found, sum(crps) / len(crps))
    assert abs(found["energy"] - sum(energy) / len(energy)) < 1e-4
END
fi

for method in paper noised particles; do
    succeeds "the_method_${method}_fills" impute m.nq gaps.csv --method "$method" -o x.csv
done

printf 'a,b\n1,1\n1,\n1e300,\n' >far.csv # the first passes through
refuses what_is_too_far_to_say_anything 1 'row 3: what is drawn of column 2 is not finite' \
    impute roles.nq far.csv
printf '0,1\n1,0\n1,1\n0,0\n' >mask.csv
printf '5,6\n7,8\n9,9\n1,0.25\n' >plain.csv
succeeds a_mask_names_the_missing impute m.nq plain.csv --mask mask.csv -o masked.csv
prints the_mask_spares_a_cell '^5,' masked.csv
holds the_mask_empties_a_cell awk -F, 'NR == 1 && $2 == 6 { bad = 1 } END { exit bad }' masked.csv
if has_python npy_cells_are_bit_identical; then
    succeeds npy_is_imputed impute m.nq rows.npy -o same.npy
    holds npy_cells_are_bit_identical cmp rows.npy same.npy
fi

succeeds rows_are_denoised denoise m.nq plain.csv --sigma 0.5 --mean -o clean.csv
holds noise_pulls_towards_the_data awk -F, 'NR == 3 && ($1 >= 9 || $2 >= 9) { bad = 1 }
    END { exit bad || NR != 4 }' clean.csv
succeeds bits_are_denoised denoise beat.nq beat.csv --flip 0.1 -o bits.csv
holds bits_stay_bits awk -F, '{ for (i = 1; i <= NF; i++) if ($i != 0 && $i != 1) bad = 1 }
    END { exit bad }' bits.csv

printf '1,inf\n' >inf.csv
printf '1,2,3\n' >wide.csv
sed '3s/^[01]/0.5/' beat.csv >half.csv
refuses an_infinite_cell_is_refused 1 'finite' impute m.nq inf.csv
refuses other_columns_are_refused 1 '3 columns.* 2' impute m.nq wide.csv
refuses half_a_bit_is_refused 1 'half.csv:3: column 1: expected 0 or 1, found 0.5' \
    impute beat.nq half.csv
refuses a_mask_of_other_numbers_is_refused 1 'expected 0 or 1' \
    impute m.nq plain.csv --mask plain.csv
refuses an_unknown_method_is_refused 2 'magic' impute m.nq gaps.csv --method magic
refuses an_unknown_twist_is_refused 2 'magic' impute m.nq gaps.csv --twist magic
refuses known_cells_want_the_informed_twist 1 'informed' \
    impute m.nq gaps.csv --twist constant
refuses two_summaries_are_refused 2 'one at a time' \
    impute m.nq gaps.csv --mean --quantiles 0.5
refuses a_quantile_above_1_is_refused 2 'from 0 to 1' impute m.nq gaps.csv --quantiles 0.5,2
refuses noise_without_a_size_is_refused 2 'sigma' denoise m.nq plain.csv
refuses sigma_for_bits_is_refused 1 'flip' denoise beat.nq beat.csv --sigma 1
finish
