#!/usr/bin/env bash
# given.sh - conditions on rows: what is drawn meets them, how probable they are, what is refused;
# linear observations and warnings of few particles.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh

noneq=${NONEQ:-build/release/noneq}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# A table of texts, whole numbers, a bit, and two real columns that hang together.
awk 'BEGIN { srand(3); print "sex,\"age, years\",kids,x,x-y"
    for (i = 0; i < 1500; i++) {
        s = rand() < .5 ? "F" : "M"; a = 18 + int(60 * rand()); x = rand() + rand() + rand()
        printf "%s,%d,%d,%.6f,%.6f\n", s, a, int(3 * rand() * rand() + (a > 30)), x, x + rand()
    } }' >"$dir/t.csv"
"$noneq" train "$dir/t.csv" -o "$dir/t.nq" --updates 300 --hidden 32,32 --steps 30 -q \
    --threads 1 >/dev/null 2>&1 || echo "not ok - training"
sed 1,1d "$dir/t.csv" | cut -d, -f4,5 | head -800 | sed '1i x,w' >"$dir/g.csv"
"$noneq" train "$dir/g.csv" -o "$dir/g.nq" --kernel gaussian --updates 300 --hidden 32,32 \
    --steps 30 -q --threads 1 >/dev/null 2>&1 || echo "not ok - training of numbers"

model=$dir/t.nq
# meets SENTENCE CONDITION AWK: rows that are drawn, all of which AWK holds of.
meets()
{
    "$noneq" sample "$model" -n 60 --given "$2" -o "$dir/o.csv" --threads 1 \
        >"$dir/out" 2>"$dir/err"
    local status=$?
    expect_nothing "$1" "$(
        test $status = 0 || cat "$dir/err"
        grep -q 'log probability' "$dir/err" || echo "no probability is told"
        awk -F, "NR > 1 && !($3)" "$dir/o.csv" | head -3
        test "$(wc -l <"$dir/o.csv")" = 61 || echo "expected 60 rows"
    )"
}
meets an_interval_of_a_quoted_name '"age, years"=40..50' '$2 >= 40 && $2 <= 50'
meets a_text 'sex=F' '$1 == "F"'
meets one_of_two_texts_and_a_number 'sex=F|M,kids=1' '$3 == 1'
meets any_other_text 'sex!=M' '$1 == "F"'
meets chained_inequalities '40<="age, years"<50' '$2 >= 40 && $2 < 50'
meets strict_and_wide 'kids>0,kids<=2' '$3 > 0 && $3 <= 2'
meets numbers_or_intervals '"age, years"=20|30..35|70..80' \
    '$2 == 20 || ($2 >= 30 && $2 <= 35) || $2 >= 70'
meets other_numbers 'kids!=0|2' '$3 != 0 && $3 != 2'
meets a_column_below_another 'x<=x-y' '$4 <= $5'
meets a_sum_of_whole_numbers '"age, years"+kids=40' '$2 + $3 == 40'
meets a_sum_within_a_tolerance 'x+2*x-y=6+-0.5' '$4 + 2 * $5 >= 5.5 && $4 + 2 * $5 <= 6.5'
meets a_rare_conjunction 'sex=F,"age, years">=75,kids=0,x>2.2' \
    '$1 == "F" && $2 >= 75 && $3 == 0 && $4 > 2.2'

# refused SENTENCE STATUS WORDS CONDITION: nothing is drawn, and one sentence says why.
refused()
{
    rm -f "$dir/no.csv"
    "$noneq" sample "$model" -n 10 --given "$4" -o "$dir/no.csv" >"$dir/out" 2>"$dir/err"
    local status=$?
    expect_nothing "$1" "$(
        test $status != 0 && test $status -le 2 || echo "status $status"
        grep -q -e "$3" "$dir/err" || cat "$dir/err"
        test "$(wc -l <"$dir/err")" = 1 || cat "$dir/err"
        test -e "$dir/no.csv" && echo "a file was written"
    )"
}
refused an_unknown_column 1 'was "sex" meant' 'sxe=F'
refused an_unknown_level 1 'no level "X"' 'sex=X'
refused a_number_for_a_text 1 'no level "3"' 'sex=3'
refused a_text_for_a_number 1 'holds numbers' 'kids=many'
refused an_interval_that_is_turned 1 'begins above its end' 'kids=3..1'
refused a_contradiction 1 'cannot be met' 'kids<1,kids>1'
refused a_contradiction_of_texts 1 'cannot be met' 'sex=F,sex=M'
refused a_value_that_is_not_drawn 1 'cannot be met' 'kids=17'
refused a_value_between 1 'cannot be met' 'kids=1.2..1.8'
refused a_sum_beyond_all 1 'cannot be met' '"age, years"+kids>500'
refused a_real_sum_without_tolerance 1 'tolerance' 'x+x-y=3'
refused a_text_in_a_sum 1 'holds text' 'sex+kids=3'
refused a_text_that_is_compared 1 'holds text' 'sex<3'
refused no_comparison 1 'expected =' 'kids'
refused no_value 1 'missing' 'kids='
refused no_end_of_a_quote 1 'no end' '"age, years=3'
refused nothing 1 'missing' ''
refused a_comma_too_many 1 'missing' 'kids=1,'
refused what_cancels 1 'cancel' 'kids-kids<=1'
refused what_follows 1 'expected a comma' 'kids<=1 2'

# Strings that are no conditions: a sentence and a status, never a signal.
bad=$(
    i=0
    for text in '=' '<' '<=' '=,=' '"' '""' '"""' '..' 'kids=..' 'kids=1..' 'kids=..3' \
        'kids=1...3' '-' '+' '*' '2*' \
        '*kids' 'kids*' 'kids*kids=1' '1=1' '1<2' 'kids=1|' 'kids=|' 'kids=||1' \
        'kids=nan' 'kids=inf' 'kids<inf' 'kids=1e999' 'kids<1e999' 'kids=+-1' 'kids=1+-' \
        '+-1=kids' 'x=1+-x' 'x==1' 'x=!1' 'x!1' 'x<>' ',' ',,,' ' ' 'kids = 1 = 2' 'sex="' \
        'sex="F' 'sex="F"x' \
        'x<=x-y<=' "$(printf 'kids+%.0s' {1..400})kids<1" "$(printf 'kids=1|%.0s' {1..400})"; do
        timeout 60 "$noneq" sample "$dir/t.nq" -n 2 --given "$text" -o "$dir/b.csv" \
            >/dev/null 2>"$dir/err"
        status=$?
        test $status -le 2 || echo "$text: status $status"
        test $status = 0 || test -s "$dir/err" || echo "$text: no sentence"
        i=$((i + 1))
    done
)
expect_nothing strings_that_are_no_conditions_end_in_a_sentence "$bad"

# JSON has the same numbers; the same seed gives the same rows for any number of threads.
"$noneq" sample "$dir/t.nq" -n 50 --given 'kids=1..2' -o "$dir/1.csv" --threads 1 --json \
    >"$dir/1.json" 2>/dev/null
"$noneq" sample "$dir/t.nq" -n 50 --given 'kids=1..2' -o "$dir/2.csv" --threads 2 --json \
    >"$dir/2.json" 2>/dev/null
expect_nothing threads_change_nothing "$(
    cmp "$dir/1.csv" "$dir/2.csv"
    cmp "$dir/1.json" "$dir/2.json"
)"
expect_nothing json_has_the_evidence_and_its_error "$(
    grep -qE '"log_evidence":-[0-9.]+,"log_evidence_se":[0-9.]+' "$dir/1.json" || cat "$dir/1.json"
)"

# impute: cells that are there stay, and what is missing meets the conditions.
printf 'sex,"age, years",kids,x,x-y\nF,,1,1.5,\nM,,,,\nF,44,1,1.5,2\n' >"$dir/gaps.csv"
"$noneq" impute "$dir/t.nq" "$dir/gaps.csv" --given '"age, years"=40..50,x<=x-y' -n 20 \
    -o "$dir/i.csv" --threads 1 --evidence "$dir/ev.csv" 2>"$dir/err"
expect_nothing imputed_rows_meet_the_conditions "$(
    test -s "$dir/i.csv" || cat "$dir/err"
    awk -F, 'NR > 1 && !($4 >= 40 && $4 <= 50 && $6 <= $7)' "$dir/i.csv" | head
    awk -F, 'NR > 1 && NR < 4 && !($2 < 0)' "$dir/ev.csv"
)"
"$noneq" impute "$dir/t.nq" "$dir/gaps.csv" --given 'kids=2' -o "$dir/j.csv" >/dev/null 2>"$dir/err"
expect_nothing a_row_that_says_otherwise_is_named "$(
    grep -q 'row [13]' "$dir/err" || cat "$dir/err"
)"

# denoise: observations of a sum.
printf 'x,w\n,\n1.2,\n' >"$dir/none.csv"
printf 'x,a_w,y,sigma\n1,1,4,0.01\n' >"$dir/obs.csv"
"$noneq" denoise "$dir/g.nq" "$dir/none.csv" --observe "$dir/obs.csv" -n 64 --mean \
    -o "$dir/d.csv" --threads 1 --evidence "$dir/ev.csv" 2>"$dir/err"
expect_nothing what_is_observed_of_a_sum_holds "$(
    test -s "$dir/d.csv" || cat "$dir/err"
    awk -F, 'NR > 1 && ($1 + $2 - 4 > .05 || $1 + $2 - 4 < -.05)' "$dir/d.csv"
    awk -F, 'NR == 3 && $1 != 1.2' "$dir/d.csv"
)"
"$noneq" denoise "$dir/g.nq" "$dir/none.csv" --observe "$dir/obs.csv" --sigma 0.5 --given 'x<=w' \
    -n 32 -o "$dir/p.csv" --threads 1 2>"$dir/err"
expect_nothing noise_observations_and_conditions_go_together "$(
    test -s "$dir/p.csv" || cat "$dir/err"
    awk -F, 'NR > 1 && $3 > $4' "$dir/p.csv" | head -3
)"
# bad_file SENTENCE WORDS TEXT
bad_file()
{
    printf '%b' "$3" >"$dir/bad.csv"
    "$noneq" denoise "$dir/g.nq" "$dir/none.csv" --observe "$dir/bad.csv" -o "$dir/q.csv" \
        >/dev/null 2>"$dir/err"
    local status=$?
    expect_nothing "$1" "$(
        test $status = 1 || test $status = 2 || echo "status $status"
        grep -q -e "$2" "$dir/err" || cat "$dir/err"
    )"
}
bad_file an_observation_needs_y '"y" is missing' 'x,sigma\n1,1\n'
bad_file an_observation_needs_sigma '"sigma" is missing' 'x,y\n1,1\n'
bad_file an_observation_needs_a_coefficient 'coefficient' 'y,sigma\n1,1\n'
bad_file a_column_that_is_not_there '"z" is no column' 'x,z,y,sigma\n1,1,1,1\n'
bad_file a_sigma_of_nothing 'sigma is 0' 'x,y,sigma\n1,1,0\n'
bad_file a_coefficient_that_is_missing 'coefficient is missing' 'x,w,y,sigma\n1,,1,1\n'
bad_file a_row_that_is_not_there 'row is 9' 'x,y,sigma,row\n1,1,1,9\n'
"$noneq" denoise "$dir/t.nq" "$dir/gaps.csv" --observe "$dir/obs.csv" -o "$dir/q.csv" \
    >/dev/null 2>"$dir/err"
expect_nothing a_mixed_model_has_no_linear_observations "$(test -s "$dir/err" || echo nothing)"

# Few particles are told.
"$noneq" impute "$dir/t.nq" "$dir/gaps.csv" --particles 2 -n 20 -o "$dir/k.csv" --threads 1 \
    2>"$dir/err"
expect_nothing few_particles_are_told "$(grep -q 'few particles' "$dir/err" || cat "$dir/err")"

# Dates are dates, and not differences of numbers.
awk 'BEGIN { srand(5); print "day,at,x"
    for (i = 0; i < 600; i++) printf "2025-%02d-%02d,2025-03-%02d %02d:%02d:00,%.3f\n",
        1 + 12 * rand(), 1 + 28 * rand(), 1 + 9 * rand(), 24 * rand(), 60 * rand(), rand() }' \
    >"$dir/d.csv"
model=$dir/d.nq
"$noneq" train "$dir/d.csv" -o "$model" --updates 300 --hidden 32,32 --steps 30 -q --threads 1 \
    >/dev/null 2>&1 || echo "not ok - training of dates"
meets from_a_day_on 'day>=2025-11-27' '$1 >= "2025-11-27"'
meets between_two_days '2025-03-01<=day<2025-04-01' 'substr($1, 1, 7) == "2025-03"'
meets one_day_or_a_month 'day=2025-06-12|2025-08-01..2025-08-31' \
    '$1 == "2025-06-12" || substr($1, 1, 7) == "2025-08"'
meets a_day_of_times 'at=2025-03-04' 'substr($2, 1, 10) == "2025-03-04"'
meets to_a_day_whole 'at<=2025-03-04' 'substr($2, 1, 10) <= "2025-03-04"'
meets after_a_day 'at>2025-03-04' 'substr($2, 1, 10) > "2025-03-04"'
meets from_two_sides '2025-03-04<at<=2025-03-06' \
    'substr($2, 1, 10) > "2025-03-04" && substr($2, 1, 10) <= "2025-03-06"'
meets times_of_a_day 'at=2025-03-04 06:00..2025-03-04T11:59:30' \
    '$2 >= "2025-03-04 06:00:00" && $2 < "2025-03-04 12"'
refused a_day_that_is_none 1 'no calendar has' 'day>=2025-02-30'
refused such_a_value 1 'holds numbers (dates' 'day=2025-02-30'
refused a_time_of_days 1 'dates with times' 'day<2025-03-04 06:00'
refused a_date_of_a_number 1 'one column of dates' 'x<2025-03-04'
refused a_date_of_a_multiple 1 'one column of dates' '2*day>=2025-03-04'
refused a_date_of_less_than_nothing 1 'one column of dates' '0-day>=2025-03-04'
refused a_date_taken_off 1 'not subtracted' 'day-2025-03-04>=0'
finish
