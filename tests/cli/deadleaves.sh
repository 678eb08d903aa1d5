#!/usr/bin/env bash
# deadleaves.sh - noneq data deadleaves: bytes in .npy, one picture as .png, and what is refused.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

leaves=(data deadleaves --size 48)
succeeds leaves_are_made "${leaves[@]}" -n 5 --radius-least 2 --radius-most 30 -o five.npy
prints the_shape_is_that_of_pictures "'\|u1'.*\(5, 48, 48\)" <(head -n 1 five.npy)
holds a_pixel_is_a_byte test "$(stat -c %s five.npy)" -eq $((128 + 5 * 48 * 48))
succeeds one_is_a_picture "${leaves[@]}" -n 1 --radius-least 2 --radius-most 30 -o one.pgm
holds and_the_first_of_more cmp <(tail -c 2304 one.pgm) <(tail -c +129 five.npy | head -c 2304)
succeeds it_can_be_png "${leaves[@]}" -n 1 -o one.png
holds that_is_one test "$(head -c 4 one.png | tail -c 3)" = PNG
succeeds it_can_be_packed "${leaves[@]}" -n 2 -o two.npy.gz
succeeds it_can_be_text data deadleaves --size 3 -n 2 -o -
holds with_a_line_for_each_picture test "$(wc -l <out)" -eq 2
holds and_a_number_for_each_pixel test "$(head -n 1 out | tr ',' '\n' | wc -l)" -eq 9
"$noneq" "${leaves[@]}" -n 20 --seed 3 --threads 1 -o a.npy
"$noneq" "${leaves[@]}" -n 20 --seed 3 -o b.npy
"$noneq" "${leaves[@]}" -n 20 --seed 4 -o c.npy
holds leaves_do_not_depend_on_threads cmp a.npy b.npy
differs leaves_depend_on_the_seed a.npy c.npy

refuses a_picture_file_holds_one 1 'one picture, not 2' "${leaves[@]}" -n 2 -o x.png
refuses rows_of_numbers_are_no_picture 1 'no pictures' data gaussian -n 1 -o x.png
refuses a_size_is_of_pictures 2 'sets of pictures' data gaussian --size 8 -o x.npy
refuses radii_have_an_order 2 'the most larger' \
    "${leaves[@]}" --radius-least 9 --radius-most 3 -o x.npy
refuses a_picture_needs_its_folder 1 "'none'" "${leaves[@]}" -n 1 -o none/x.png
expect_nothing nothing_of_these_is_left "$(find . -name 'x.*')"
if test -e /dev/full; then
    ln -s /dev/full full.png
    refuses a_full_device_takes_no_picture 1 'full.png: No space left' \
        "${leaves[@]}" -n 1 -o full.png
    (ulimit -f 4; "$noneq" data deadleaves --size 512 -n 1 -o large.png 2>err)
    code=$?
    holds a_picture_that_gets_too_large_fails test "$code" -eq 1 -a ! -e large.png
    prints and_is_told '^noneq: ' err
fi

# The preset says how many updates; whoever says minutes, or another number, means that alone.
"$noneq" "${leaves[@]}" --size 32 -n 4 -o four.npy || exit 1
succeeds updates_take_the_place_of_the_presets \
    train four.npy --preset deadleaves --updates 1 --batch 16 --layers 1 --channels 4 -o four.nq
prints and_are_told ' 1 updates' err
succeeds minutes_do_too \
    train four.npy --preset deadleaves --minutes .001 --batch 16 --layers 1 --channels 4 -o four.nq
prints and_are_told_as_such ' 0.001 minutes' err

mkdir folder empty
for i in 1 2 3; do
    "$noneq" "${leaves[@]}" -n 1 --seed $i -o folder/$i.png || exit 1
done
"$noneq" data deadleaves --size 12 -n 1 -o other.png
refuses a_folder_without_pictures_is_refused 1 'it is a folder without pictures' \
    train empty -o m.nq -q
cp other.png folder/4.png
refuses unlike_pictures_are_named 1 'folder/1.png has .*folder/4.png has ' \
    train folder -o m.nq -q
head -c 300 folder/2.png >folder/4.png
refuses a_damaged_picture_is_named 1 'folder/4.png is a damaged PNG picture' \
    train folder -o m.nq -q
finish
