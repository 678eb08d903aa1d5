#!/usr/bin/env bash
# leaderboard.sh - the table of sets of bits: a run on small sets, its Chow-Liu tree where the
# answer is known, its page.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export PYTHONDONTWRITEBYTECODE=1

mkdir sets
# the second bit is the first but for one row in ten, the third is for itself
python3 - <<'END'
import random
random.seed(3)
for name in ("pair", "other"):
    for part, rows in (("ts", 400), ("valid", 60), ("test", 80)):
        with open(f"sets/{name}.{part}.data", "w") as file:
            for _ in range(rows):
                a = random.randrange(2)
                b = a ^ (random.random() < .1)
                file.write(f"{a},{int(b)},{random.randrange(2)}\n")
END
run()
{
    NONEQ_TRAIN_OPTIONS="--updates 30 --hidden 8 --wide 8 --steps 20" \
        python3 "$root/bench/leaderboard/run.py" --noneq "$noneq" --folder sets --out board.json \
        --ais 4 "$@" >out 2>err
    code=$?
}
run --sets pair
expect_nothing a_run_ends_well "$(test "$code" -eq 0 || details)"
run --keep
expect_nothing a_run_goes_on_from_what_was_kept "$(
    if test "$code" -ne 0 || grep -q '^pair' err || ! grep -q '^other' err; then details; fi
)"
run --sets pair,nosuch
expect_nothing an_unknown_set_is_refused "$(
    if test "$code" -ne 2 || ! grep -q 'no such set in sets: nosuch' err; then details; fi
)"
expect_success the_tree_is_that_of_counts python3 - "$root/bench/leaderboard" <<'END'
import itertools, math, sys
sys.path.insert(0, sys.argv[1])
from run import chow_liu, rows_of
train = rows_of("sets/pair.ts.data")
test = list(itertools.product("01", repeat=3))
n = len(train)
def law(i, j, a, b):
    return (sum(int(row[i]) == a and int(row[j]) == b for row in train) + 1) / (n + 4)
# the tree has the edge of the first two; the third hangs on whichever tells more
def information(i, j):
    total = 0
    for a, b in itertools.product((0, 1), repeat=2):
        p = law(i, j, a, b)
        one = sum(law(i, j, a, y) for y in (0, 1)), sum(law(i, j, x, b) for x in (0, 1))
        total += p * math.log(p / one[0] / one[1])
    return total
hub = max((0, 1), key=lambda i: information(i, 2))
total, mass = 0, 0
for x in ([int(cell) for cell in row] for row in test):
    p = law(0, 1, x[0], x[1]) * law(hub, 2, x[hub], x[2]) / sum(
        law(hub, 2, x[hub], y) for y in (0, 1))
    total, mass = total + math.log(p), mass + p
assert abs(mass - 1) < 1e-12, mass
assert abs(total / len(test) - chow_liu(train, test)) < 1e-12, (total / 8, chow_liu(train, test))
END
expect_success a_page_is_written python3 "$root/bench/leaderboard/page.py" board.json \
    "$root/bench/leaderboard/page_text.md" page.md
expect_nothing the_page_has_both_sets "$(
    found=$(grep -cE '^\| (pair|other) \| 80 × 3 \| −[0-9.]+ \| .* ± ' page.md)
    test "$found" -eq 2 || cat page.md
)"
expect_nothing lines_of_the_page_are_at_most_120_columns "$(
    LC_ALL=C.UTF-8 grep -E '^[^|].{120,}' page.md
)"
finish
