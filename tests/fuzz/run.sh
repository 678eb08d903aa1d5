#!/usr/bin/env bash
# run.sh BUILD MINUTES [NAME...] - runs the harnesses of a libFuzzer build, one after the other, for
# that long in total, and prints what they did. Inputs that were found stay in BUILD/fuzz/NAME, and
# the ones that crash, hang or ask for too much memory in BUILD/fuzz/crashes: the status is then 1.
# run.sh BUILD merge [NAME...] - brings what was found into tests/fuzz/corpus, as few inputs as
# reach the same code.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/../.." || exit 1
if test $# -lt 2; then
    echo "usage: tests/fuzz/run.sh BUILD MINUTES|merge [NAME...]" >&2
    exit 2
fi
build=$(realpath "$1") minutes=$2
shift 2
names=("$@")
test $# -gt 0 || names=(tables arrays pictures models checkpoints options)
source=$PWD/tests/fuzz
crashes=$build/fuzz/crashes
mkdir -p "$crashes"
# Seconds; MB of all memory and of one piece: small inputs have no right to more.
limits=(-timeout=20 -rss_limit_mb=512 -malloc_limit_mb=64)
export ASAN_OPTIONS=quarantine_size_mb=16:detect_leaks=1:allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1 NONEQ_CPU=generic

fuzz_one()
{
    local name=$1 seconds=$2 found=$build/fuzz/$1 log=$build/fuzz/$1.log more=()
    mkdir -p "$found"
    test ! -e "$source/$name.dict" || more+=("-dict=$source/$name.dict")
    test ! -d "$source/corpus/$name" || more+=("$source/corpus/$name")
    "$build/tests/fuzz/fuzz_$name" "${limits[@]}" -max_total_time="$seconds" -max_len=8192 \
        -artifact_prefix="$crashes/$name-" -print_final_stats=1 "$found" "${more[@]}" \
        >"$log" 2>&1
    local status=$?
    awk -v name="$name" -v status="$status" -v found="$(find "$found" -type f | wc -l)" '
        /^stat::number_of_executed_units/ { runs = $2 }
        /^stat::peak_rss_mb/ { memory = $2 }
        / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") reached = $(i + 1) }
        END { printf "%-12s %9d runs, %6d places of the code reached, %5d inputs, %4d MB%s\n",
              name, runs, reached, found, memory, status ? "   FAILED" : "" }' "$log"
    test "$status" -eq 0 || { grep -E 'ERROR|does not hold|runtime error|Test unit' "$log" |
        head -n 8 | sed 's/^/    /'; }
    return "$status"
}

merge_one()
{
    local name=$1 fresh=$build/fuzz/merged-$1
    rm -rf "$fresh"
    mkdir -p "$fresh" "$source/corpus/$name" "$build/fuzz/$name"
    "$build/tests/fuzz/fuzz_$name" "${limits[@]}" -set_cover_merge=1 -max_len=4096 \
        -use_counters=0 "$fresh" \
        "$source/corpus/$name" "$build/fuzz/$name" >"$build/fuzz/$name.merge.log" 2>&1 || return
    # Inputs that once crashed have names of their own and stay.
    find "$source/corpus/$name" -type f -regex '.*/[0-9a-f]*' -delete
    cp "$fresh"/* "$source/corpus/$name"
    printf '%-12s %5d inputs, %d kB\n' "$name" "$(find "$fresh" -type f | wc -l)" \
        "$(du -s --apparent-size "$fresh" | cut -f1)"
}

failed=0
seconds=$(awk -v minutes="$minutes" -v count="${#names[@]}" \
    'BEGIN { s = int(minutes * 60 / count); print s < 1 ? 1 : s }')
for name in "${names[@]}"; do
    if test "$minutes" = merge; then
        merge_one "$name" || failed=1
    else
        fuzz_one "$name" "$seconds" || failed=1
    fi
done
exit "$failed"
