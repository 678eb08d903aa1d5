#!/usr/bin/env python3
# missing_cases.py - does a model trained on a table with gaps have the laws of the whole table?
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""Usage: missing_cases.py NONEQ [--updates N] [--seed S] [--data-seed S] [--rows N]

Normal tables whose laws are known, whole and with gaps that depend on what is seen:
x ~ N(5, 4), y ~ N(-1, 9) with correlation .8, y missing for 80 % of the rows with x > 5;
and with a third column z, of correlation .6 with both, missing for 60 % of those with x < 4.
Trains a model of every question on each and prints means of its samples, E[y | x = 8] = 2.60,
E[x | y = -1] = 5 and the deviations of both laws (1.80, 1.20), with those that the whole table
itself has by regression. Needs numpy."""
import argparse
import pathlib
import subprocess
import tempfile

import numpy

DRAWS = 4000
MEAN = numpy.array([5, -1, 2.0])
COVARIANCE = numpy.array([[4, 4.8, 2.4], [4.8, 9, 3.6], [2.4, 3.6, 4.0]])


def table_write(path, table):
    lines = [",".join("" if numpy.isnan(x) else f"{x:.7g}" for x in row) for row in table]
    path.write_text("x,y,z\n"[: 2 * table.shape[1] - 1] + "\n" + "\n".join(lines) + "\n")


def draws_of(noneq, folder, columns, column, value):
    data, filled = folder / "one.csv", folder / "filled.npy"
    row = numpy.full((1, columns), numpy.nan)
    row[0, column] = value
    table_write(data, row)
    subprocess.run([noneq, "impute", folder / "m.nq", data, "-n", str(DRAWS), "-q", "-o", filled],
                   check=True)
    return numpy.load(filled).reshape(DRAWS, columns)


def by_regression(table, given, value, of):
    seen = ~numpy.isnan(table[:, [given, of]]).any(axis=1)
    slope, start = numpy.polyfit(table[seen, given], table[seen, of], 1)
    rest = table[seen, of] - slope * table[seen, given] - start
    return start + slope * value, rest.std(ddof=2)


def model_describe(noneq, folder, name, table, options):
    columns = table.shape[1]
    table_write(folder / "data.csv", table)
    subprocess.run([noneq, "train", folder / "data.csv", "-o", folder / "m.nq", "-q", "--roles", "1",
                    "--seed", str(options.seed), *(["--updates", str(options.updates)]
                                                   if options.updates else [])], check=True)
    subprocess.run([noneq, "sample", folder / "m.nq", "-n", "20000", "-q", "-o",
                    folder / "drawn.npy"], check=True)
    means = numpy.load(folder / "drawn.npy").astype(float).mean(axis=0)
    y = draws_of(noneq, folder, columns, 0, 8)[:, 1]
    x = draws_of(noneq, folder, columns, 1, -1)[:, 0]
    print(f"{name:30s} means", *(f"{m:6.3f}" for m in means),
          f" E[y|x=8] {y.mean():.3f} sd {y.std():.3f}  E[x|y=-1] {x.mean():.3f} sd {x.std():.3f}",
          flush=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.replace("%", "%%"))
    parser.add_argument("noneq")
    parser.add_argument("--updates", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data-seed", type=int, default=21)
    parser.add_argument("--rows", type=int, default=6000)
    options = parser.parse_args()
    noneq = str(pathlib.Path(options.noneq).resolve())
    random = numpy.random.default_rng(options.data_seed)
    whole = random.multivariate_normal(MEAN, COVARIANCE, options.rows)
    gaps = whole.copy()
    gaps[(whole[:, 0] > 5) & (random.random(options.rows) < 0.8), 1] = numpy.nan
    gaps[(whole[:, 0] < 4) & (random.random(options.rows) < 0.6), 2] = numpy.nan
    (y, y_sd), (x, x_sd) = by_regression(whole, 0, 8, 1), by_regression(whole, 1, -1, 0)
    print(f"{'the whole table':30s} means", *(f"{m:6.3f}" for m in whole.mean(axis=0)),
          f" E[y|x=8] {y:.3f} sd {y_sd:.3f}  E[x|y=-1] {x:.3f} sd {x_sd:.3f}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        model_describe(noneq, folder, "two columns, whole", whole[:, :2], options)
        model_describe(noneq, folder, "two columns, y with gaps", gaps[:, :2], options)
        model_describe(noneq, folder, "three columns, whole", whole, options)
        model_describe(noneq, folder, "three columns, y, z with gaps", gaps, options)


main()
