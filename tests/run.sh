#!/usr/bin/env bash
# run.sh BUILD [GROUP...] - runs the tests of a build folder and counts their cases. The last line
# is "N passed, N failed"; the status is 1 when any failed.
#
# Every test prints TAP: "1..N" (optional), then a line "ok ...", "not ok ..." or "skip ..." for
# each case. Cases that were promised but not reported, a program that reports none, that crashes,
# or that runs into the time limit count as failed, so that silence is never taken for success.
# Environment: NONEQ_GOLDEN (a JSON file of exact answers, or several), NONEQ_DATA (a folder): what
# tests may read; without them those cases are skipped, and the end says so.
# NONEQ_TEST_TIMEOUT (seconds for each test), NONEQ_TEST_JOBS (tests at a time).
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/.." || exit 1
if test $# -eq 0; then
    echo "usage: tests/run.sh BUILD [GROUP]..." >&2
    echo "groups: rules unit ops math golden cli fuzz torture python package; stop" >&2
    exit 2
fi
build=$1
shift
groups=("$@")
test $# -gt 0 || groups=(rules unit ops math golden cli fuzz torture python package)

root=$PWD
logs=$root/$build/tests/logs
rm -rf "$logs"
mkdir -p "$logs"
export CMOCKA_MESSAGE_OUTPUT=TAP BUILD="$root/$build" NONEQ="$root/$build/noneq"
export NONEQ_DATA="${NONEQ_DATA:-$root/../shared/data}"
export LSAN_OPTIONS="suppressions=$root/tests/lsan.supp:print_suppressions=0"
export UBSAN_OPTIONS=print_stacktrace=1 TSAN_OPTIONS=halt_on_error=1
golden=${NONEQ_GOLDEN:-../shared/golden/golden.json ../shared/golden/golden2.json}

# One line for each test: its name, a tab, the shell command.
list_tests()
{
    local group path name file
    for group in "${groups[@]}"; do
        case $group in
        unit | ops | math)
            for path in tests/"$group"/test_*.c; do
                test -e "$path" || continue
                # every long call, stopped at several moments: minutes, for make stop
                test "$path" != tests/math/test_stop.c || continue
                name=$group/$(basename "$path" .c)
                printf '%s\t%s\n' "$name" "$build/tests/$name"
            done ;;
        stop) printf 'math/test_stop\t%s\n' "$build/tests/math/test_stop" ;;
        golden)
            ls tests/golden/*.c >/dev/null 2>&1 || continue
            for file in $golden; do
                for name in golden golden_f32; do
                    path=$name/$(basename "$file" .json)
                    if test -e "$file"; then
                        printf '%s\t%s %q\n' "$path" "$build/tests/$name" "$file"
                    else
                        printf '%s\techo %q\n' "$path" "skip $name: no file $file"
                    fi
                done
            done ;;
        cli)
            for path in tests/cli/*.sh; do
                case $path in */lib.sh | */'*.sh') continue ;; esac
                printf 'cli/%s\tbash %s\n' "$(basename "$path" .sh)" "$path"
            done ;;
        torture)
            if test -e "$build/tests/torture/shim.so" && command -v python3 >/dev/null; then
                printf 'torture\tpython3 tests/torture/torture.py %q %q %s\n' "$build/noneq" \
                    "$build/tests/torture/shim.so" "${NONEQ_TORTURE:-}"
            else
                printf 'torture\techo skip torture: no python3, or a build under sanitizers\n'
            fi ;;
        fuzz)
            for path in tests/fuzz/corpus/*/; do
                name=$(basename "$path")
                printf 'fuzz/%s\t%s %q\n' "$name" "$build/tests/fuzz/fuzz_$name" "$path"
            done ;;
        rules) printf '%s\tbash tests/%s.sh\n' layers layers style style shape shape \
            versions versions headers headers/headers ;;
        package)
            printf '%s\tbash tests/%s.sh\n' install install abi headers/abi \
                examples examples tutorials tutorials
            ;;
        python)
            printf '%s\tbash tests/%s.sh\n' python_loads python_loads python python \
                python_examples python_examples
            ;;
        *) printf '%s\techo %q\n' "$group" "not ok $group: no such group" ;;
        esac
    done
}

# The counts "passed failed skipped" of a finished test, from its output and its exit status.
count_cases()
{
    awk -v status="$2" '
        /^1\.\.[0-9]+ *$/ { promised += substr($0, 4) }
        /^(not )?ok .*# *[Ss][Kk][Ii][Pp]/ || /^skip / { skipped++; next }
        /^ok / { passed++ }
        /^not ok / { failed++ }
        END {
            missing = promised - passed - failed - skipped
            if (missing > 0) failed += missing
            if (passed + failed + skipped == 0) failed = 1
            if (status != 0 && failed == 0) failed = 1
            print passed + 0, failed + 0, skipped + 0
        }' "$1"
}

# What was skipped and why; cases with one reason are counted together.
skips_tell()
{
    grep -E '^skip |# *[Ss][Kk][Ii][Pp]' "$1" |
        awk '{ reason = $0
               sub(/^skip [^:]*: */, "", reason)
               sub(/.*# *[Ss][Kk][Ii][Pp]/, "", reason)
               if (!count[reason]++) { first[reason] = $0; order[++n] = reason } }
             END { for (i = 1; i <= n; i++) {
                 more = count[order[i]] - 1
                 print first[order[i]] (more ? " (and " more " more)" : "") } }'
}

run_test()
{
    local name=${1%%$'\t'*} command=${1#*$'\t'}
    local log=$logs/${name//\//_}.log begin=$SECONDS status passed failed skipped
    {
        timeout -k 10 "${NONEQ_TEST_TIMEOUT:-600}" bash -c "exec $command" >"$log" 2>&1 </dev/null
        status=$?
    } 2>/dev/null
    read -r passed failed skipped <<<"$(count_cases "$log" "$status")"
    echo "$passed $failed $skipped" >"$log.counts"
    {
        printf '%-32s %4d passed' "$name" "$passed"
        test "$skipped" -eq 0 || printf ', %d skipped' "$skipped"
        test "$failed" -eq 0 || printf ', %d FAILED (exit status %d)' "$failed" "$status"
        printf '   %d s\n' $((SECONDS - begin))
        if test "$failed" -ne 0; then
            grep -A 8 -E '^not ok |runtime error|Sanitizer' "$log" | grep -v '^ok ' | head -n 40
            test "$status" -ne 124 || echo "ran into the time limit"
            echo "the last lines of ${log#"$root"/}:"
            tail -n 5 "$log"
        else
            skips_tell "$log"
        fi
    } | sed '2,$s/^/    /' >"$log.report"
    cat "$log.report"
}

export -f run_test count_cases skips_tell
export logs root
list_tests | tr '\n' '\0' |
    xargs -0 -r -P "${NONEQ_TEST_JOBS:-$(nproc)}" -I{} bash -c 'run_test "$1"' run_test {}

cat "$logs"/*.counts 2>/dev/null | awk '
    { passed += $1; failed += $2; skipped += $3 }
    END {
        if (NR == 0) failed = 1
        if (skipped) print skipped " skipped"
        print passed + 0 " passed, " failed + 0 " failed"
        exit failed > 0
    }'
