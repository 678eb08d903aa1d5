#!/usr/bin/env bash
# one_step.sh - T = 1 for every kernel and verb, or why it is not; several starts; the paper's form.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

"$noneq" data gaussian -n 200 -o real.csv
"$noneq" data heartbeat -n 200 -o bits.csv
awk 'BEGIN { print "age,town"; for (i = 0; i < 200; i++)
    print 20 + i % 37 "," (i % 3 ? "bern" : "chur") }' >mixed.csv
for kind in real bits mixed; do
    awk -F, 'BEGIN { OFS = "," } NR > 1 && NR % 9 == 0 { $1 = "" } { print }' $kind.csv \
        >gaps_$kind.csv
done
few=(--updates 20 --hidden 8 --valid 0 --threads 1)

for kind in real bits mixed; do
    succeeds "one_step_of_${kind}_is_trained" train $kind.csv -o $kind.nq --steps 1 "${few[@]}"
    prints "${kind}_have_one_step" 'T = 1,' err
    succeeds "its_bound_is_estimated_for_$kind" eval $kind.nq $kind.csv
    prints "and_is_a_number_for_$kind" '^K +-?[0-9]' out
    succeeds "its_likelihood_is_estimated_for_$kind" eval $kind.nq $kind.csv --ais 4 --max-rows 20
    succeeds "its_entropies_are_told_for_$kind" eval $kind.nq $kind.csv --entropy --terms 4
    succeeds "it_is_sampled_for_$kind" sample $kind.nq -n 5 -o drawn.csv
    succeeds "its_rows_are_scored_for_$kind" score $kind.nq $kind.csv -o scores.csv --terms 16
    succeeds "its_rows_are_filled_for_$kind" impute $kind.nq gaps_$kind.csv -o filled.csv
    succeeds "it_is_checked_for_$kind" check $kind.nq $kind.csv
done
for kind in real bits; do
    succeeds "it_is_drawn_for_$kind" plot $kind.nq $kind.csv -o $kind.png
    refuses "a_step_of_${kind}_that_learns_nothing_is_refused" 2 \
        'steps 1 with --learn-last 0: .*nothing would be learned; expected --learn-last 1' \
        train $kind.csv -o no.nq --steps 1 --learn-last 0 "${few[@]}"
done
succeeds noise_is_taken_off denoise real.nq real.csv --sigma 0.5 -o clean.csv
refuses one_rate_is_not_learned 2 'schedule learned with --steps 1' \
    train real.csv -o no.nq --steps 1 --schedule learned "${few[@]}"
succeeds its_rate_may_be_told train real.csv -o told.nq --steps 1 --beta-1 0.9 "${few[@]}"
prints and_is_it 'beta_1 = 0.9$' err

roll=(--preset swissroll --steps 8 --updates 48 --fit-updates 48 --batch 512)
succeeds several_starts_are_made train real.csv -o many.nq "${roll[@]}" --starts 3 --threads 1
run info many.nq
prints how_many_is_recorded '^ +starts +3' out
run train real.csv -o two.nq "${roll[@]}" --starts 3 --threads 2
holds threads_do_not_change_them cmp many.nq two.nq
refuses starts_need_updates 2 'starts needs to know how many updates' \
    train real.csv -o no.nq --minutes 1 --starts 2
refuses a_fit_has_no_starts 2 'starts does nothing for --regressor tree' \
    train bits.csv -o no.nq --regressor tree --starts 2

succeeds the_papers_form_is_trained train real.csv -o form.nq --mean-form paper "${few[@]}"
succeeds and_sampled sample form.nq -n 5 -o drawn.csv
refuses a_belief_has_no_such_form 1 'mean-form paper .*expected --variance-form free' \
    train real.csv -o no.nq --mean-form paper --variance-form belief "${few[@]}"
refuses nor_has_a_tree 1 'mean-form paper is of a network alone, not with --regressor tree' \
    train real.csv -o no.nq --mean-form paper --regressor tree
refuses nor_has_a_fit_of_means 1 'mean-form paper are not solved' \
    train real.csv -o no.nq "${roll[@]}" --mean-form paper --starts 1
"$noneq" data deadleaves -n 4 --size 40 -o leaves.npy
succeeds the_papers_pictures_are_trained train leaves.npy -o leaves.nq --preset deadleaves-2015 \
    --image 16x16 --channels 4 --pixel-hidden 4 --layers 1 --steps 20 --updates 3 --batch 32 \
    --minutes 1
prints with_rates_that_are_learned 'T = 20, learned schedule' err
succeeds their_bound_is_estimated eval leaves.nq leaves.npy --terms 4
succeeds they_are_sampled sample leaves.nq -n 2 --size 24x24 -o leaves.png
finish
