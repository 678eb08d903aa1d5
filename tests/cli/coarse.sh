#!/usr/bin/env bash
# coarse.sh - pictures read as means of squares, and holes drawn in a reduced picture first.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run data deadleaves -n 12 --size 32 -o leaves.npy
run data deadleaves -n 1 --size 50 --seed 2 -o photo.png
run data gaussian -n 100 --dim 6 -o rows.csv
small=(--regressor image --hidden none --image 16x16 --layers 1 --scales 2 --channels 4
    --pixel-hidden 4 --bumps 2 --steps 12 --updates 30 --batch 32 --roles 1 -q)
run train leaves.npy -o m.nq "${small[@]}"
run train rows.csv -o flat.nq "${tiny[@]}" -q

succeeds pictures_are_reduced train leaves.npy --reduce 2 -o half.nq "${small[@]}"
run info half.nq
prints the_model_says_so '^ *reduce +2$' out
run info m.nq
holds and_others_do_not sh -c '! grep -q " reduce " out'
succeeds its_data_are_reduced_by_themselves eval half.nq leaves.npy --terms 8 -q
cp out by_itself
prints what_a_pixel_is_is_said 'mean of 2 x 2 pixels' by_itself
prints it_is_no_grey_level 'its pixels are means of several' by_itself
succeeds or_as_one_says eval half.nq leaves.npy --terms 8 -q --reduce 2
holds which_is_the_same cmp out by_itself
succeeds and_not_where_one_says_so eval half.nq leaves.npy --terms 8 -q --reduce 1
prints then_they_are_crops ' 48 rows of 256 numbers' out
prints and_else_whole ' 12 rows of 256 numbers' by_itself
run sample half.nq -n 5 -o samples.npy
succeeds samples_are_pictures sample half.nq -n 5 -o samples.png
run sample half.nq -n 5 --black 0 --white 255 -o grey.png
holds means_are_shown_as_the_grey_levels_are cmp samples.png grey.png
run sample half.nq -n 2 --size 20x20 -o samples.png
run sample half.nq -n 2 --size 20x20 --black 0 --white 255 -o grey.png
holds of_another_size_too cmp samples.png grey.png
run sample half.nq -n 5 -o samples.csv
succeeds its_samples_are_of_its_size eval half.nq samples.npy --terms 8 -q
prints and_are_taken_as_they_are ' 5 rows of 256 numbers' out
succeeds flat_rows_too eval half.nq samples.csv --terms 8 -q
prints and_are_taken_so ' 5 rows of 256 numbers' out
succeeds filling_reduces_them_too impute half.nq photo.png --mask 3,4,9,8 -o small.npy
prints to_the_reduced_size '\(1, 25, 25\)|\(1, 1, 25, 25\)|\(1, 625\)' <(head -n 1 small.npy)
refuses a_mask_is_of_the_reduced_picture 1 'does not lie inside pictures of 25x25' \
    impute half.nq photo.png --mask 30,4,9,8 -o x.npy
succeeds a_figure_reduces_them plot half.nq leaves.npy -o figure.png
refuses tables_are_not_reduced 1 'reduce is about pictures' \
    train rows.csv --reduce 2 -o x.nq "${tiny[@]}"
refuses small_pictures_are_not_reduced_away 1 'no square of so many pixels' \
    train leaves.npy --reduce 40 -o x.nq "${small[@]}"
refuses a_part_of_a_pixel_is_no_side 2 'reduce' train leaves.npy --reduce 1.5 -o x.nq

hole=(impute m.nq photo.png --mask 11,9,24,22)
succeeds a_hole_is_drawn_in_two_sizes "${hole[@]}" --coarse half.nq -n 3 -o one.npy --threads 1
succeeds by_threads_too "${hole[@]}" --coarse half.nq -n 3 -o three.npy --threads 3
holds and_does_not_depend_on_them cmp one.npy three.npy
succeeds or_in_one "${hole[@]}" -n 3 -o alone.npy
differs which_is_another_draw one.npy alone.npy
succeeds a_sheet_and_a_score_are_made "${hole[@]}" --coarse half.nq --sheet sheet.png --score
prints the_score_counts_the_hole '^cells +528 in 1 rows' out
succeeds by_another_method "${hole[@]}" --coarse half.nq --method noised -o noised.npy
succeeds a_hole_without_a_square impute m.nq photo.png --mask 11,9,3,1 --coarse half.nq -o thin.npy
prints is_told 'no hole has a whole square of 2 x 2 pixels: the coarse model draws nothing' err
succeeds pictures_of_the_models_size_too impute m.nq leaves.npy --rows 2 --mask 2,2,9,9 \
    --coarse half.nq -o own.npy
succeeds and_a_picture_without_a_hole impute m.nq photo.png --coarse half.nq -o kept.pgm

# A network that is told of the means.
succeeds a_network_is_told_of_means train leaves.npy -o told.nq "${small[@]}" --squares 2
run info told.nq
prints the_model_says_of_which '^ *squares +2$' out
succeeds a_model_of_means_has_no_roles train leaves.npy --reduce 2 -o plain.nq "${small[@]}" \
    --roles 0
succeeds it_fills_a_hole impute told.nq photo.png --mask 11,9,24,22 --coarse plain.nq -n 3 \
    -o told.npy --threads 1
holds and_says_nothing test ! -s err
succeeds with_threads impute told.nq photo.png --mask 11,9,24,22 --coarse plain.nq -n 3 \
    -o told3.npy --threads 3
holds as_well cmp told.npy told3.npy
succeeds it_draws_whole_pictures sample told.nq --size 70x52 --coarse plain.nq -n 2 -o told.png
succeeds and_has_a_bound eval told.nq leaves.npy --terms 8 -q
run train leaves.npy --reduce 4 -o quarter.nq "${small[@]}" --image 8x8
succeeds means_of_others_are_drawn impute told.nq photo.png --mask 11,9,24,22 --coarse quarter.nq \
    -o x.npy
prints which_is_said 'told of means of 2 x 2 pixels, not of 4 x 4' err
refuses only_with_roles 1 'squares 2: .*expected --roles 1' \
    train leaves.npy -o x.nq "${small[@]}" --squares 2 --roles 0
refuses only_without_a_dense_pathway 1 'squares 2: .*expected --hidden none' \
    train leaves.npy -o x.nq "${small[@]}" --squares 2 --hidden 8
refuses only_of_one_scale 1 'squares 2: .*expected --scale whole' \
    train leaves.npy -o x.nq "${small[@]}" --squares 2 --scale column
refuses only_where_there_is_one 1 'squares 17: pictures of 16x16 .* have no square' \
    train leaves.npy -o x.nq "${small[@]}" --squares 17
refuses only_of_pictures 1 'squares 2: this regressor is of no pictures' \
    train rows.csv -o x.nq "${tiny[@]}" --squares 2

drawn=(sample m.nq --size 70x52 --coarse half.nq)
succeeds pictures_are_drawn_in_two_sizes "${drawn[@]}" -n 20 -o two.csv --threads 1
succeeds samples_by_threads_too "${drawn[@]}" -n 20 -o threads.csv --threads 3
holds a_sample_does_not_depend_on_them cmp two.csv threads.csv
succeeds a_few_are_drawn "${drawn[@]}" -n 3 -o few.csv
holds and_are_the_first_of_many cmp few.csv <(head -n 3 two.csv)
succeeds the_models_own_size_serves sample m.nq --coarse half.nq -n 4 -o page.png
refuses a_trajectory_has_one_size 2 'coarse goes with neither' \
    "${drawn[@]}" -n 3 --trajectory 3 -o x.npy
refuses rows_are_not_drawn_in_two_sizes 1 'coarse is about pictures' \
    sample flat.nq --coarse half.nq -o x.csv
refuses samples_need_means 2 'trained with --reduce' sample m.nq --coarse m.nq -o x.npy

refuses a_coarse_model_is_of_means 2 'trained with --reduce 2, or another multiple' \
    "${hole[@]}" --coarse m.nq -o x.npy
run data mixture -n 8 --dim 768 -o colours.csv
run train colours.csv -o colours.nq "${small[@]}" --image 3x16x16
refuses sizes_are_of_one_number_of_planes 1 'the coarse model was made for pictures of 1 planes' \
    sample colours.nq --coarse half.nq -n 1 -o x.npy
refuses a_coarse_model_is_coarser 2 'means of 2 x 2 pixels, the other one of 2 x 2' \
    impute half.nq leaves.npy --rows 1 --mask 1,1,9,9 --coarse half.nq -o x.npy
refuses samples_of_it_too 2 'the other one of 2 x 2' \
    sample half.nq --size 20x24 --coarse half.nq -n 1 -o x.npy
refuses one_of_rows_is_none 2 'trained with --reduce' \
    "${hole[@]}" --coarse flat.nq -o x.npy
refuses a_coarse_model_has_to_be_there 1 'nowhere.nq' "${hole[@]}" --coarse nowhere.nq -o x.npy
refuses filters_know_no_means 1 'noised and roles' \
    "${hole[@]}" --coarse half.nq --method particles -o x.npy
refuses rows_have_no_squares 1 'coarse is about pictures' \
    impute flat.nq rows.csv --coarse half.nq -o x.csv
refuses noise_has_no_holes 1 'coarse is for pixels that are missing' \
    denoise m.nq leaves.npy --sigma 9 --coarse half.nq -o x.npy
refuses conditions_are_about_rows 2 'coarse is about holes' \
    "${hole[@]}" --coarse half.nq --given 1=3 -o x.npy
refuses the_output_is_no_model 1 'half.nq' "${hole[@]}" --coarse half.nq -o half.nq

finish
