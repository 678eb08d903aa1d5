#!/usr/bin/env bash
# kernels.sh - every kind of kernels trains, samples and scores, and they agree but for rounding.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
unset NONEQ_CPU

run data mixture -n 400 --dim 5 -o rows.npy
run data deadleaves -n 100 --size 8 -o leaves.npy
pictures=(--regressor image --layers 1 --scales 2 --channels 16 --bumps 2 --hidden 8
    --pixel-hidden 16 --steps 12 --updates 40 --batch 32)
run train rows.npy -o rows.nq "${tiny[@]}" -q
run train leaves.npy -o leaves.nq "${pictures[@]}" -q

# bound_of MODEL DATA: K, with more digits than the report for people has.
bound_of()
{
    "$noneq" eval "$1" "$2" --json --terms 100 -q 2>err |
        python3 -c 'import json, sys; print(repr(json.load(sys.stdin)["bound"]["nats"]))'
}

# nearly RELATIVE A B
nearly()
{
    python3 -c 'import sys
tolerance, a, b = map(float, sys.argv[1:])
sys.exit(not abs(a - b) <= tolerance * max(abs(a), abs(b)))' "$@"
}

# rows_nearly ABSOLUTE FILE FILE: two tables of numbers.
rows_nearly()
{
    python3 -c 'import sys
def numbers(path):
    return [float(x) for line in open(path) for x in line.split(",")]
a, b = numbers(sys.argv[2]), numbers(sys.argv[3])
sys.exit(not (a and len(a) == len(b) and all(abs(x - y) <= float(sys.argv[1])
                                             for x, y in zip(a, b))))' "$@"
}

run bench --seconds 1 --threads 1
usual=$(sed -n 's/^noneq [^,]*, \([a-z0-9-]*\) kernels.*/\1/p' out)
holds bench_names_the_kernels test -n "$usual"
for kernels in avx512 avx2 generic ref; do
    export NONEQ_CPU=$kernels
    run sample rows.nq -n 1 -v
    if test "$code" -ne 0; then
        prints "${kernels}_are_not_of_this_machine" 'names no kernels that this machine runs' err
        continue
    fi
    prints "${kernels}_are_in_use" " $kernels kernels" err
    for what in rows leaves; do
        network=("${tiny[@]}")
        test $what = rows || network=("${pictures[@]}")
        succeeds "${kernels}_train_on_$what" train $what.npy -o new.nq "${network[@]}" -q
        succeeds "${kernels}_score_what_they_trained_on_$what" eval new.nq $what.npy --terms 20
        succeeds "${kernels}_sample_$what" sample $what.nq -n 70 -o "$what.$kernels.csv"
        has_python "${kernels}_agree_on_$what" || continue
        bound_of $what.nq $what.npy >"bound.$what.$kernels"
        NONEQ_CPU=$usual bound_of $what.nq $what.npy >bound
        holds "${kernels}_give_the_same_bound_of_$what" \
            nearly 1e-4 "$(cat bound)" "$(cat "bound.$what.$kernels")"
        NONEQ_CPU=$usual run sample $what.nq -n 70 -o usual.csv
        holds "${kernels}_give_the_same_samples_of_$what" \
            rows_nearly .02 usual.csv "$what.$kernels.csv"
    done
done
export NONEQ_CPU=abacus
refuses unknown_kernels_are_refused 2 'NONEQ_CPU "abacus".*generic, ref' sample rows.nq -n 1
finish
