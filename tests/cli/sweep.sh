#!/usr/bin/env bash
# sweep.sh - every option with a value, of every verb, with numbers at and beyond all limits: a
# sentence or a result, never a signal. What asks for endless work is stopped.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

"$noneq" data gaussian -n 60 --dim 2 -o data.csv || exit 1
"$noneq" train data.csv -o model.nq --hidden 4 --steps 4 --updates 3 --threads 1 -q || exit 1
printf 'x1,x2\n0.1,\n,0.3\n' >gaps.csv
memory=$(memory_most 2000000)
values=(-1 0 .5 1e-300 1e300 2147483648 4294967296 4611686018427387904 9223372036854775807 nan inf
    '' ' ')

# options VERB: its options that take a number.
options()
{
    "$noneq" "$1" --help |
        grep -oE -- '--[a-z][a-z0-9-]* (N|X|S|M|P|R|W|B|C|K|D|ROWS|BITS|SECONDS)\b' |
        cut -d' ' -f1 | grep -v -- '--threads'
}

# sweep VERB WORDS...: how many runs it took, and those that ended in another way than they may.
sweep()
{
    local verb=$1 option value bad='' runs=0
    shift
    for option in $(options "$verb"); do
        for value in "${values[@]}"; do
            {
                (ulimit -v "$memory"
                ulimit -c 0
                exec timeout -s KILL 0.5 "$noneq" "$verb" "$@" --threads 1 "$option=$value") \
                    >out 2>err </dev/null
                code=$?
            } 2>killed
            runs=$((runs + 1))
            case $code in
            0 | 137) ;; # done, or at work
            1 | 2) grep -q '^noneq: ' err || bad+=" $option=$value:silent" ;;
            *) bad+=" $option=$value:$code" ;;
            esac
            rm -f out.csv* new.nq*
        done
    done
    expect_nothing "no_number_of_${verb}_ends_in_a_signal" "$bad"
    holds "options_of_${verb}_were_tried" test "$runs" -ge "${#values[@]}"
}

sweep train data.csv -o new.nq --hidden 4 --steps 4 --updates 2 -q --restart
sweep eval model.nq data.csv
sweep score model.nq data.csv -o out.csv
sweep sample model.nq -o out.csv
sweep impute model.nq gaps.csv -o out.csv
sweep denoise model.nq data.csv --sigma .1 --rows 3 -o out.csv
sweep data gaussian -o out.csv
for value in -1 2147483648 nan ''; do
    refuses "threads_${value:-empty}_is_refused" 2 \
        '--threads takes a whole number of at least 0 and at most' \
        eval model.nq data.csv "--threads=$value"
done
finish
