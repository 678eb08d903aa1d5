#!/usr/bin/env bash
# plot.sh - figures of every kind of model: their texts neither touch nor leave the page.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

tiny=(--updates 20 --hidden 8 --steps 10 --batch 32 --threads 1 -q)

# drawn NAME ARGUMENTS...: as NAME.png and NAME.svg, and the texts of that have room.
drawn()
{
    local name=$1
    shift
    succeeds "$name is drawn as png" plot "$@" -o "$name.png" --threads 1 -q
    succeeds "$name is drawn as svg" plot "$@" -o "$name.svg" --threads 1 -q
    has_python "its_texts_have_room: $name" &&
        expect_nothing "its_texts_have_room: $name" "$(
            python3 "$root/tests/cli/svg_text.py" "$name.svg" | grep -v ' texts$'
            test -s "$name.svg" || echo 'no file'
        )"
}

# Ranges that are hard on an axis: tiny, huge and narrow ones, heavy tails, dates, long and foreign
# names, gaps, and a column that never changes.
awk 'BEGIN {
    srand(3)
    hebrew = "\327\251\327\234\327\225\327\235"
    long = "\"a level of more than fifty letters, which is cut in its middle\""
    printf "tiny,huge,\"a very long name of a column whose end matters, too (mg per litre)\",day,"
    print "time,tails," hebrew ",same"
    for (i = 0; i < 300; i++) {
        u = rand()
        v = rand()
        level = i % 5 == 0 ? "" : i % 2 ? hebrew : long
        printf "%.9g,%.12g,%.4f,", 1e-9 * (1 + u / 100), 3e12 + 1e7 * v, 1000000 + u / 8
        printf "%04d-%02d-%02d,", 1999 + 20 * v, 1 + 11 * u, 1 + 27 * v
        printf "2024-05-01T%02d:%02d:00,", 23 * u * u, 59 * v
        printf "%.5g,%s,7\n", (u - .5) / (v * v * v + 1e-4), level
    }
}' >hard.csv
cut -d, -f1,2 hard.csv >hard2.csv
awk 'BEGIN { for (i = 0; i < 200; i++) { for (c = 0; c < 70; c++)
    printf "%d%s", (i * (c + 3)) % (2 + c % 5) == 0, c < 69 ? "," : "\n" } }' >many.csv
{
    echo "eating,bathing,getting in and out of bed,going out without anybody's help,travel"
    cut -d, -f2-6 many.csv
} >few.csv
awk 'BEGIN { srand(5); for (c = 1; c < 131; c++) printf "c%d%s", c, c < 130 ? "," : "\n"
    for (i = 0; i < 60; i++) for (c = 1; c < 131; c++)
        printf "%.3f%s", rand() * c, c < 130 ? "," : "\n" }' >wide.csv
run train hard.csv -o hard.nq "${tiny[@]}"
run train hard2.csv -o hard2.nq --kernel gaussian "${tiny[@]}"
run train many.csv -o many.nq --header no "${tiny[@]}"
run train few.csv -o few.nq "${tiny[@]}"
run train wide.csv -o wide.nq --kernel gaussian "${tiny[@]}"
for i in 1 2 3 4 5 6; do
    awk -v i=$i 'BEGIN { print "P2 6 4 255"; for (k = 0; k < 24; k++) print (k * k * i) % 256 }'
done >all.txt
mkdir pictures
split -l 25 all.txt pictures/p
for file in pictures/p*; do mv "$file" "$file.pgm"; done
run train pictures -o picture.nq --valid 0 --updates 3 --steps 10 --threads 1 -q

drawn columns hard.nq hard.csv
drawn columns_of_samples hard.nq -n 100
drawn pairs hard.nq hard.csv --show pairs
drawn two_columns hard2.nq hard2.csv
drawn one_column hard2.nq hard2.csv --columns huge
drawn account hard2.nq hard2.csv --entropy
drawn few_bits few.nq few.csv
drawn few_bits_of_samples few.nq
drawn many_bits many.nq many.csv --header no
drawn many_bits_of_samples many.nq -n 5
drawn bits_as_columns few.nq few.csv --show columns
drawn a_hundred_columns wide.nq wide.csv --show columns
drawn the_other_thirty wide.nq wide.csv --show columns --page 2
drawn pictures picture.nq pictures
drawn pictures_of_samples picture.nq --rows 2
cp hard2.nq "$(printf 'name%.0s' {1..60}).nq"
drawn a_long_name name*.nq hard2.csv

succeeds a_pdf_is_drawn plot hard2.nq hard2.csv -o a.pdf
holds as_a_pdf test "$(head -c 5 a.pdf)" = %PDF-
sleep 1.1
run plot hard2.nq hard2.csv -o b.pdf
holds which_does_not_depend_on_the_time cmp a.pdf b.pdf

refuses another_figure 2 'way, columns or pairs' plot few.nq -o x.png --show all
refuses a_page_that_is_not_there 2 '130 columns are 2 pages' plot wide.nq -o x.png --page 3 \
    --show columns
refuses pairs_of_texts 2 'has texts' plot hard.nq -o x.png --show pairs --columns tiny,7
refuses a_pair_of_one 2 'two columns' plot hard2.nq -o x.png --show pairs --columns tiny
refuses the_way_of_several_kinds 1 'several' plot hard.nq -o x.png --show way
refuses three_columns_on_their_way 2 'show columns' plot wide.nq -o x.png --columns 1,2,3
holds nothing_is_left_of_these test ! -e x.png
finish
