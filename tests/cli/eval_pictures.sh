#!/usr/bin/env bash
# eval_pictures.sh - eval, score and train on pictures: crops, areas, units, Parzen windows.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# pgm FILE HEIGHT WIDTH MULTIPLIER WHITE: grey levels that look like noise, as text.
pgm()
{
    awk -v h="$2" -v w="$3" -v m="$4" -v white="$5" 'BEGIN {
        print "P2\n" w, h, "\n" white
        for (i = 1; i <= h * w; i++) { x = (x * m + 12345) % 65536; print x % (white + 1) }
    }' >"$1"
}

image=(--regressor image --image 8x8 --channels 2 --layers 1 --scales 1 --pixel-hidden 4
       --steps 8 --updates 4 --batch 64)
mkdir many
for i in $(seq 12); do pgm "many/$i.pgm" 16 24 $((1103 + 8 * i)) 255; done
mkdir two
cp many/1.pgm many/2.pgm two/

# Training rows are crops at every place; (16 - 8 + 1) * (24 - 8 + 1) = 153 of each picture.
succeeds crops_are_trained_on train many -o model.nq "${image[@]}" --valid 0.2
prints crops_of_ten_pictures_at_every_place '1530 rows of 64 columns; 12 more rows held out' err
prints pictures_are_set_aside_whole 'side by side of 2 pictures' err
succeeds few_pictures_are_split_by_area train two -o two.nq "${image[@]}" --valid 0.2
prints nothing_of_the_right_part_is_trained_on '162 rows of 64 columns; 4 more' err
prints and_that_is_told 'at every place of 16 x 16 pixels; held out: .* right 8 columns' err
succeeds mirrored_crops train two -o mirror.nq "${image[@]}" --mirror 1 --valid 0
prints are_twice_as_many '612 rows of 64 columns; no hold-out' err
succeeds an_area_restricts_training train two -o area.nq "${image[@]}" --area 0,0,8,0
prints to_its_places '18 rows of 64 columns' err
succeeds hold_out_files_are_cut_side_by_side \
    train many -o file.nq "${image[@]}" --valid two
prints into_six_crops_each '1836 rows of 64 columns; 12 hold-out rows' err
succeeds whole_pictures_are_mirrored train many -o whole.nq "${image[@]}" --image 16x24 \
    --mirror 1 --valid 0.25
prints by_picture '18 rows of 384 columns; 3 more rows held out' err
refuses an_area_too_small 1 'crop' train two -o x.nq "${image[@]}" --area 0,0,4,4
refuses no_room_for_a_hold_out 1 'too few' train two -o x.nq "${image[@]}" --valid 0.8
refuses areas_without_numbers 2 'LEFT,TOP' train two -o x.nq "${image[@]}" --area 1,2,x,4
refuses areas_of_three_numbers 2 'LEFT,TOP' train two -o x.nq "${image[@]}" --area 1,2,3
refuses areas_of_five_numbers 2 'LEFT,TOP' train two -o x.nq "${image[@]}" --area 1,2,3,4,5
refuses pictures_smaller_than_asked 1 'at least 32' train two -o x.nq --image 32x32
refuses an_odd_size 2 'HEIGHTxWIDTH' train two -o x.nq --image 8
run data swissroll -n 40 -o roll.npy
refuses mirrored_rows 1 'mirror needs pictures' train roll.npy -o x.nq --mirror 1
refuses areas_of_rows 1 'area needs pictures' train roll.npy -o x.nq --area 0,0,1,1
holds nothing_is_left_of_refusals test ! -e x.nq

succeeds eval_cuts_pictures eval model.nq many --terms 8
prints the_units_are_told 'Per pixel, which is all its colours' out
prints and_the_other_ones 'bits per dimension by K' out
run eval model.nq many --terms 8 --json
cp out whole.json
run eval model.nq many --terms 8 --area 0,0,8,0 --json
cp out area.json
run eval model.nq many --terms 8 --units data --json
cp out data.json
if has_python eval_json_of_pictures; then
    holds crops_are_side_by_side json_has whole.json 'v["rows"] == 12 * 2 * 3'
    holds the_area_restricts_them json_has area.json 'v["rows"] == 12 * 2'
    holds the_shape_is_told json_has whole.json \
        'v["picture"] == {"channels": 1, "height": 8, "width": 8}'
    holds a_pixel_is_a_part_of_the_row json_has whole.json \
        '(abs(v["bound"]["bits_per_pixel"] * 64 - v["bound"]["bits"]) < 1e-6 and
         abs(v["gain"]["bits_per_pixel"] * 64 - v["gain"]["bits"]) < 1e-6 and
         abs(v["null"]["bits_per_pixel"] * 64 - v["null"]["bits"]) < 1e-6)'
    holds grey_levels_cost_what_the_density_says json_has data.json \
        'abs(v["bits_per_dim_8bit"] + v["bound"]["bits"] / v["dim"]) < 1e-6'
    holds which_does_not_depend_on_the_units json_has whole.json \
        'abs(v["bits_per_dim_8bit"] - json.load(open("data.json"))["bits_per_dim_8bit"]) < 1e-9'
    holds noise_of_256_levels_costs_at_least_8_bits json_has whole.json \
        'v["bits_per_dim_8bit"] + 4 * v["bits_per_dim_8bit_se"] > 8'
fi

# 16-bit pictures whose levels are 257 times those of 8 bits cost the same on the 8-bit scale, but
# for the width of the noise, which is one of their own levels.
mkdir deep
for i in $(seq 12); do
    awk 'NR < 3 { print } NR == 3 { print 65535 } NR > 3 { print 257 * $1 }' "many/$i.pgm" \
        >"deep/$i.pgm"
done
succeeds sixteen_bits_are_trained_on train deep -o deep.nq "${image[@]}" --valid 0
run eval deep.nq deep --terms 8 --json
if has_python sixteen_bits; then
    holds sixteen_bits_are_on_the_same_scale json_has out '7.5 < v["bits_per_dim_8bit"] < 9'
fi
succeeds no_dequantisation_no_grey_bits \
    train many -o plain.nq "${image[@]}" --valid 0 --dequantize 0
run eval plain.nq many --terms 8 --json
if has_python no_grey_bits; then
    holds and_null_in_the_json json_has out 'v["bits_per_dim_8bit"] is None'
fi
run eval plain.nq many --terms 8
prints with_the_reason '8-bit scale: .*without noise' out

succeeds score_has_a_row_for_each_crop score model.nq two --terms 8 -o scores.csv
holds twelve_crops test "$(wc -l <scores.csv)" -eq 13
succeeds score_takes_an_area score model.nq two --terms 8 -o scores.csv --area 8,0,16,8
holds four_crops test "$(wc -l <scores.csv)" -eq 5
refuses a_bad_area 2 'LEFT,TOP' score model.nq two --area all
refuses an_area_outside 1 'area|crop' eval model.nq two --area 100,0,8,8

# Parzen windows.
succeeds parzen_of_drawn_samples eval model.nq many --terms 8 --parzen 100 --json
cp out drawn.json
succeeds samples_in_a_file sample model.nq -n 100 -o samples.npy
succeeds parzen_of_a_file eval model.nq many --terms 8 --parzen samples.npy --json --threads 3
cp out file.json
run eval model.nq many --terms 8 --parzen samples.npy --parzen-valid two --json
cp out valid.json
run eval model.nq many --terms 8 --parzen samples.npy --parzen-width 0.25 --json
cp out width.json
run train roll.npy -o roll.nq "${tiny[@]}" -q
run eval roll.nq roll.npy --terms 8 --parzen roll.npy --parzen-width 0.5 --json
cp out rows.json
if has_python parzen_json; then
    holds parzen_is_in_the_json json_has drawn.json \
        '(set(v["parzen"]) >= {"bits", "se", "width", "samples", "rows"} and
         v["parzen"]["samples"] == 100)'
    holds rows_that_choose_the_width_are_left_out json_has drawn.json \
        'v["parzen"]["rows"] == 72 - 7'
    # A file of pictures holds them in float32.
    holds drawn_samples_are_those_of_sample json_has file.json \
        'all(abs(v["parzen"][k] - x) <= 1e-4 * abs(x)
             for k, x in json.load(open("drawn.json"))["parzen"].items())'
    holds validation_rows_leave_all_rows json_has valid.json 'v["parzen"]["rows"] == 72'
    holds so_does_a_width json_has width.json \
        'v["parzen"]["rows"] == 72 and v["parzen"]["width"] == 0.25'
    holds white_is_the_unit json_has width.json 'v["parzen"]["unit"] == 255'
    holds other_rows_have_none json_has rows.json 'v["parzen"]["unit"] == 1'
    holds a_row_is_near_itself json_has rows.json \
        '-8 < v["parzen"]["bits"] < 2 and "picture" not in v'
fi
run eval model.nq many --terms 8 --parzen samples.npy
prints parzen_has_a_line '^Parzen window: .* bits per row' out
refuses parzen_of_nothing 1 'how many' eval model.nq many --terms 8 --parzen 0
refuses parzen_of_no_file 1 'none.npy' eval model.nq many --terms 8 --parzen none.npy
refuses parzen_of_other_rows 1 'picture' eval model.nq many --terms 8 --parzen roll.npy
refuses a_negative_width 2 'parzen-width' eval model.nq many --terms 8 --parzen 9 \
    --parzen-width=-1
finish
