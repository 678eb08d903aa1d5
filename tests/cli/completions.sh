#!/usr/bin/env bash
# completions.sh - what the program offers at the end of a command line, and the shells with it.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# offers SENTENCE "FIRST LINE" "CANDIDATE..." WORD...: what --complete prints, without explanations.
offers()
{
    local sentence=$1 expected
    expected=$(printf '%s\n' "$2" && printf '%s' "$3" | tr ' ' '\n')
    shift 3
    run --complete "$@"
    if test "$code" -eq 0 -a "$(cut -f 1 out)" = "$expected"; then
        pass "$sentence"
    else
        fail "$sentence" "expected: $expected; $(details)"
    fi
}

tables='.npy .csv .tsv .txt .dat .data .gz .png .pgm .ppm .bin -ubyte'
offers a_verb_is_completed words train tr
offers help_takes_a_verb words eval help ev
offers help_takes_one_verb words '' help eval ''
offers an_option_is_completed words '--resume --restart' train x --res
offers kernels_are_those_of_the_library words 'gaussian binomial categorical mixed' \
    train --kernel ''
offers an_option_may_hold_its_value words gaussian train --kernel=g
offers a_schedule_may_be_a_file files 'learned log-snr linear' train --schedule l
offers kinds_stand_behind_a_name words 'a=real,b=whole' train --types a=real,b=w
offers a_name_of_a_column_is_not_known words '' train --types a=real,b
offers a_data_set_is_completed words 'deadleaves' data d
offers a_model_comes_first 'files .nq' '' eval ''
offers and_then_its_data "files $tables" '' eval m.nq ''
offers several_models_may_come "files .nq $tables" '' impute a.nq b.nq ''
offers options_stand_anywhere "files $tables" '' eval --seed 3 m.nq -q ''
offers after_two_dashes_all_are_names "files $tables" '' eval m.nq -- -
offers train_writes_a_model 'files .nq' '' train x.csv -o ''
offers others_write_any_file files '' sample m.nq -o ''
offers a_log_is_a_folder folders '' train x.csv --log ''
offers a_switch_is_0_or_1 words '0 1' train x.csv --roles ''
offers a_number_is_nobodys_to_guess words '' train x.csv --seed ''
offers an_unknown_verb_has_nothing words '' nowhere ''
run --complete train x.csv ''
prints after_the_last_name_come_options '^--output	the model file to write$' out
run --complete ''
for verb in $("$noneq" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p') help; do
    prints "every_verb_is_offered: $verb" "^$verb	[a-z]" out
done
run --complete
holds no_word_at_all_is_the_first test "$code" -eq 0 -a "$(wc -l <out)" -gt 10

# Values that stand in no list of the library are words of their option's help.
for verb in train eval impute sample; do
    "$noneq" "$verb" --help >help
    for option in $("$noneq" --complete "$verb" -- | cut -f 1 | sed 1d); do
        values=$("$noneq" --complete "$verb" "$option" '' | cut -f 1 | sed 1d)
        case $option in --kernel | --preset) continue ;; esac # lists of the library
        awk -v option="$option" '/^  / { on = /^          / ? on : $1 == option || $2 == option }
            on { sub(option, ""); print }' help | tr '\n' ' ' | tr -s ' ' | tr -d ';,:()' >words
        for value in $values; do
            test ${#value} -gt 1 || continue
            holds "help_of_${verb}_${option}_names_$value" grep -qwF -e "$value" words
        done
    done
done

# bash: COMPREPLY for a command line whose words are as bash cuts them.
mkdir -p place/folder
touch place/a.nq place/b.csv place/c.csv.gz place/other 'place/two words.nq'
cat >complete.bash <<BASH
. "$root/completions/noneq.bash"
cd place || exit 1
COMP_WORDS=("$noneq" "\$@")
COMP_CWORD=\$#
_noneq
printf '%s\n' "\${COMPREPLY[@]}" | LC_ALL=C sort | tr '\n' '|'
BASH

# in_bash SENTENCE EXPECTED WORD...
in_bash()
{
    local sentence=$1 expected=$2
    shift 2
    holds "bash: $sentence" test "$(bash complete.bash "$@" 2>&1)" = "$expected"
}

in_bash a_verb 'score|' sco
in_bash an_option '--restart|--resume|' train b.csv --res
in_bash a_value 'gaussian|' train b.csv --kernel g
in_bash a_value_after_equals 'gaussian|' train b.csv --kernel = g
in_bash a_value_right_after_equals 'binomial|categorical|gaussian|mixed|' train --kernel =
in_bash a_kind_after_equals 'whole|' train b.csv --types a = w
in_bash the_second_kind 'whole|' train b.csv --types a = real,b = w
in_bash a_model 'a.nq|folder|two words.nq|' eval ''
in_bash its_data 'b.csv|c.csv.gz|folder|' eval a.nq ''
in_bash any_file_where_none_has_the_ending 'other|' train o
in_bash any_file_to_write 'b.csv|' sample a.nq -o b
in_bash a_file_after_equals 'b.csv|' train --valid = b
in_bash a_folder 'folder|' train b.csv --log ''
in_bash nothing_for_what_is_not_known '|' frain ''
holds bash_reads_its_script bash -n "$root/completions/noneq.bash"
if command -v zsh >/dev/null; then
    holds zsh_reads_its_script zsh -n "$root/completions/_noneq"
else
    echo 'skip zsh_reads_its_script: no zsh'
fi
if command -v fish >/dev/null; then
    ln -s "$noneq" place/noneq
    cat >complete.fish <<FISH
source "$root/completions/noneq.fish"
cd place
set PATH . \$PATH
complete -C "\$argv"
FISH
    # in_fish SENTENCE EXPECTED LINE
    in_fish()
    {
        holds "fish: $1" test "$(HOME=$folder fish complete.fish "$3" | cut -f 1 | sort |
            tr '\n' '|')" = "$2"
    }
    in_fish a_verb 'score|' 'noneq sco'
    in_fish a_value 'gaussian|' 'noneq train b.csv --kernel g'
    in_fish a_value_after_equals '--kernel=gaussian|' 'noneq train b.csv --kernel=g'
    in_fish a_model 'a.nq|folder/|two words.nq|' 'noneq eval '
    in_fish its_data 'b.csv|c.csv.gz|folder/|' 'noneq eval a.nq '
    in_fish a_folder 'folder/|' 'noneq train b.csv --log '
else
    echo 'skip fish: no fish'
fi
finish
