#!/usr/bin/env bash
# pictures.sh - pictures out: grids, strips, other sizes, holes and noise, and what is refused.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run data deadleaves -n 12 --size 16 -o leaves.npy
run data deadleaves -n 1 --size 40 -o large.png
run data deadleaves -n 1 --size 16 --seed 3 -o mask.png
run data gaussian -n 100 --dim 6 -o rows.csv
small=(--regressor image --image 16x16 --layers 1 --scales 2 --channels 4 --pixel-hidden 4
    --bumps 2 --steps 12 --updates 30 --batch 32 -q)
run train leaves.npy -o m.nq --hidden none "${small[@]}"
run train leaves.npy -o dense.nq --hidden 8 "${small[@]}"
run train rows.csv -o flat.nq "${tiny[@]}" -q

# has_size FILE WIDTH HEIGHT DEPTH: what the header of a PNG says.
has_size()
{
    local found
    found=$(od -An -v -tu1 -w9 -j16 -N9 "$1" | tr -s ' ')
    test "$found" = " 0 0 $(($2 / 256)) $(($2 % 256)) 0 0 $(($3 / 256)) $(($3 % 256)) $4"
}

succeeds samples_are_a_grid sample m.nq -n 5 -o grid.png
holds the_grid_is_nearly_square has_size grid.png 52 34 8
succeeds samples_stand_in_columns sample m.nq -n 5 --columns 5 -o line.png --depth 16
holds the_line_is_one_line_of_16_bits has_size line.png 88 16 16
succeeds a_trajectory_is_a_strip sample m.nq -n 3 --trajectory 4 -o strip.png
holds the_strip_has_a_line_for_each_sample has_size strip.png 70 52 8
succeeds one_sample_is_one_picture sample m.nq -n 1 -o one.pgm
prints a_pgm_of_the_models_size '^P5' one.pgm
succeeds samples_have_another_size sample m.nq -n 2 --size 70x300 -o large_sample.png
holds the_sample_is_as_large_as_was_asked has_size large_sample.png 602 70 8
succeeds tables_have_another_size_too sample m.nq -n 2 --size 20x24 -o s.csv
holds the_table_has_a_column_for_each_pixel test "$(head -n 1 s.csv | tr -cd , | wc -c)" -eq 479
succeeds large_samples_are_repeatable sample m.nq -n 17 --size 70x70 -o a.npy --threads 1
succeeds large_samples_take_threads sample m.nq -n 17 --size 70x70 -o b.npy --threads 3
holds large_samples_do_not_depend_on_threads cmp a.npy b.npy
# One picture is cut into tiles that threads share; 17 are whole pictures, a block of them a thread.
succeeds one_large_sample_is_drawn sample m.nq -n 1 --size 120x150 -o a.csv --threads 1
succeeds threads_share_one_large_sample sample m.nq -n 1 --size 120x150 -o b.csv --threads 3
holds one_large_sample_does_not_depend_on_threads cmp a.csv b.csv
succeeds many_large_samples_are_drawn sample m.nq -n 17 --size 120x150 -o many.csv
holds one_large_sample_is_the_first_of_many sh -c 'head -n 1 many.csv >first;
    paste -d, a.csv first | awk -F, "{ for (i = 1; i <= NF / 2; i++) { gap = \$i - \$(i + NF / 2)
        if (gap > .01 || gap < -.01) exit 1; seen++ } } END { exit seen != 18000 }"'
succeeds rows_of_a_table_are_shown_as_said sample flat.nq -n 4 --image 2x3 -o flat.png
holds the_shape_is_the_one_said has_size flat.png 8 6 8
succeeds black_and_white_are_chosen sample m.nq -n 5 -o dark.png --white 1000
differs another_white_is_another_picture dark.png grid.png

# Convolutions that go down the sizes and up again.
unet=(--regressor image --image 16x16 --unet 4,6,6 --pixel-hidden 4 --bumps 2 --steps 12
    --updates 30 --batch 32 -q)
succeeds a_unet_trains train leaves.npy -o unet.nq "${unet[@]}"
succeeds a_preset_takes_a_unet train leaves.npy -o unet2.nq --preset deadleaves "${unet[@]}"
run info unet.nq
prints a_unet_says_its_sizes 'unet *4,6,6' out
succeeds pictures_of_a_unet_have_any_size sample unet.nq -n 1 --size 130x150 -o a.csv --threads 1
succeeds threads_share_a_picture_of_a_unet sample unet.nq -n 1 --size 130x150 -o b.csv --threads 3
holds a_picture_of_a_unet_does_not_depend_on_threads cmp a.csv b.csv
succeeds a_unet_fills_a_hole impute unet.nq large.png --mask 10,12,20,20 -o filled.png

succeeds a_rectangle_is_filled impute m.nq leaves.npy --mask 4,5,6,7 --rows 3 \
    --sheet sheet.png
holds nothing_else_is_printed test ! -s out
holds a_sheet_has_the_original_the_hole_draws_and_mean has_size sheet.png 124 52 8
# Networks that are told which pixels are known fill a hole in one pass.
run train leaves.npy -o roles.nq --hidden none "${small[@]}" --roles 1
run train leaves.npy -o whole.nq --hidden 8 "${small[@]}" --roles 1
for model in roles whole; do
    succeeds "a_half_is_drawn_by_$model" impute $model.nq leaves.npy --mask left --rows 2 --score
    prints "in_one_pass_by_$model" '^method +roles' out
done
succeeds a_hole_in_a_large_picture_is_drawn impute roles.nq large.png --mask 9,7,15,12 -n 2 \
    -o one.npy --threads 1
succeeds by_threads_too impute roles.nq large.png --mask 9,7,15,12 -n 2 -o three.npy --threads 3
holds a_hole_does_not_depend_on_threads cmp one.npy three.npy
succeeds nothing_known_is_a_sample sample roles.nq -n 2 --size 40x24 -o sample.png
succeeds other_pixels_are_a_question eval roles.nq leaves.npy --of 1-3 --given 4 --terms 8 -q
prints of_so_many_pixels '^K .* per number' out
holds but_not_of_a_picture sh -c '! grep -q "bits per pixel" out'
refuses noise_is_not_known 1 'takes known cells only' denoise roles.nq leaves.npy --sigma 9 \
    --method roles --rows 2 -o noise.npy
succeeds noise_has_another_method denoise roles.nq leaves.npy --sigma 9 --rows 2 -o noise.npy
refuses others_know_no_roles 1 'trained with --roles 1' impute m.nq large.png --mask 9,7,15,12 \
    --method roles -o x.pgm
refuses a_readout_without_the_step 1 'regressor cannot be told' train leaves.npy -o x.nq \
    --hidden none "${small[@]}" --roles 1 --readout bumps

succeeds a_score_is_printed impute m.nq leaves.npy --mask left --rows 3 --score
prints the_score_counts_the_hidden_cells '^cells +384 in 3 rows, 19 draws' out
prints the_score_has_an_interval 'hold [0-9.]+ % of the true' out
for half in left right top bottom; do
    succeeds "the_${half}_half_is_filled" impute m.nq leaves.npy --mask "$half" --rows 2 \
        -o "$half.npy"
done
differs halves_differ left.npy right.npy
if has_python the_score_is_json; then
    succeeds a_score_is_json impute m.nq leaves.npy --mask mask.png --method noised --rows 4 \
        --json --sheet png_mask.png
    holds the_score_is_json json_has out \
        '(v["rows"] == 4 and v["cells"] % 4 == 0 and 0 < v["cells"] < 1024 and v["rmse"] > 0 and
        0 <= v["coverage_90"] <= 1 and 0 < v["crps"] < v["energy"] and
        v["method"] == "noised" and v["rmse_scaled"] > 0)'
    succeeds few_draws_have_no_interval impute m.nq leaves.npy --mask left --json -n 5
    holds an_interval_of_few_draws_is_null json_has out 'v["coverage_90"] is None'
    holds known_pixels_are_kept_and_hidden_ones_drawn python3 - <<'END'
import struct
def values(path, kind):
    bytes_ = open(path, "rb").read()
    begin = 10 + struct.unpack("<H", bytes_[8:10])[0]
    return [v[0] for v in struct.iter_unpack("<" + kind, bytes_[begin:])]
data, left = values("leaves.npy", "B"), values("left.npy", "f")
same = [data[i] == left[i] for i in range(512)]
assert all(same[i] for i in range(512) if i % 16 >= 8)
assert sum(same[i] for i in range(512) if i % 16 < 8) < 10
END
fi

succeeds a_hole_in_a_large_picture_is_filled impute m.nq large.png --mask 10,10,12,12 \
    -o filled.png -n 1
holds the_filled_picture_has_its_size has_size filled.png 40 40 8
run data deadleaves -n 1 --size 120 -o larger.png
for threads in 1 3; do
    succeeds "a_large_hole_is_filled_by_${threads}" impute m.nq larger.png \
        --mask 30,30,60,60 -n 1 -o "hole$threads.npy" --threads "$threads"
done
holds a_large_hole_does_not_depend_on_threads cmp hole1.npy hole3.npy
succeeds a_large_sheet_is_made impute m.nq large.png --mask 10,10,12,12 \
    --sheet large_sheet.png
holds the_large_sheet_has_all_places has_size large_sheet.png 292 40 8
succeeds large_pictures_are_scored impute m.nq large.png --mask 10,10,12,12 --score
prints the_large_score_counts_the_hole '^cells +144 in 1 rows' out

succeeds noise_is_added_and_taken_off denoise m.nq leaves.npy --snr 1 --add-noise --rows 2 \
    --sheet noisy.png --score
holds a_sheet_of_noise_has_all_places has_size noisy.png 196 34 8
prints the_score_counts_all_cells '^cells +512 in 2 rows' out
succeeds noise_of_a_given_size_is_taken_off denoise m.nq leaves.npy --sigma 30 --rows 2 \
    --mean -n 3 -o clean.png
holds means_are_shown_side_by_side has_size clean.png 34 16 8
succeeds large_noisy_pictures_are_drawn denoise m.nq large.png --snr 2 --add-noise -n 2 \
    -o clean_large.png
holds a_line_holds_the_draws has_size clean_large.png 82 40 8

printf 'not a picture' >text.png
run data deadleaves -n 1 --size 15 -o odd.png
refuses a_mask_of_another_size_is_refused 1 'odd\.png.*15x15.*16x16' \
    impute m.nq leaves.npy --mask odd.png
refuses a_mask_that_is_no_picture_is_refused 1 'text\.png' \
    impute m.nq leaves.npy --mask text.png
refuses a_mask_that_is_not_there_is_refused 1 'absent' impute m.nq leaves.npy --mask absent
refuses a_rectangle_outside_is_refused 1 'does not lie inside' \
    impute m.nq leaves.npy --mask 10,10,8,2
refuses halves_of_tables_are_refused 1 'part of a picture' \
    impute flat.nq rows.csv --mask left
refuses a_score_without_truth_is_refused 2 'no truth' impute m.nq leaves.npy --score
refuses a_noise_score_without_truth_is_refused 2 'no truth' \
    denoise m.nq leaves.npy --snr 1 --json
refuses two_measures_of_noise_are_refused 2 'give one' \
    denoise m.nq leaves.npy --snr 1 --sigma 3
refuses a_page_of_rows_that_are_no_pictures_is_refused 1 'no pictures' \
    sample flat.nq -n 4 -o no.png
refuses a_sheet_of_rows_that_are_no_pictures_is_refused 1 'no pictures' \
    denoise flat.nq rows.csv --sigma 1 --sheet no.png
holds nothing_was_written test ! -e no.png
refuses a_shape_that_does_not_fit_is_refused 1 '12 numbers; a row has 6' \
    sample flat.nq -n 4 --image 3x4 -o no.png
refuses a_size_of_words_is_refused 2 'HEIGHTxWIDTH' sample m.nq --size large -o no.png
refuses half_a_size_is_refused 2 'HEIGHTxWIDTH' sample m.nq --size 12x -o no.png
refuses another_size_of_a_dense_network_is_refused 1 '16 x 16' \
    sample dense.nq -n 1 --size 20x20 -o no.png
refuses a_large_picture_for_a_dense_network_is_refused 1 '16x16.*40x40' \
    impute dense.nq large.png --mask 10,10,12,12 -o no.png
refuses another_depth_is_refused 2 '8 or 16' sample m.nq --depth 12 -o no.png
refuses black_above_white_is_refused 2 'not below' \
    sample m.nq --black 9 --white 3 -o no.png
refuses a_sheet_of_no_format_is_refused 1 'picture format' \
    impute m.nq leaves.npy --mask left --sheet sheet.jpg
# Grey levels are whole numbers in range, and nearest to what the sampler drew.
"$noneq" sample m.nq -n 4 -o drawn.csv >out 2>err
"$noneq" sample m.nq -n 4 --levels -o levels.csv >out 2>err
holds levels_are_the_nearest_whole_numbers_in_range sh -c 'paste -d, drawn.csv levels.csv |
    awk -F, "{ n = NF / 2; for (i = 1; i <= n; i++) {
        want = \$i < 0 ? 0 : \$i > 255 ? 255 : \$i; gap = \$(i + n) - want;
        if (\$(i + n) != int(\$(i + n)) || gap > .51 || gap < -.51) exit 1; seen++ } }
        END { exit !seen }"'
refuses levels_without_dequantisation_are_refused 1 'dequantised' \
    sample flat.nq --levels -o no.csv
refuses one_file_for_two_results_is_refused 1 'both' \
    impute m.nq leaves.npy --mask left --sheet x.png -o x.png
refuses a_sheet_over_the_data_is_refused 1 'overwritten' \
    impute m.nq large.png --mask 1,1,3,3 --sheet large.png
refuses draws_and_score_on_one_output_are_refused 2 'not both' \
    impute m.nq leaves.npy --mask left --score -o -
refuses a_trajectory_of_one_time_is_refused 1 'trajectory' \
    sample m.nq --trajectory 1 -o no.png

# A file system without room: files may grow to 1 KiB only.
(
    ulimit -f 1
    trap '' XFSZ
    "$noneq" sample m.nq -n 36 -o full.png >out 2>err
    echo $? >status
)
holds a_full_disk_fails test "$(cat status)" -eq 1
prints a_full_disk_is_told '^noneq: .*full\.png' err
holds a_full_disk_leaves_nothing_behind test -z "$(find . -name 'full.png*')"
finish
