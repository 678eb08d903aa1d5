#!/usr/bin/env bash
# mixed.sh - tables of columns of several kinds: trained, drawn, filled, and what they refuse.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

kinds_table >kinds.csv
succeeds a_table_of_kinds_is_trained train kinds.csv -o m.nq "${tiny[@]}" "${kinds[@]}" -q
run info m.nq
prints its_columns_are_told '^ *1  town +category +11 % +3 texts' out
prints functions_are '^ *2  code +category .*(a function of|follows from) town' out
prints gaps_and_spikes_are_levels '^ *4  n +(spiked|whole) ' out

# legal FILE: every cell is one that the table can have; gaps may be there with the argument 1.
legal()
{
    awk -F, -v gaps="$2" 'NR == 1 { next }
        $1 !~ /^(Bern|Rome|Oslo)$/ && !(gaps && $1 == "NA") { print "town " $1 }
        $1 == "Bern" && $2 != 9 || $1 == "Rome" && $2 != 8 || $1 == "Oslo" && $2 != 7 {
            print "code " $2 }
        $3 !~ /^(yes|no)$/ { print "flag " $3 }
        !(gaps && $4 == "") && ($4 !~ /^[0-9]+$/ || $4 > 199) { print "n " $4 }
        $5 !~ /^[0-9]+\.[0-9][0-9]$/ { print "gain " $5 }
        $6 == "" { print "x" }' "$1"
}
run sample m.nq -n 500 -o drawn.csv
expect_nothing drawn_rows_are_what_a_table_can_have "$(legal drawn.csv 1)"
holds gaps_are_drawn_as_often_as_they_were awk -F, 'NR > 1 { gaps += $1 == "NA" }
    END { exit !(gaps > 25 && gaps < 100) }' drawn.csv

run sample m.nq -n 60 --trajectory 4 -o way.csv
holds trajectories_are_labelled_rows_of_the_table eval 'head -n 1 way.csv | grep -q "^t,row,town,"'
expect_nothing all_the_way "$(cut -d, -f3- way.csv | legal /dev/stdin 1 | grep -v code)"

# A file is read and written again as it was.
cp m.nq again.nq
run train kinds.csv -o from.nq --init m.nq "${kinds[@]}" --updates 20 --batch 64 -q
holds a_run_goes_on_from_a_model test "$code" -eq 0 -a -s from.nq
run train kinds.csv -o m.nq "${tiny[@]}" "${kinds[@]}" -q
holds and_the_same_run_gives_the_same_file cmp m.nq again.nq

# Rows with gaps: what is known comes back as it was written, and no gap is left.
for method in particles noised paper; do
    succeeds "gaps_are_filled_by_$method" impute m.nq kinds.csv --method $method -o full.csv
    expect_nothing "with_values_of_the_table_by_$method" "$(legal full.csv 0)"
    expect_nothing "around_what_is_known_by_$method" "$(paste -d, kinds.csv full.csv |
        awk -F, 'NR > 1 { for (c = 1; c <= 6; c++)
            if ($c != "" && $c != "NA" && $c != $(c + 6)) print NR ": " $c " " $(c + 6) }')"
done
printf 'town,code,flag,n,gain,x\nNA,8,,5,0.00,.5\nNA,NA,no,NA,NA,NA\n,,,,,\n' >asked.csv
run impute m.nq asked.csv -o full.csv --draws 20
expect_nothing rows_without_a_known_cell_are_drawn "$(cut -d, -f3- full.csv | legal /dev/stdin 0)"
holds a_function_tells_what_it_follows_from awk -F, 'NR > 1 && $1 == 0 && $3 != "Rome" { exit 1 }' \
    full.csv
printf 'town,code,flag,n,gain,x\nBern,8,,5,0.00,.5\n' >wrong.csv
refuses but_may_not_contradict_it 1 'wrong.csv:2: column 2 \("code"\): expected the value' \
    impute m.nq wrong.csv
printf 'id,town,code,flag,n,gain,x\na,Bern,9,yes,5,0.00,.5\nb,Bern,9,maybe,5,0.00,\n' >wrong.csv
run impute m.nq wrong.csv
said='wrong.csv:3: column 4 ("flag"): expected a text that training rows had, found another'
holds a_text_that_training_had_not_is_named eval 'test "$code" -eq 1 && grep -qF "$said" err'
printf '%s\n' town,code,flag,n,gain,x Paris,,no,77777,0.00, Bern,9,maybe,5,,.5 \
    Bern,9,no,77777,0.00,1 >odd.csv
refuses and_what_helps_is_said 1 'with --unseen missing others are drawn' impute m.nq odd.csv
succeeds cells_may_be_taken_as_not_known impute m.nq odd.csv --unseen missing -n 30 -o odd.out.csv
prints how_many_is_said 'note: 2 cells in 2 rows: no training row had such a value' err
expect_nothing and_they_stay "$(cut -d, -f3- odd.out.csv | awk -F, 'NR > 1 &&
    !($1 == "Paris" && $4 == 77777 || $1 == "Bern" && $3 == "maybe" && $4 == 5 ||
        $0 == "Bern,9,no,77777,0.00,1") { print }')"
expect_nothing what_is_drawn_is_of_the_table "$(cut -d, -f3- odd.out.csv |
    sed 's/^Paris,[789],/NA,NA,/; s/maybe/no/; s/,77777,/,7,/' | legal /dev/stdin 1 | grep -v code)"
run impute m.nq odd.csv --unseen missing --mean -o odd.out.csv
holds beside_means_too grep -qE '^Paris,[0-9.]+,no,77777,0.00,.' odd.out.csv
refuses another_word_is_not 2 'unseen "never": expected refuse or missing' \
    impute m.nq odd.csv --unseen never
sed 's/,$/,.7/; $a c,,9,yes,5,0.00,.5' wrong.csv >whole.csv
run impute m.nq whole.csv -o whole.out.csv
holds rows_without_a_gap_pass_whatever_they_hold eval 'test "$code" -eq 0 &&
    sed "s/,,9/,Bern,9/" whole.csv | cmp - whole.out.csv'
run impute m.nq asked.csv -o mean.csv --mean --draws 30
expect_nothing of_texts_the_most_frequent_is_told "$(awk -F, 'NR > 1 &&
    ($1 !~ /^(Bern|Rome|Oslo)$/ || $3 !~ /^(yes|no)$/) { print }' mean.csv)"
"$noneq" sample m.nq -n 40 -o truth.csv
awk -F, -v OFS=, '{ for (c = 1; c <= 6; c++) $c = NR == 1 ? $c : (c + NR) % 3 == 0 } 1' \
    truth.csv >mask.csv
run impute m.nq truth.csv --mask mask.csv --score
prints texts_are_scored_by_how_often_they_are_right \
    '^texts +[0-9.]+ % of the draws.*, [0-9.]+ % of the most frequent$' out

# What a model of kinds cannot do right it refuses.
refuses noise_in_texts_is_refused 1 'column 1 .* category: noise can be in real numbers alone' \
    denoise m.nq kinds.csv --sigma 1
refuses bits_of_it_have_no_flips 1 'noise can be in real numbers alone' \
    denoise m.nq kinds.csv --flip .1
awk -F, -v OFS=, '{ print $6, $6 * NR % 7 }' kinds.csv | sed '1s/.*/x,y/' >reals.csv
run train reals.csv -o reals.nq "${tiny[@]}" --kernel mixed --types x=real,y=real -q
succeeds noise_in_real_numbers_is_not denoise reals.nq reals.csv --sigma .1 -o clean.csv
holds and_goes awk -F, 'NR == FNR { x[NR] = $1; next } FNR > 1 { d = $1 - x[FNR]; s += d * d }
    END { s = sqrt(s / (FNR - 1)); exit !(s > .02 && s < .14) }' reals.csv clean.csv

# What a missing cell is.
refuses gaps_of_kinds_are_not_completed_in_training 1 'missing-as fill: in a mixed model' \
    train kinds.csv -o no.nq "${tiny[@]}" "${kinds[@]}" --missing-as fill
refuses nor_are_gaps_of_one_kernel_levels 1 'missing-as level: .*mixed models alone' \
    train reals.csv -o no.nq "${tiny[@]}" --kernel gaussian --missing-as level
refuses there_is_nothing_else 2 'expected level or fill' \
    train kinds.csv -o no.nq "${tiny[@]}" --missing-as zero
awk -F, -v OFS=, 'NR > 1 && NR % 5 == 0 { $1 = "" } { print $1, $2 }' reals.csv >gaps.csv
succeeds each_may_be_asked_for train gaps.csv -o g.nq "${tiny[@]}" --kernel gaussian \
    --missing-as fill -q
run train kinds.csv -o level.nq "${tiny[@]}" "${kinds[@]}" --missing-as level -q
"$noneq" sample level.nq -n 50 -o level.csv
holds and_gives_what_it_gives_unasked cmp level.csv <(head -n 51 drawn.csv)
printf 'a,b\nx,NA\ny,NA\nx,NA\ny,NA\n' >empty.csv
refuses a_column_without_a_value_is_refused 1 'column 2 \("b"\): it has no values: --drop 2' \
    train empty.csv -o e.nq "${tiny[@]}" -q
{ cat kinds.csv; printf 'NA,NA,,,,\nNA,NA,,,,\n'; } >none.csv
run train none.csv -o n.nq "${tiny[@]}" "${kinds[@]}" -q
run sample n.nq -n 20 -o some.csv
holds rows_of_gaps_are_rows test "$code" -eq 0

# A row that the model cannot make is named, and others are unharmed.
{ cat kinds.csv; echo 'Bern,9,yes,5000,0.00,.5'; echo 'Bern,9,yes,1.5,0.00,.5'; } >more.csv
run score m.nq kinds.csv --terms 16 --seed 3 -o alone.csv
run score m.nq more.csv --terms 16 --seed 3 -o with.csv
prints values_off_the_grid_are_named \
    'column 4 \("n"\): expected a value that training rows had, found 5000' err
holds and_impossible eval 'test "$(tail -n 2 with.csv | grep -c -- -inf)" -eq 2'
{ head -n 20 kinds.csv; echo 'Paris,9,yes,5,0.00,.5'; } >paris.csv
run score m.nq paris.csv --terms 16 -o with.csv
prints a_text_that_training_had_not_is_told \
    'column 1 \("town"\): expected a text that training rows had, found another' err
run train more.csv -o gauss.nq "${tiny[@]}" --kernel gaussian -q
holds texts_have_no_gaussian_kernel test "$code" -eq 1
# Numbers that are drawn have the decimals of their column; means may have more.
awk 'BEGIN { srand(3); print "a,b"
    for (i = 0; i < 300; i++) printf "%.2f,%d\n", 1000 * rand(), 5 * rand() }' >money.csv
awk 'NR > 1 { print NR % 2, 0 }' money.csv >money.mask.csv
run train money.csv -o money.nq "${tiny[@]}" -q
run impute money.nq money.csv --mask money.mask.csv -o filled.csv
expect_nothing draws_have_the_decimals_of_their_column "$(
    awk -F, 'NR > 1 && $1 !~ /^-?[0-9]+(\.[0-9][0-9]?)?$/' filled.csv)"

# A column without a single value is written as the model's column is.
awk 'BEGIN { srand(4); print "day,price,b"
    for (i = 0; i < 300; i++) printf "2024-%02d-%02d,%.2f,%d\n", 1 + i % 12, 1 + i % 28,
        99 * rand(), 5 * rand() }' >days.csv
run train days.csv -o days.nq "${tiny[@]}" -q
awk -F, -v OFS=, 'NR > 1 && NR < 9 { $1 = $2 = "" } NR < 9' days.csv >gone.csv
run impute days.nq gone.csv -o back.csv
expect_nothing dates_and_decimals_of_empty_columns_are_the_models "$(awk -F, \
    'NR > 1 && ($1 !~ /^2024-[01][0-9]-[0-3][0-9]$/ || $2 !~ /^[0-9]+(\.[0-9][0-9]?)?$/)' back.csv)"
awk -F, -v OFS=, '{ print $3, $1, $2 }' gone.csv >other.csv
run impute days.nq other.csv -o back.csv
expect_nothing in_another_order_too "$(awk -F, \
    'NR > 1 && ($2 !~ /^2024-[01][0-9]-[0-3][0-9]$/ || $3 !~ /^[0-9]+(\.[0-9][0-9]?)?$/)' back.csv)"
finish
