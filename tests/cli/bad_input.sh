#!/usr/bin/env bash
# bad_input.sh - files that are missing, damaged or of the wrong kind give one clear sentence.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

"$noneq" data gaussian -n 300 --dim 2 -o good.csv || exit 1
"$noneq" data gaussian -n 300 --dim 3 -o wide.csv || exit 1
"$noneq" data heartbeat -n 300 -o bits.csv || exit 1
"$noneq" train good.csv -o good.nq "${tiny[@]}" -q || exit 1

# spoilt SENTENCE PATTERN TEXT: training on a file with this text fails with status 1.
spoilt()
{
    printf '%b' "$3" >bad.csv
    refuses "$1" 1 "$2" train bad.csv -o m.nq "${tiny[@]}" -q
    holds "$1, and_leaves_no_model" test ! -e m.nq -a ! -e m.nq.checkpoint
}

spoilt an_empty_file_is_refused 'bad.csv' ''
spoilt a_header_without_rows_is_refused 'bad.csv' 'a,b\n'
spoilt a_short_row_is_refused_with_its_line 'bad.csv:3: ' 'a,b\n1,2\n3\n4,5\n'
spoilt a_long_row_is_refused_with_its_line 'bad.csv:2: ' '1,2\n3,4,5\n'
spoilt a_text_cell_is_refused_with_its_place 'bad.csv:3: column 2.*hello' 'a,b\n1,2\n3,hello\n'
spoilt a_column_without_values_is_refused 'column 2 ."b".* has no value' 'a,b\n1,\n2,\n3,\n'
spoilt an_infinite_cell_is_refused 'bad.csv:2: column 2: .*inf' '1,2\n3,inf\n5,6\n'
spoilt constant_columns_alone_are_refused 'constant|var' '1,2\n1,2\n1,2\n'

printf '1,2\n3,\n5,6\n' >gap.csv
refuses a_missing_cell_has_no_score 1 'gap.csv:2: column 2: .*missing' eval good.nq gap.csv

refuses a_missing_file_is_named 1 "nowhere.csv" train nowhere.csv -o m.nq -q
refuses a_folder_is_no_data 1 "it is a folder" train . -o m.nq -q
refuses a_missing_model_is_named 1 "nowhere.nq" sample nowhere.nq
refuses an_empty_name_is_no_data 1 'name of an input file is empty' train '' -o m.nq -q
refuses an_empty_name_is_no_model 1 'name of a model file is empty' sample ''
refuses an_empty_name_is_no_output 1 'name of the output file is empty' train good.csv -o '' -q
refuses data_is_no_model 1 "good.csv is no model file" sample good.csv
refuses a_model_is_no_data 1 'good.nq begins as a model does .*data were' eval good.nq good.nq
refuses in_the_wrong_order_neither_is_what_it_should_be 1 'good.csv is no model file' \
    eval good.csv good.nq
refuses a_folder_is_no_data_to_describe 1 "it is a folder" info .
printf '' >empty.nq
refuses an_empty_model_is_refused 1 "empty.nq" info empty.nq

size=$(stat -c %s good.nq)
bad=
for part in 1 7 8 9 64 $((size / 4)) $((size / 2)) $((size - 1)); do
    head -c "$part" good.nq >cut.nq
    run sample cut.nq -n 2
    test "$code" -eq 1 && grep -q '^noneq: .*cut.nq' err || bad+=" $part:$code"
done
expect_nothing a_truncated_model_is_refused_wherever_it_ends "$bad"
bad=
for seed in 1 2 3 4 5; do
    head -c 4096 /dev/urandom >random.nq
    run info random.nq
    test "$code" -eq 1 && grep -q '^noneq: ' err || bad+=" $seed:$code"
done
expect_nothing random_bytes_are_no_model "$bad"
bad=
for at in 0 3 8 20 100 200 400; do
    cp good.nq changed.nq
    printf '\377' | dd of=changed.nq bs=1 seek="$at" conv=notrunc 2>/dev/null
    run sample changed.nq -n 2
    test "$code" -le 1 || bad+=" $at:$code"
done
expect_nothing a_changed_byte_never_crashes "$bad"

refuses eval_wants_the_columns_of_the_model 1 '3.*2|2.*3' eval good.nq wide.csv
refuses plot_wants_the_columns_of_the_model 1 '3.*2|2.*3' plot good.nq wide.csv -o p.png
refuses hold_out_rows_have_the_same_columns 1 '3.*2|2.*3' \
    train good.csv -o m.nq --valid wide.csv -q
refuses a_fraction_is_less_than_one 2 "'1.5'" train good.csv -o m.nq --valid 1.5
refuses bits_are_asked_of_bits_only 1 'a binomial model needs 0 or 1, found' \
    train good.csv -o m.nq --kernel binomial -q
refuses an_unknown_kernel_is_refused 2 'cubic' train good.csv -o m.nq --kernel cubic -q
refuses an_unknown_optimizer_is_named 2 '"sgd": expected adam or rmsprop' \
    train good.csv -o m.nq --optimizer sgd -q
refuses an_unknown_preset_names_the_known 2 'swissroll.*heartbeat' \
    train good.csv -o m.nq --preset rolls
refuses a_trajectory_has_at_most_T_plus_1_times 1 '2 to 13' \
    sample good.nq -n 2 --trajectory 99
refuses columns_that_do_not_exist_are_named 2 "'9'" plot good.nq -o p.png --columns 1,9

# Outputs are checked before anything long begins.
long=(--updates 1000000000)
mkdir folder
refuses a_folder_is_no_output 1 "'folder' is a folder" train good.csv -o folder "${long[@]}" -q
refuses a_folder_that_is_not_there_is_named 1 "'none'" \
    train good.csv -o none/m.nq "${long[@]}" -q
refuses a_device_is_not_replaced 1 'not a regular file' \
    train good.csv -o /dev/null "${long[@]}" -q
refuses the_data_is_not_overwritten 1 'would be overwritten' \
    train good.csv -o good.csv "${long[@]}" -q
refuses the_model_is_not_overwritten_by_samples 1 'extension' sample good.nq -o good.nq
refuses an_unknown_extension_is_refused_first 1 '.npy, .csv or .tsv' \
    sample good.nq -o samples.xls
refuses a_grid_needs_an_image_model 1 'image model' sample good.nq -o samples.png
refuses a_plot_is_png_svg_or_pdf 1 ".png, .svg or .pdf" plot good.nq -o figure.jpg
refuses nothing_is_resumed_from_nothing 1 "no checkpoint 'new.nq.checkpoint'" \
    train good.csv -o new.nq --resume
refuses a_finished_model_is_not_resumed 1 'finished' train good.csv -o good.nq --resume
printf 'x' >hurt.nq.checkpoint
refuses a_damaged_checkpoint_is_refused 1 'hurt.nq.checkpoint.*--restart' \
    train good.csv -o hurt.nq --resume -q
expect_nothing nothing_half_written_is_left "$(find . -name '.noneq-*' -o -name '*.lock')"

run train good.csv -o lost.nq "${tiny[@]}" --rate 1e30 --clip 1e30 -q
holds divergence_fails test "$code" -eq 1
prints divergence_is_told 'diverged' err
succeeds the_last_good_model_is_kept sample lost.nq -n 2
holds and_no_checkpoint test ! -e lost.nq.checkpoint

# A result that cannot be delivered is a failure.
if test -e /dev/full; then
    for words in 'sample good.nq -n 5000' 'eval good.nq good.csv --terms 8' \
        'info good.nq' 'data gaussian -n 5000' '--help' 'train --help' '--version'; do
        # shellcheck disable=SC2086
        "$noneq" $words >/dev/full 2>err
        code=$?
        holds "a_full_disk_fails: $words" test "$code" -eq 1
        prints "and_is_told: $words" '^noneq: ' err
    done
fi
"$noneq" sample good.nq -n 200000 2>err | head -n 1 >/dev/null
code=${PIPESTATUS[0]}
holds a_closed_pipe_fails test "$code" -eq 1
(ulimit -f 4; "$noneq" sample good.nq -n 5000 -o large.csv 2>err)
code=$?
holds a_file_that_gets_too_large_fails test "$code" -eq 1 -a ! -e large.csv
(ulimit -f 4; "$noneq" plot good.nq -o large.svg 2>err)
code=$?
holds a_figure_that_gets_too_large_fails test "$code" -eq 1 -a ! -e large.svg
expect_nothing nothing_of_them_is_left "$(find . -name 'large*')"
"$noneq" info good.nq >&- 2>err
code=$?
holds a_closed_stdout_fails test "$code" -eq 1
finish
