#!/usr/bin/env bash
# pool.sh - one answer from several completed tables: against the same by hand, and what cannot be
# pooled.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# Three draws of a table of 60 rows, in the order that impute has, with a text and a whole number.
python3 - <<'END'
import csv, random
rng = random.Random(7)
rows = [[rng.gauss(0, 1), rng.choice("bca"), rng.randrange(3)] for _ in range(60)]
with open("draws.csv", "w") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["row", "draw", "x", "town", "code", "y"])
    for r, (x, town, code) in enumerate(rows):
        for d in range(3):
            z = x if r % 3 else round(x + rng.gauss(0, 1), 3)
            y = 2 + 3 * z - (town == "b") + 5 * (code == 2) + rng.gauss(0, 1)
            out.writerow([r, d, round(z, 4), town if r % 4 else rng.choice("abc"), code,
                          round(y, 4)])
END

cat >by_hand.py <<'END'
# Exact least squares and Rubin's rules, in fractions.
import csv
from fractions import Fraction as F

rows = list(csv.DictReader(open("draws.csv")))
tables = [[r for r in rows if r["draw"] == d] for d in "012"]


def solve(a, b):
    n = len(a)
    a = [row[:] + [v] for row, v in zip(a, b)]
    for i in range(n):
        p = next(k for k in range(i, n) if a[k][i])
        a[i], a[p] = a[p], a[i]
        a[i] = [v / a[i][i] for v in a[i]]
        for k in range(n):
            if k != i:
                a[k] = [v - a[k][i] * w for v, w in zip(a[k], a[i])]
    return [row[n] for row in a]


def regress(t):
    x = [[F(1), F(r["x"]), F(r["town"] == "b"), F(r["town"] == "c"), F(r["code"] == "1"),
          F(r["code"] == "2")] for r in t]
    y = [F(r["y"]) for r in t]
    k = len(x[0])
    a = [[sum(p[i] * p[j] for p in x) for j in range(k)] for i in range(k)]
    b = solve(a, [sum(p[i] * v for p, v in zip(x, y)) for i in range(k)])
    rest = sum((v - sum(c * w for c, w in zip(b, p))) ** 2 for p, v in zip(x, y)) / (len(t) - k)
    unit = lambda i: [F(i == j) for j in range(k)]
    return b, [rest * solve(a, unit(i))[i] for i in range(k)], len(t) - k


def rubin(q, u, nu):
    m = len(q)
    mean, w = sum(q) / m, sum(u) / m
    between = sum((v - mean) ** 2 for v in q) / (m - 1)
    total = w + between * (m + 1) / m
    part = float((total - w) / total)
    old, seen = (m - 1) / part ** 2, (nu + 1) / (nu + 3) * nu * (1 - part)
    return dict(mean=float(mean), se=float(total) ** .5, lam=part, df=old * seen / (old + seen))


def mean(t, value):
    x = [F(value(r)) for r in t]
    m = sum(x) / len(x)
    return m, sum((v - m) ** 2 for v in x) / (len(x) - 1) / len(x)


def pooled_mean(value):
    both = [mean(t, value) for t in tables]
    return rubin([q for q, _ in both], [u for _, u in both], len(tables[0]) - 1)


def agree(answer, want):
    for mine, theirs in ("mean", "mean"), ("se", "se"), ("lambda", "lam"), ("df", "df"):
        assert abs(answer[mine] - want[theirs]) <= 1e-8 * abs(want[theirs]), (answer, want)
END

succeeds means_and_parts_are_pooled pool draws.csv --mean x,y --proportion town=a,code=2 --json
cp out means.json
holds as_by_hand python3 - <<'END'
import json
from by_hand import *
x, y, town, code = json.load(open("means.json"))["answers"]
assert [a["name"] for a in (x, y, town, code)] == [
    "mean of x", "mean of y", "part with town = a", "part with code = 2"]
agree(x, pooled_mean(lambda r: r["x"]))
agree(y, pooled_mean(lambda r: r["y"]))
agree(town, pooled_mean(lambda r: r["town"] == "a"))
assert code["lambda"] == 0 and code["df_old"] == "inf"   # it has no gaps
END
succeeds regressions_are_pooled pool draws.csv --regress 'y ~ x + town + factor(code)' --json
cp out regress.json
holds as_by_hand_too python3 - <<'END'
import json
from by_hand import *
answers = json.load(open("regress.json"))["answers"]
assert [a["name"] for a in answers] == [
    "intercept", "x", "town = b", "town = c", "code = 1", "code = 2"]
fits = [regress(t) for t in tables]
for k, answer in enumerate(answers):
    agree(answer, rubin([b[k] for b, _, _ in fits], [u[k] for _, u, _ in fits], fits[0][2]))
    assert answer["low"] < answer["mean"] < answer["high"]
END
succeeds quantiles_are_pooled pool draws.csv --quantile y:0.5 --level 0.9 --json
holds between_order_statistics python3 - <<'END'
import csv, json
answer, = json.load(open("out"))["answers"]
rows = list(csv.DictReader(open("draws.csv")))
middle = []
for d in "012":
    y = sorted(float(r["y"]) for r in rows if r["draw"] == d)
    middle.append((y[29] + y[30]) / 2)
assert abs(answer["mean"] - sum(middle) / 3) < 1e-9
# About sqrt(pi / 2) of the error of a mean where y is about normal.
y = [float(r["y"]) for r in rows]
deviation = (sum((v - sum(y) / len(y)) ** 2 for v in y) / len(y)) ** .5
assert .5 < answer["se"] / (1.25 * deviation / 60 ** .5) < 2, answer
END
succeeds text_is_for_people pool draws.csv --mean x --regress 'y ~ x'
prints it_says_of_what '^of 3 completed tables of 60 rows$' out
prints with_names '^mean of x +-?[0-9.]+ ' out

# The same tables as a file each, and with models.
for d in 0 1 2; do
    awk -F, -v OFS=, -v d=$d 'NR == 1 || $2 == d { print $3, $4, $5, $6 }' draws.csv >table$d.csv
done
succeeds files_are_tables pool table0.csv table1.csv table2.csv --mean x,y \
    --proportion town=a,code=2 --json
holds they_say_the_same cmp out means.json
python3 - <<'END'
import csv
rows = list(csv.reader(open("draws.csv")))
with open("models.csv", "w") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(rows[0][:2] + ["model"] + rows[0][2:])
    for r in rows[1:]:
        out.writerow(r[:2] + [1 if r[1] == "0" else 2] + r[2:])
END
refuses unequal_models 1 'model 1 has 1 draws and model 2 has 2: equally many' \
    pool models.csv --mean x
awk -F, '$2 != 2' models.csv >equal.csv
succeeds a_model_a_draw pool equal.csv --mean x --json
holds is_as_without_models python3 - <<'END'
import json, subprocess, os
got = json.load(open("out"))
assert got["models"] == 2 and got["tables"] == 2
END

refuses nothing_asked 2 'what is to be pooled' pool draws.csv
refuses one_table 1 'is one completed table' pool table0.csv --mean x
refuses an_unknown_column 1 'the nearest is "town"' pool draws.csv --mean twon
refuses the_mean_of_text 1 'is text: ask for the --proportion' pool draws.csv --mean town
refuses a_level_of_no_row 1 'no row of any table has "z"' pool draws.csv --proportion town=z
refuses a_proportion_without_a_level 1 'takes COLUMN=LEVEL' pool draws.csv --proportion town
refuses a_quantile_beyond_the_rows 1 'too few to tell how sure' pool draws.csv --quantile x:0.01
refuses a_quantile_without_a_part 1 'takes COLUMN:PART' pool draws.csv --quantile x
refuses what_is_no_formula 1 'takes a formula' pool draws.csv --regress 'y = x'
refuses a_formula_without_terms 1 'takes a formula' pool draws.csv --regress 'y ~ '
refuses a_term_twice 1 '"x" follows from the terms before it' pool draws.csv --regress 'y ~ x + x'
refuses a_level_of_1 2 'between 0 and 1' pool draws.csv --mean x --level 1
sed '5s/,[^,]*$/,/' draws.csv >hole.csv
refuses a_gap 1 'hole.csv:5: column 6 \("y"\): the cell is empty' pool hole.csv --mean x
sed '7d' draws.csv >short.csv
refuses tables_of_other_rows 1 'completed tables have the same rows' pool short.csv --mean x
sed '1s/draw/quantile/' draws.csv >quantiles.csv
refuses quantiles_for_draws 1 'holds quantiles' pool quantiles.csv --mean x
tail -n +2 draws.csv | cut -d, -f1-3 >bare.csv
refuses columns_without_names 1 'no names of columns' pool bare.csv --mean x

# From draws of models to one answer: y is 1 + 2 x and a little, not known of half the rows where x
# is positive.
python3 - <<'END'
import random
rng = random.Random(3)
with open("gaps.csv", "w") as file:
    print("x,y", file=file)
    for _ in range(500):
        x = rng.gauss(0, 1)
        y = 1 + 2 * x + rng.gauss(0, .5)
        print(f"{x:.3f}," + ("" if x > 0 and rng.random() < .5 else f"{y:.3f}"), file=file)
END
succeeds models_are_trained_on_gaps train gaps.csv -o g.nq --models 4 --roles 1 --updates 1500 \
    --hidden 48,48 --steps 30 --threads 1 -q
run impute g.1.nq g.2.nq g.3.nq g.4.nq gaps.csv -n 20 -o filled.csv --threads 2
succeeds their_draws_are_pooled pool filled.csv --mean y --regress 'y ~ x' --json
holds gaps_that_depend_on_x_are_undone python3 - <<'END'
import csv, json
mean, _, slope = json.load(open("out"))["answers"]
seen = [float(r["y"]) for r in csv.DictReader(open("gaps.csv")) if r["y"]]
assert sum(seen) / len(seen) < .6, "rows that are complete tell another mean"
assert abs(mean["mean"] - 1) < .3 and mean["lambda"] > .01, mean
assert abs(slope["mean"] - 2) < .4 and slope["low"] < slope["high"], slope
END

printf 'row,draw,day,y\n0,0,2025-01-01,1\n1,0,2025-01-05,2\n0,1,2025-01-01,1\n1,1,2025-01-09,2\n' \
    >days.csv
run pool days.csv --mean day
prints dates_are_told_to_be_numbers '"day" of .days.csv. holds dates: its numbers are days' err
holds once test "$(grep -c 'holds dates' err)" -eq 1
refuses a_column_is_not_regressed_on_itself 1 '"y" is on both sides' \
    pool days.csv --regress 'y ~ day + y'
finish
