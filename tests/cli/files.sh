#!/usr/bin/env bash
# files.sh - outputs appear whole or not at all, never over an input, and nothing is left behind.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

"$noneq" data gaussian -n 60 --dim 2 --noise 0.5 -o rows.csv || exit 1
"$noneq" train rows.csv -o m.nq "${tiny[@]}" -q || exit 1
"$noneq" sample m.nq -n 60 -o drawn.csv || exit 1
printf '1,\n,2\n' >gaps.csv
printf '0,1\n1,0\n' >mask.csv
seq 0.01 0.01 0.12 >rates.csv

# Links and other ways to one file, which are all the same file.
ln -s . round
# spelt FILE: the ways to call it.
spelt()
{
    ln -sf "$1" "soft.$1"
    ln -f "$1" "hard.$1"
    echo "$1" "./$1" "round/$1" "$PWD/$1" "soft.$1" "hard.$1"
}

# kept INPUT VERB WORDS...: the job that writes over INPUT is refused before anything is done, and
# INPUT stays. @ stands for the output. Of pictures, a link with the right name leads to INPUT.
kept()
{
    local input=$1 output words bad=
    shift
    cp "$input" before
    for output in $(spelt "$input"); do
        if test "$1" = plot; then
            ln -sf "$output" figure.png
            output=figure.png
        fi
        if test "$1" = train && test "$output" = "hard.$input"; then
            continue # another name in another folder would do as well
        fi
        words=("${@/@/$output}")
        run "${words[@]}"
        test "$code" -eq 1 && grep -q '^noneq: .*would be overwritten' err &&
            test "$(wc -l <err)" -eq 1 && cmp -s before "$input" || bad+=" $output:$code:$(cat err)"
    done
    expect_nothing "$input is kept: $*" "$bad"
}

ln -s m.nq model.csv
ln -s m.nq model.npy
kept m.nq info m.nq -o @
kept m.nq eval m.nq rows.csv -o @
kept rows.csv eval m.nq rows.csv -o @
kept drawn.csv eval m.nq rows.csv --parzen drawn.csv --parzen-width 1 -o @
kept drawn.csv eval m.nq rows.csv --parzen 5 --parzen-valid drawn.csv -o @
kept rows.csv score m.nq rows.csv -o @
kept rows.csv compare m.nq m.nq rows.csv -o @
kept rows.csv check m.nq rows.csv -o @
kept gaps.csv impute m.nq gaps.csv -o @
kept mask.csv impute m.nq gaps.csv --mask mask.csv -o @
kept rows.csv denoise m.nq rows.csv --sigma 1 -o @
kept m.nq plot m.nq rows.csv -o @
kept rows.csv plot m.nq rows.csv -o @
kept rows.csv train rows.csv -o @
kept drawn.csv train rows.csv --valid drawn.csv -o @
kept rates.csv train rows.csv --schedule rates.csv -o @
for name in model.csv model.npy; do
    refuses "the_model_is_not_overwritten_as_$name" 1 'would be overwritten' \
        sample m.nq -n 2 -o $name
done
cp rows.csv new.nq.checkpoint
refuses the_data_is_not_the_checkpoint_of_the_output 1 'would be overwritten' \
    train new.nq.checkpoint -o new.nq
refuses nor_are_hold_out_rows 1 'would be overwritten' \
    train rows.csv --valid new.nq.checkpoint -o new.nq
holds and_they_stay cmp rows.csv new.nq.checkpoint
mkdir log
cp rows.csv log/metrics.jsonl
refuses the_log_is_not_an_input 1 'would be overwritten' \
    train log/metrics.jsonl -o new.nq --log log
refuses the_log_is_not_an_output 1 'same file' \
    eval m.nq rows.csv -o round/log/metrics.jsonl --log log
holds and_it_stays cmp rows.csv log/metrics.jsonl
refuses a_sheet_is_not_the_output 1 'same file' \
    impute m.nq gaps.csv -o ./new.png --sheet new.png --image 1x2
mkdir pictures
seed=0
for name in a b c; do
    "$noneq" data deadleaves -n 1 --size 8 --seed $((++seed)) -o pictures/$name.png || exit 1
done
"$noneq" train pictures -o p.nq --image 8x8 --hidden 4 --steps 4 --updates 2 -q || exit 1
refuses a_picture_of_a_folder_is_not_overwritten 1 'would be overwritten' \
    impute p.nq pictures --mask left -o pictures/a.png
run eval m.nq rows.csv --terms 2 -o both.txt --log log.new
holds files_that_differ_are_fine test "$code" -eq 0 -a -s both.txt -a -s log.new/metrics.jsonl
"$noneq" eval m.nq drawn.csv --terms 2 >>drawn.csv 2>err
code=$?
holds standard_output_is_not_an_input test "$code" -eq 1 -a "$(wc -l <drawn.csv)" -eq 60

# Every writer goes one way: modes and links stay, links to nowhere are followed.
# writes FILE: what writes a file of that name.
writes()
{
    case $1 in
    *.nq) run train rows.csv -o "$1" "${tiny[@]}" -q ;;
    *.csv | *.npy | *.gz) run sample m.nq -n 5 -o "$1" ;;
    *.svg | *.png) run plot m.nq -n 5 -o "$1" ;;
    *.pgm) run data deadleaves -n 1 --size 8 -o "$1" ;;
    *) run info m.nq -o "$1" ;;
    esac
}

umask 027
mkdir elsewhere
for kind in a.nq a.csv a.npy a.csv.gz a.svg a.png a.pgm a.txt; do
    writes $kind
    holds "a_new_$kind has_the_usual_mode" test "$code$(stat -c %a $kind)" = 0640
    echo old >elsewhere/$kind
    chmod 604 elsewhere/$kind
    ln -sf elsewhere/$kind link.$kind
    writes link.$kind
    holds "mode_and_link_stay: $kind" \
        test "$code$(stat -c %a elsewhere/$kind)" = 0604 -a -L link.$kind
    holds "what_the_link_leads_to_is_replaced: $kind" cmp elsewhere/$kind $kind
    ln -sf elsewhere/new.$kind lost.$kind
    writes lost.$kind
    holds "a_link_to_nowhere_is_followed: $kind" cmp elsewhere/new.$kind $kind
    holds "and_stays: $kind" test -L lost.$kind
done
umask 022

# Streams are written as they are.
"$noneq" sample m.nq -n 5 -o - >dash
"$noneq" sample m.nq -n 5 -o /dev/stdout 2>err | cat >stream
holds dev_stdout_takes_a_table cmp dash stream
echo before >appended
"$noneq" sample m.nq -n 5 -o /dev/stdout 2>err >>appended
holds and_keeps_its_place test "$(head -n 1 appended)" = before -a "$(wc -l <appended)" -eq 6
"$noneq" info m.nq -o /dev/stdout 2>err | cat >stream
holds dev_stdout_takes_a_text cmp a.txt stream
mkfifo pipe.npy
cat pipe.npy >stream &
"$noneq" sample m.nq -n 5 -o pipe.npy 2>err
wait $!
holds a_pipe_takes_an_array cmp a.npy stream
holds and_stays_a_pipe test -p pipe.npy
run sample m.nq -n 5 -o /dev/null
holds dev_null_takes_anything test "$code" -eq 0 -a -c /dev/null

# Temporary files: of the dead they go, of the living they stay, and nobody can foretell them.
left() { find . -name '.noneq-*' | wc -l; }
"$noneq" data gaussian -n 500000000 -o endless.csv 2>/dev/null &
living=$!
"$noneq" data gaussian -n 500000000 -o endless2.csv 2>/dev/null &
dead=$!
for _ in $(seq 500); do
    test "$(left)" -eq 2 && break
    sleep 0.02
done
holds a_file_is_written_under_a_hidden_name test "$(left)" -eq 2
kill -9 $dead
wait $dead 2>/dev/null
run info m.nq -o a.txt
holds the_next_run_removes_what_a_dead_one_left test "$(left)" -eq 1
run info m.nq -o a.txt
holds but_not_what_a_living_one_writes test "$(left)" -eq 1
kill -TERM $living
wait $living
code=$?
holds and_sigterm_removes_it test "$code$(left)" = 1430 -a ! -e endless.csv

# Two runs on one output.
"$noneq" train rows.csv -o twice.nq --updates 1000000000 -q 2>/dev/null &
first=$!
wait_for twice.nq.lock
ln -s twice.nq thrice
refuses a_second_run_on_an_output_is_refused 1 "process $first" \
    train rows.csv -o twice.nq "${tiny[@]}"
refuses also_by_a_link 1 "process $first" train rows.csv -o round/thrice "${tiny[@]}"
kill -9 $first
wait $first 2>/dev/null
holds the_lock_of_a_killed_run_stays test -e twice.nq.lock
rm -f twice.nq.checkpoint
succeeds and_keeps_nobody_away train rows.csv -o twice.nq "${tiny[@]}" -q
holds and_goes test ! -e twice.nq.lock
echo mine >mine.nq.lock
refuses a_file_that_is_no_lock_is_left_alone 1 'mine.nq.lock' \
    train rows.csv -o mine.nq "${tiny[@]}"
holds and_keeps_its_content grep -q mine mine.nq.lock
finish
