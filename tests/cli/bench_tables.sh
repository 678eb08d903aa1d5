#!/usr/bin/env bash
# bench_tables.sh - the bench of synthetic tables: its figures where their values are known, its
# methods, its page, and a run of it with the program.
# Environment: NONEQ_TABLES_PEERS, a Python with numpy, and with lightgbm for what trees tell.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1

python=${NONEQ_TABLES_PEERS:-$root/build/tables-venv/bin/python}
test -x "$python" || python=python3
if ! "$python" -c 'import numpy' 2>/dev/null; then
    echo "skip bench_tables: no python3 with numpy"
    finish
    exit
fi

"$python" "$root/tests/cli/bench_tables.py" "$root/bench/tables" >report 2>err
code=$?
while read -r result sentence; do
    case $result in
    ok) pass "$sentence" ;;
    skip) echo "skip $sentence" ;;
    *) fail "$sentence" ;;
    esac
done <report
if test $code -ne 0; then fail "the_figures_are_computed" "$(tail -n 5 err)"; fi

# bench OPTIONS...: a short run; leaves its status in $code.
bench()
{
    NONEQ_TRAIN_OPTIONS="--updates 5 --hidden 8" python3 "$root/bench/tables/run.py" \
        --python "$python" --noneq "$noneq" --out tables.json "$@" >out 2>err
    code=$?
}

# page_has SENTENCE PATTERN
page_has()
{
    if grep -qE -- "$2" page.md; then pass "$1"; else fail "$1" "$(details)"; fi
}

bench --sets generated:300 --methods noneq,independent --fillers noneq,mean --seeds 1
expect_nothing a_run_ends_well "$(test "$code" -eq 0 || details)"
bench --sets generated:300 --methods noneq,independent --fillers noneq,mean --seeds 2 --keep
expect_nothing a_run_goes_on_from_what_was_kept "$(
    if test "$code" -ne 0 || grep -q 'seed 1' err || ! grep -q 'noneq, seed 2' err; then details; fi
)"
"$python" - <<'END'
import json
with open("tables.json") as file:
    results = json.load(file)
results["sets"]["generated:300"]["methods"]["cart"] = dict(runs=[], why="a reason")
results["sets"]["other"] = dict(methods={}, why="no such file")
with open("tables.json", "w") as file:
    json.dump(results, file)
END
expect_success a_page_is_written python3 "$root/bench/tables/page.py" tables.json \
    "$root/bench/tables/page_text.md" page.md
page_has figures_have_errors '^\| noneq \| [0-9.]+ ± [0-9.]+ \| [0-9.]+ ± '
page_has what_was_filled_in_has_figures '^\| noneq \| [0-9.]+ ± [0-9.]+ \| [0-9.]+ ± .* \|$'
page_has one_value_has_no_intervals '^\| mean \| [0-9.]+ ± [0-9.]+ \| [0-9.]+ ± [0-9.]+ \|  \|  \| '
page_has what_is_missing_is_not_run '^\| cart \| not run \|.* not run \|$'
page_has a_reason_is_told '^Not run: cart: a reason$'
page_has a_set_that_is_missing_is_told '^Not run: no such file$'
page_has options_of_training_are_told 'trained with --updates 5 --hidden 8'
page_has K_stands_beside_the_law \
    '^\| generated:300 \| -?[0-9.]+ ± [0-9.]+ \| .* \| -[0-9.]+ \|( [^|]*\|){2}$'
expect_nothing lines_of_the_page_are_at_most_120_columns "$(
    LC_ALL=C.UTF-8 grep -E '^[^|].{120,}' page.md
)"
bench --sets generated:300 --methods independent --fillers nosuch
expect_nothing an_unknown_filler_is_refused "$(
    if test "$code" -ne 2 || ! grep -q 'no such set or method: nosuch' err; then details; fi
)"
bench --sets generated:300 --methods nosuch
expect_nothing an_unknown_method_is_refused "$(
    if test "$code" -ne 2 || ! grep -q 'no such set or method: nosuch' err; then details; fi
)"
finish
