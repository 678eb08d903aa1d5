#!/usr/bin/env bash
# usage.sh - help, misspelt words, and every way to give an option wrongly.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

succeeds help_is_printed --help
for verb in data train sample eval score compare check report plot info bench version; do
    prints "the_overview_lists_$verb" "^  $verb " out
done
for verb in data train sample eval score compare check report plot info bench version; do
    succeeds "${verb}_has_help" "$verb" --help
    prints "the_help_of_${verb}_begins_with_its_usage" "^Usage: noneq $verb " out
    prints "the_help_of_${verb}_has_an_example" "^Example:" out
    cp out help
    succeeds "help_${verb}_works_too" help "$verb"
    holds "and_prints_the_same_for_$verb" cmp out help
done
# heading_of OPTION: what stands above it in the help in file out.
heading_of()
{
    awk -v option="--$1" '/^[A-Z].*:$/ { heading = $0 }
        /^  / && ($1 == option || $2 == option) { print heading; exit }' out
}
run train --help
for pair in output:Options kernel:Model rate:Training header:Reading threads:Common help:Common; do
    holds "the_help_of_train_puts_${pair%:*}_under_${pair#*:}" \
        grep -q "^${pair#*:}" <(heading_of "${pair%:*}")
done
run bench --help
expect_nothing a_heading_has_options_below_it "$(grep -x 'Reading tables:' out)"
run train --help
for option in kernel regressor steps schedule beta-1 hidden updates epochs minutes batch rate \
    optimizer valid checkpoint-every resume preset seed threads log quiet; do
    prints "the_help_of_train_names_$option" "--$option( |$)" out
done
prints defaults_are_shown 'default: 60' out
prints the_presets_are_those_of_the_library 'configuration of the paper: swissroll, heartbeat,' out
holds no_list_is_left_to_be_filled_in sh -c '! grep -q "[{}]" out help'
succeeds the_version_is_printed --version
prints the_version_has_three_numbers '^noneq [0-9]+\.[0-9]+\.[0-9]+$' out
cp out version
for words in -V version; do
    succeeds "the_version_is_printed_by $words" "$words"
    holds "and_is_the_same_by $words" cmp out version
done
succeeds the_version_is_there_as_json version --json
prints the_version_of_json_has_three_numbers '^\{"version":"[0-9]+\.[0-9]+\.[0-9]+"\}$' out
succeeds help_is_a_verb help
cp out overview
for words in --help -h 'help --help' 'help help' 'help -h'; do
    # shellcheck disable=SC2086 # words are wanted
    succeeds "the_overview_is_printed_by $words" $words
    holds "and_is_the_same_by $words" cmp out overview
done

run
holds no_verb_is_wrong_usage test "$code" -eq 2
prints no_verb_shows_the_overview '^Usage:' err
refuses a_misspelt_verb_names_the_right_one 2 "'trian'.*'train'" trian x
refuses a_verb_cut_short_names_the_right_one 2 "'samp'.*'sample'" samp x
refuses a_misspelt_help_is_understood 2 "'hlep'.*'help'" hlep
refuses help_takes_one_verb 2 "'eval' is one word too many" help train eval
refuses the_version_takes_no_word 2 "'3' is one word too many" --version 3
refuses help_for_a_misspelt_verb_names_it_too 2 "'evl'.*'eval'" help evl
refuses a_misspelt_option_names_the_right_one 2 "'--regresor'.*'--regressor'" \
    train x -o y --regresor rbf
refuses a_swap_of_letters_is_understood 2 "'--udpates'.*'--updates'" train x -o y --udpates 3
refuses an_unknown_letter_is_refused 2 "no option '-z'" sample m -z
refuses an_option_before_the_verb_is_refused 2 "'--seed'" --seed 1 sample m
refuses a_value_may_not_be_missing_at_the_end 2 "--seed needs a value" sample m --seed
refuses an_option_is_no_value 2 "--trajectory needs a value" sample m --trajectory --seed 3
refuses a_short_option_needs_its_value 2 "-n needs a value" sample m -n
refuses a_flag_takes_no_value 2 "--quiet takes no value" sample m --quiet=1
refuses a_count_must_be_whole 2 "--rows takes a whole number.*'2.5'" sample m -n 2.5
refuses a_count_must_be_a_number 2 "--rows takes a whole number.*'many'" sample m --rows=many
refuses a_count_must_be_large_enough 2 "--rows.*at least 1.*'0'" sample m -n 0
refuses a_negative_number_is_a_value 2 "--rows.*at least 1.*'-5'" sample m -n -5
refuses a_number_must_parse 2 "--noise takes a number.*'loud'" data swissroll --noise loud
refuses a_number_must_be_finite 2 "--noise takes a number.*'inf'" data swissroll --noise inf
refuses a_seed_is_no_negative_number 2 "--seed.*at least 0" data swissroll --seed -1
refuses an_empty_value_is_no_number 2 "--seed takes.*''" data swissroll --seed=
refuses a_word_too_many_is_named 2 "'b' is one word too many" sample a b
refuses a_word_too_few_is_told 2 "expected: 'noneq eval MODEL DATA'" eval model
refuses train_needs_an_output 2 "-o MODEL is missing" train data.csv
refuses plot_needs_an_output 2 "-o FILE is missing" plot model
refuses units_are_scaled_or_data 2 "scaled or data, not 'bits'" eval m d --units bits
refuses an_unknown_data_set_names_the_known 2 'swissroll.*heartbeat.*gaussian.*mixture' \
    data swisroll
refuses a_library_option_must_parse 2 'steps.*abc|abc.*steps' train x -o y --steps abc

succeeds options_take_an_equals_sign data gaussian --rows=3 --dim=4 --seed=2
cp out equals
succeeds options_take_a_space data gaussian --rows 3 --dim 4 --seed 2
holds both_forms_mean_the_same cmp out equals
succeeds letters_take_their_value_at_once data gaussian -n3 --dim 4 --seed 2 -q
holds and_mean_the_same cmp out equals
succeeds later_duplicates_win data gaussian -n 9 --seed 1 --dim 4 -n 3 --seed 2
holds as_if_the_first_were_not_there cmp out equals
succeeds negative_numbers_are_values data gaussian -n 3 --noise -0.5
succeeds whole_numbers_may_have_an_exponent data gaussian -n 1e2
holds and_are_understood test "$(wc -l <out)" -eq 100
"$noneq" data gaussian -n 5 -o ./-dash.csv
succeeds after_two_dashes_all_words_are_names data -n 3 -- gaussian

# What the chosen model has no use for.
run data gaussian -n 60 --dim 2 -o unused.csv
tiny=(--hidden 4 --steps 4 --updates 2 -q -o unused.nq)
refuses scales_are_for_pictures 2 '--scales is for --regressor image .* mlp' \
    train unused.csv --scales 2 "${tiny[@]}"
refuses a_unet_has_scales_of_its_own 2 '--scales does nothing beside --unet 4,6, whose list' \
    train unused.csv --regressor image --image 1x2 --unet 4,6 --scales 2 "${tiny[@]}"
refuses a_unet_has_numbers_for_each_size 2 '--unet "4,x": expected up to 16 widths' \
    train unused.csv --regressor image --image 1x2 --unet 4,x --steps 4 --updates 2 -o unused.nq
refuses a_list_ends_in_a_width 2 '--unet "4,6,": expected up to 16 widths' \
    train unused.csv --regressor image --image 1x2 --unet 4,6, --steps 4 --updates 2 -o unused.nq
refuses a_unet_may_be_too_deep 2 'too many layers: expected fewer --layers, --scales or sizes' \
    train unused.csv --regressor image --image 1x2 --unet 4,4,4,4,4,4,4,4 --layers 4 \
    --steps 4 --updates 2 -o unused.nq
refuses activity_is_for_bits 2 '--activity is for the binomial kernel .* gaussian' \
    train unused.csv --activity 0.2 "${tiny[@]}"
run data heartbeat -n 60 --dim 6 -o bits.csv
refuses the_first_rate_is_not_for_every_schedule 2 '--beta-1 does nothing for the schedule' \
    train bits.csv --beta-1 0.01 "${tiny[@]}"
refuses an_rbf_network_has_no_activation 2 '--activation is for --regressor ' \
    train unused.csv --regressor rbf --activation tanh "${tiny[@]}"
holds nothing_was_trained test ! -e unused.nq
succeeds but_it_is_for_those_of_numbers train unused.csv --schedule constant-fraction \
    --beta-1 0.01 "${tiny[@]}"
run info unused.nq
prints and_is_used 'beta_1 = 0.01[, ]' out
succeeds a_preset_may_say_more_than_is_used train unused.csv --preset swissroll \
    --schedule constant-fraction "${tiny[@]}"
finish
