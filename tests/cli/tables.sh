#!/usr/bin/env bash
# tables.sh - text tables as people have them: headers, indices, names in another order, text that
# comes back as it was.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

small=(--updates 30 --hidden 8 --steps 10 --batch 64 --threads 1)

# Two columns, y = x + half a normal number.
"$noneq" data gaussian -n 300 --dim 2 -o bare.csv || exit 1
grep -v '[a-z]' bare.csv >rows.csv
(echo 'x,y' && cat rows.csv) >xy.csv
(echo 'y,x' && awk -F, '{ print $2 "," $1 }' rows.csv) >yx.csv
(echo 'id,y,town,x' && awk -F, '{ print "r" NR "," $2 ",\"Oslo, " NR "\"," $1 }' rows.csv) >more.csv

# column FILE NAME: mean of a column that info knows.
columns_of()
{
    "$noneq" info "$1" | awk '/^column/ && NF == 3 { on = 1; next } on && NF == 3 { print $1 }' |
        tr '\n' ' '
}

# Headers and first rows.
(echo '0,1' && cat rows.csv) >counted.csv
succeeds a_header_of_counting_numbers_is_read train counted.csv -o counted.nq "${small[@]}"
prints and_is_told \
    '^note: counted.csv: line 1 \(0,...\) was read as the columns. names; --header no' err
prints and_no_row_is_made_of_it '270 rows of 2 columns; 30 more' err
succeeds header_no_makes_a_row_of_it train counted.csv --header no -o counted.nq "${small[@]}"
prints with_one_row_more '271 rows of 2 columns; 30 more' err
succeeds notes_are_quiet_with_quiet train counted.csv -o counted.nq "${small[@]}" -q
expect_nothing nothing_is_said_then "$(cat err)"

(echo ',0,1' && awk '{ print NR - 1 "," $0 }' rows.csv) >index.csv
succeeds an_index_is_left_out train index.csv -o index.nq "${small[@]}"
prints an_index_is_told 'note: index.csv: column 1 has no name and counts the rows: left out' err
prints and_not_modelled '270 rows of 2 columns' err
succeeds the_same_file_is_read_alike eval index.nq index.csv --threads 1
prints with_all_its_rows '300 rows of 2 numbers' out

(echo 'None,0.5' && cat rows.csv) >gap.csv
succeeds a_first_row_with_a_gap_is_a_row train gap.csv -o gap.nq "${small[@]}"
prints with_its_missing_cell '271 rows of 2 columns; 30 more' err
(echo '1.#QNAN,0.5' && cat rows.csv) >mixed.csv
refuses a_first_row_of_words_and_numbers_is_asked_about 1 \
    'mixed.csv:1: column 1 is text, "1.#QNAN".*--header yes.*--header no' \
    train mixed.csv -o m.nq "${small[@]}"
succeeds and_read_as_told train mixed.csv --missing=1.#QNAN -o m.nq "${small[@]}"
(echo '# x y' && tr , ' ' <rows.csv) >savetxt.txt
succeeds a_comment_may_name_the_columns train savetxt.txt -o s.nq "${small[@]}" -q
holds and_they_are_known test "$(columns_of s.nq)" = 'x y '
tr .,  ',;' <rows.csv >comma.csv
succeeds decimal_commas_are_read_where_told train comma.csv --decimal , -o d.nq "${small[@]}" -q
refuses else_the_option_is_named 1 'comma.csv.*--decimal , reads decimal commas' \
    train comma.csv -o m.nq "${small[@]}"

# Which columns.
succeeds names_and_ids_are_left_out train more.csv -o left.nq "${small[@]}"
prints and_told 'note: more.csv: column 3 \("town"\) is left out: its text hardly repeats' err
holds as_if_they_had_been_dropped test "$(columns_of left.nq)" = 'y x '
awk 'BEGIN { srand(2); print "name,x"; for (i = 0; i < 200; i++)
    printf "n%d,%.3f\n", i < 98 ? i : 98 * rand(), rand() }' >half.csv
succeeds what_holds_for_the_table_holds_without_held_out_rows train half.csv -o h.nq "${small[@]}"
(echo 'a,x,b' && awk -F, '{ print (NR == 9 ? "n.d." : $2) "," $1 "," (NR == 7 ? "oops" : $1) }' \
    rows.csv) >slips.csv
refuses slips_among_numbers_are_named_together 1 \
    'slips.csv: 2 columns have cells that are no numbers: line 10, column 1 .*"a".*--drop a,b' \
    train slips.csv -o m.nq "${small[@]}"
succeeds and_may_be_told_to_be_missing train slips.csv --missing oops,n.d. -o m.nq "${small[@]}" -q
refuses unknown_kinds_are_refused 2 '--types x=hwole: expected a kind.*the nearest is whole' \
    train slips.csv --types x=hwole -o m.nq
succeeds columns_are_left_out_by_name train more.csv --drop id,town -o dropped.nq "${small[@]}" -q
holds the_others_remain test "$(columns_of dropped.nq)" = 'y x '
succeeds columns_are_chosen_by_number train more.csv --columns 4,2 -o c.nq "${small[@]}" -q
refuses a_column_that_is_not_there_is_named 2 '"twon" \(the nearest is "town"\)' \
    train more.csv --drop twon -o m.nq
refuses names_that_stand_twice_are_refused 1 'columns 1 and 2 are both called "x"' \
    train <(echo x,x && cat rows.csv) -o m.nq

# What info says of data, before any training.
(echo 'id,town,on,half,day,sex,code,x' && awk -F, '{
    split("Oslo Rome Bern", town, " ")
    printf "r%d,%s,%s,%.1f,2024-01-%02d,%s,%d,%s\n", NR, town[NR % 3 + 1], NR % 4 ? "yes" : "NO",
        NR % 7 / 2, NR % 28 + 1, NR % 2 ? "M" : "", NR % 3, NR == 5 ? "?" : $1 }' rows.csv) \
    >kinds.csv
succeeds info_describes_data info kinds.csv
prints its_rows '^rows +300$' out
prints its_columns '^columns +7, 151 missing cells$' out
prints texts '^ +2 +town +category +3 texts: Bern 33 %, Oslo 33 %, Rome 33 %$' out
prints bits '^ +3 +on +bit +yes 75 %, NO 25 %$' out
prints decimals '^ +4 +half +category +7 values, 0.0 to 3.0: ' out
prints dates '^ +5 +day +whole +2024-01-01 to 2024-01-28, step 1$' out
prints constants_and_gaps '^ +6 +sex +constant +150 +M 100 %$' out
prints functions '^ +7 +code +category +a function of town; 3 values' out
prints real_numbers '^ +8 +x +real +1 +-[0-9.]+ to [0-9.]+$' out
prints what_is_left_out '^column 1 id is left out: its text hardly repeats' out
expect_nothing in_lines_of_a_hundred "$(awk 'length > 100' out)"
succeeds info_takes_kinds info kinds.csv --types 'half=real,code=left-out,id=category' -q
prints and_marks_them '^ +4 +half +real\* ' out
prints and_leaves_out '^column 7 code is left out: the option types says so' out
refuses a_kind_that_cannot_be_is_refused 1 'column 2 \("town"\): expected a number, found "Rome"' \
    info kinds.csv --types town=real
refuses columns_of_text_have_no_normal_noise 1 '"town"\) holds text.*--kernel mixed' \
    train kinds.csv -o m.nq --kernel gaussian "${small[@]}" -q
succeeds info_writes_json info kinds.csv --json -q
holds with_kinds_and_levels python3 -c '
import json
v = json.load(open("out"))
c = {c["name"]: c for c in v["columns"]}
assert v["rows"] == 300 and v["dim"] == 7 and v["left_out"][0]["name"] == "id"
assert c["town"]["kind"] == "category" and c["town"]["levels"][0] == {"value": "Bern", "rows": 100}
assert c["code"]["function_of"] == 2 and c["half"]["step"] == 0.5 and c["half"]["decimals"] == 1
assert c["day"]["date"] and c["x"]["kind"] == "real" and c["x"]["missing"] == 1
'

# Columns by name, wherever they stand.
succeeds a_model_of_names train xy.csv -o xy.nq "${small[@]}" -q
"$noneq" eval xy.nq xy.csv --threads 1 --json >right.json
for other in yx more; do
    succeeds "another order is put right: $other" eval xy.nq "$other.csv" --threads 1 --json
    holds "with the same figures: $other" cmp out right.json
done
prints columns_without_use_are_told 'note: more.csv: the model does not use "id", "town"' err
(echo 'x,z' && cat rows.csv) >xz.csv
refuses a_missing_column_is_named 1 'xz.csv has no column "y"' eval xy.nq xz.csv
for words in 'score xy.nq xz.csv' 'impute xy.nq xz.csv' 'denoise xy.nq xz.csv --sigma 0.1' \
    'plot xy.nq xz.csv -o p.png' 'train xy.csv --valid xz.csv -o m.nq'; do
    # shellcheck disable=SC2086
    refuses "a_missing_column_is_named: ${words%% *}" 1 'xz.csv has no column "y"' $words
done
"$noneq" train xy.csv --valid xy.csv -o v1.nq "${small[@]}" -q
succeeds hold_out_columns_are_matched train xy.csv --valid more.csv -o v2.nq "${small[@]}"
prints hold_out_columns_left_aside_are_told 'note: more.csv: .* not use "id", "town"' err
holds with_the_same_model cmp v1.nq v2.nq
succeeds and_drop_is_of_the_training_file \
    train more.csv --drop id,town --valid xy.csv -o v3.nq "${small[@]}" -q
"$noneq" score xy.nq xy.csv --threads 1 >right.csv
succeeds scores_are_of_the_right_columns score xy.nq yx.csv --threads 1
holds scores_are_those_of_the_usual_order cmp out right.csv

succeeds ids_stay_beside_their_scores score xy.nq more.csv --threads 1 -q
prints under_their_names '^row,id,town,bound_bits,bound_nats' out
prints with_their_text '^6,r7,"Oslo, 7",-?[0-9.]+,-?[0-9.]+' out
sed 's/^\([0-9]*\),r[0-9]*,"[^"]*"/\1/; s/id,town,//' out >bare.scores
holds and_the_scores_are_the_same cmp bare.scores right.csv
succeeds arrays_hold_scores_alone score xy.nq more.csv --threads 1 -q -o s.npy

# What comes out looks like what went in.
printf 'town;y;id;x\r\n"Oslo; N";1,50;007;\r\nRome;;100100037;-,25\r\n\r\nBern;2;3;1e0\r\n' >eu.csv
succeeds gaps_are_filled_in_the_files_own_form \
    impute xy.nq eu.csv --decimal , --mean --draws 4 --particles 16 --threads 1 -o filled.csv -q
tr -d '\r' <filled.csv >lines
holds the_header_stays test "$(head -n 1 lines)" = 'town;y;id;x'
prints known_cells_and_text_stay '^"Oslo; N";1,50;007;-?[0-9]*,[0-9]+$' lines
prints ids_stay '^Rome;-?[0-9]*,[0-9]+;100100037;-,25$' lines
prints whole_rows_stay '^Bern;2;3;1e0$' lines
holds line_ends_stay test "$(grep -c $'\r$' filled.csv)" -eq 4
printf 'y,x\n5,\n,1800\n' >back.csv
succeeds the_other_order_stays impute xy.nq back.csv --particles 16 --threads 1 -o b.csv -q
prints y_stays_y '^5,-?[0-9.]+' b.csv
prints x_stays_x ',1800$' b.csv
succeeds draws_are_labelled impute xy.nq back.csv --draws 2 --particles 16 --threads 1 -q
prints in_front_of_the_files_columns '^row,draw,y,x$' out
refuses text_has_no_place_in_an_array 1 'cannot hold the text of column 1 \("id"\) of more.csv' \
    impute xy.nq more.csv -o m.npy -q --threads 1 --particles 8

# A mask speaks of columns by name, or of the file's places.
printf 'x,y\n0.1,0.2\n0.3,0.4\n' >two.csv
printf 'y,x\n1,0\n0,0\n' >named.csv
printf '0,1\n0,0\n' >placed.csv
printf 'y,x\n0.2,0.1\n0.4,0.3\n' >turned.csv
for job in 'two named' 'two placed' 'turned named'; do
    # shellcheck disable=SC2086
    set -- $job
    succeeds "a mask is matched: $job" \
        impute xy.nq "$1.csv" --mask "$2.csv" --particles 16 --threads 1 -q
    if test "$1" = two; then pattern='^0\.1,-?[0-9.]+$'; else pattern='^-?[0-9.]+,0\.1$'; fi
    prints "and leaves x alone: $job" "$pattern" out
    prints "and other rows: $job" '^0\.[34],0\.[34]$' out
done

# A column that varies in one row only, wherever the split puts it.
(echo 'x,rare' && awk -F, '{ print $1 "," (NR == 40) }' rows.csv) >rare.csv
bad=
for seed in 1 2 3 4 5 6 7 8 9 10 11 12; do
    run train rare.csv -o rare.nq "${small[@]}" --updates 5 --seed $seed -q
    test "$code" -eq 0 || bad+=" $seed"
done
expect_nothing a_rare_value_ends_no_training "$bad"
succeeds and_every_row_can_be_scored score rare.nq rare.csv --threads 1 -o scores.csv
awk -F, '{ print $1 ",0" }' rows.csv | (echo 'x,rare' && cat) >never.csv
succeeds a_value_that_only_a_hold_out_file_has_ends_no_training \
    train never.csv --valid rare.csv -o never.nq "${small[@]}"
prints but_is_told '1 hold-out row differs in a column that is constant in training' err

# Places in the file, with its comments, blank lines and columns left out.
printf '# made by hand\n\nid,x,y\na,1,2\n\n# half\nb,3,oops\n' >lines.csv
refuses lines_are_counted_as_in_the_file 1 'lines.csv:7: column 3 \("y"\).*"oops"' \
    eval xy.nq lines.csv -q
printf '# made by hand\n\nid,x,y\na,1,2\n\n# half\nb,3,\n' >lines.csv
refuses also_of_what_is_found_later 1 'lines.csv:7: column 3 \("y"\): .*missing' \
    eval xy.nq lines.csv -q

# Whole numbers that float64 does not tell apart, in columns of few and of many values.
for rows in 6000 50; do
    awk -v rows=$rows 'BEGIN { print "id,x,ns"
        for (i = 0; i < rows; i++)
            printf "9007199254%09d,%d,17%05d00000000000\n", i, i % 7, i }' >id.csv
    run info id.csv
    prints "long_numbers_are_told, of $rows rows" \
        'column 1 \("id"\) holds whole numbers .*line 3: 9007199254000000001 is read' err
    holds "once, and not where they are kept" test "$(grep -c 'more digits' err)" -eq 1
done
run info id.csv --types id=category
holds nor_where_they_are_texts test "$code" -eq 0 -a ! -s err

# Names that begin as files of other kinds do.
printf 'PAR1,PAR2\n1,2\n2,3\n3,5\n' >par.csv
succeeds a_header_is_no_parquet_file train par.csv --valid 0 -o par.nq "${small[@]}" -q
printf 'PAR1\025\004' >par.parquet
refuses a_parquet_file_is_one 1 'par.parquet is a Parquet file' train par.parquet -o par2.nq
run data gaussian -n 5 --dim 2 -o five.npy
refuses reading_options_are_checked_for_arrays_too 2 '--header "1,1": expected yes or no' \
    train five.npy --header 1,1 -o five.nq
finish
