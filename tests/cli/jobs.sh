#!/usr/bin/env bash
# jobs.sh - bench_jobs, which answers the peers' driver: its commands, files and refusals.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
has_python bench_jobs || { finish; exit; }
noneq=$(dirname "$noneq")/bench/bench_jobs
test -x "$noneq" || { echo "skip bench_jobs: not built"; finish; exit; }

# asks SENTENCE STATUS COMMANDS ARGUMENTS...: lines on standard input, answers in the file out.
asks()
{
    local sentence=$1 status=$2 commands=$3
    shift 3
    printf '%b' "$commands" | "$noneq" "$@" >out 2>err
    code=$?
    if test "$code" -eq "$status"; then pass "$sentence"; else fail "$sentence" "$(details)"; fi
}

# answers EXPRESSION SENTENCE: it is true of the list `v` of the answers.
answers()
{
    if python3 -c 'import json, sys
v = [json.loads(line) for line in open("out")]
sys.exit(not eval(sys.argv[1]))' "$1" >holds.out 2>&1; then
        pass "$2"
    else
        fail "$2" "$(cat holds.out out)"
    fi
}

succeeds every_job_answers_every_command check
answers 'len(v) == 15 and [x["job"] for x in v if "job" in x] == ["a", "b", "c"]' \
    there_are_three_jobs
answers '[x["batch"] for x in v if "job" in x] == [1024, 1024, 512]' \
    batches_are_those_of_the_page
answers 'all(x["seconds"] > 0 and x["count"] == 1 for x in v if "seconds" in x)' \
    what_is_timed_takes_time
answers 'all(x["bytes"] > 2**20 for x in v if "bytes" in x)' memory_is_counted

mkdir files
asks files_are_written_and_read_back 0 'write files\ncheck files\n' a 1
answers 'v[0] == v[1] and v[0]["loss"] > 0.01 and v[0]["rows"] == 1024' \
    the_same_loss_comes_from_the_files
for part in .nq _x_0.npy _x_t.npy _noise.npy _t.npy _kl.npy; do
    holds "a${part%.*}_is_there" test -s "files/a$part"
done

cp files/a_kl.npy files/a_x_0.npy
asks a_file_of_another_shape_is_refused 1 'check files\n' a 1
answers '"expected 1024 rows of 2" in v[0]["error"]' and_the_sentence_says_what_was_expected
asks a_missing_file_is_refused 1 'check nowhere\n' a 1
answers '"nowhere/a.nq" in v[0]["error"]' and_the_sentence_names_it
asks an_unknown_command_is_refused 1 'dance\n' a 1
answers '"unknown command" in v[0]["error"]' and_the_known_ones_are_named
asks a_count_is_wanted 1 'train\n' a 1
asks a_count_is_a_number 1 'train many\n' a 1
asks a_count_is_positive 1 'sample 0\n' a 1
asks a_folder_is_wanted 1 'write\n' a 1
asks a_word_too_many_is_refused 1 'memory now\n' a 1
asks an_unknown_precision_is_refused 1 'train 1\n' a 1 float8
answers '"float8" in v[0]["error"]' and_the_sentence_names_the_precision
asks no_commands_are_no_failure 0 '' b 1
run d
holds an_unknown_job_is_wrong_usage test "$code" -eq 2
prints and_the_usage_is_shown '^usage: bench_jobs' err
finish
