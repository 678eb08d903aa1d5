#!/usr/bin/env bash
# mpi.sh - two or three processes under mpirun give, bit for bit, the files of one.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

if ! mpirun --version 2>/dev/null | grep -q 'Open MPI' ||
    ! test -e "$(dirname "$noneq")/libnoneq_mpi.so"; then
    echo "skip several_processes_give_the_files_of_one: no mpirun, or no libnoneq_mpi"
    finish
    exit
fi
# No network, no binding, processes that wait give way: as many ranks as we like on any machine.
export OMPI_MCA_btl=self,vader,tcp OMPI_MCA_mpi_yield_when_idle=1
export OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_orte_abort_timeout=5
# Sanitizers would list what Open MPI keeps to its end, and how its own threads meet;
# tests/unit/test_ranks.c has ranks that they can follow.
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" TSAN_OPTIONS="report_bugs=0"

# ranks N ARGUMENTS...: the program as N processes; leaves what `run` leaves.
ranks()
{
    local count=$1
    shift
    timeout -k 5 300 mpirun --quiet --oversubscribe --bind-to none -n "$count" \
        "$noneq" "$@" >out 2>err </dev/null
    code=$?
}

# agrees SENTENCE N FILE ARGUMENTS...: with N ranks the job writes the same file as one process. @
# in the arguments stands for the file.
agrees()
{
    local sentence=$1 count=$2 file=$3
    shift 3
    test -e "$file" || "$noneq" "${@//@/$file}" -q
    ranks "$count" "${@//@/$count.$file}" -q
    if test "$code" -ne 0; then
        fail "${sentence}_with_${count}_ranks" "$(details)"
    else
        holds "${sentence}_with_${count}_ranks" cmp "$file" "$count.$file"
    fi
}

# trains NAME DATA OPTIONS...: alone, and with more.
trains()
{
    local name=$1 data=$2 count
    shift 2
    for count in 2 3; do
        agrees "the_${name}_model_is_the_same" "$count" "$name" train "$data" -o @ "$@"
    done
}

# says_once SENTENCE PATTERN: the last run failed and one line of the program says why.
says_once()
{
    if test "$code" -ne 0 && test "$(grep -c '^noneq: ' err)" -eq 1 && grep -qE -- "$2" err; then
        pass "$1"
    else
        fail "$1" "$(details)"
    fi
}

"$noneq" data swissroll -n 600 -o roll.csv
"$noneq" data heartbeat -n 500 -o beat.csv
"$noneq" data deadleaves -n 90 --size 8 --radius-most 6 -o leaves.npy
awk -F, 'NR % 4 == 0 { $2 = "" } { print $1 "," $2 }' roll.csv >gaps.csv

trains roll roll.csv --preset swissroll --steps 12 --updates 60 --batch 1100 --fit-updates 40
trains beat beat.csv --preset heartbeat --steps 60 --updates 50 --batch 1200 --valid 0.2
trains leaves leaves.npy --regressor image --channels 3 --layers 1 --scales 2 --pixel-hidden 4 \
    --steps 8 --updates 12 --batch 64 --valid 0.3
kinds_table >kinds.csv
trains kinds kinds.csv "${tiny[@]}" "${kinds[@]}" --valid 0.2
trains plain gaps.csv "${tiny[@]}" --schedule learned
"$noneq" train beat.csv -o mlp "${tiny[@]}" -q

for count in 2 3; do
    agrees samples_are_the_same "$count" samples.csv sample roll -n 700 -o @
    agrees trajectories_are_the_same "$count" way.csv sample mlp -n 200 --trajectory 4 -o @
    agrees scores_are_the_same "$count" scores.csv score roll roll.csv -o @
    agrees likelihoods_are_the_same "$count" ais.csv score mlp beat.csv --ais 4 -o @
    agrees evaluations_are_the_same "$count" eval.json eval roll roll.csv --json -o @
    agrees pictures_are_evaluated_alike "$count" leaves.json eval leaves leaves.npy --terms 8 \
        --json -o @
    agrees rows_of_kinds_are_the_same "$count" kinds.drawn.csv sample kinds -n 300 -o @
    agrees kinds_are_evaluated_alike "$count" kinds.json eval kinds kinds.csv --json -o @
    agrees kinds_are_filled_alike "$count" kinds.full.csv impute kinds kinds.csv -o @
    agrees filled_gaps_are_the_same "$count" full.csv impute roll gaps.csv -o @ --particles 32
done
ranks 2 eval roll roll.csv --json -v
prints their_number_is_told ', 2 ranks$' err
holds one_process_prints cmp out eval.json

# A run that is stopped goes on with another number of ranks.
# shellcheck disable=SC2054 # the comma is part of a list of widths
long=(--hidden 8,8 --steps 12 --updates 1500 --batch 64 --checkpoint-every 0)
"$noneq" train roll.csv -o unbroken "${long[@]}" -q
# Without timeout: it passes the signal on twice, and then mpirun leaves its ranks at work.
mpirun --quiet --oversubscribe --bind-to none -n 2 \
    "$noneq" train roll.csv -o broken "${long[@]}" -q >out 2>err </dev/null &
process=$!
wait_for broken.checkpoint
kill -TERM $process
wait $process 2>/dev/null
holds a_stopped_run_leaves_a_checkpoint_and_a_model test -s broken.checkpoint -a -s broken
ranks 3 train roll.csv -o broken "${long[@]}" -q --resume
holds it_goes_on_with_other_ranks_to_the_unbroken_model eval 'cat err; cmp unbroken broken'
holds and_removes_its_checkpoint test ! -e broken.checkpoint
ranks 2 train roll.csv -o timed "${tiny[@]}" --updates 0 --minutes 0.01 -q
holds ranks_agree_on_the_time test "$code" -eq 0 -a -s timed

# Failures: of all ranks alike, of one of them, of the library that joins them.
ranks 2 train roll.csv -o none --stepps 9
says_once all_ranks_refuse_with_one_sentence 'stepps'
ranks 3 train missing.csv -o none
says_once a_missing_file_is_told_once 'missing.csv'
ranks 2 eval roll - --json
says_once standard_input_is_refused 'standard input'
timeout -k 5 60 mpirun --quiet --oversubscribe --bind-to none -n 3 bash -c '
    test "$OMPI_COMM_WORLD_RANK" = 1 && data=missing.csv || data=roll.csv
    exec "$1" train $data -o none --hidden 8 --updates 100000000' bash "$noneq" >out 2>err
code=$?
says_once a_failure_of_one_rank_ends_all 'missing.csv'
timeout -k 5 60 mpirun --quiet --oversubscribe --bind-to none -n 2 bash -c '
    test "$OMPI_COMM_WORLD_RANK" = 1 && export NONEQ_CPU=generic || export NONEQ_CPU=ref
    exec "$1" train roll.csv -o none --hidden 8 --updates 10' bash "$noneq" >out 2>err
code=$?
says_once ranks_with_different_kernels_are_refused 'kernels'
mkdir alone
cp "$noneq" alone/
timeout -k 5 60 mpirun --quiet --oversubscribe --bind-to none -n 2 \
    alone/noneq train roll.csv -o none "${tiny[@]}" >out 2>err
code=$?
says_once without_the_library_nothing_runs 'libnoneq_mpi'
holds no_failed_run_leaves_a_model test ! -e none
finish
