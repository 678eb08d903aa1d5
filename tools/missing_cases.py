#!/usr/bin/env python3
# missing_cases.py - does a model trained on a table with gaps have the moments of the whole table?
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""Usage: missing_cases.py NONEQ [--updates N] [--seed S]

Two correlated columns, y ~ N(-1, 9) and x ~ N(5, 4), E[y | x = 8] = 2.60: the whole table, y missing
for 80 % of the rows with x > 5, and 30 % of all cells missing. Prints moments of samples of models
trained on each, and the mean of 20 imputations with Rubin's error. Needs numpy."""
import argparse
import pathlib
import subprocess
import tempfile

import numpy

ROWS, DRAWS, IMPUTED = 6000, 20, 1000


def table_write(path, table):
    lines = [",".join("" if numpy.isnan(x) else f"{x:.7g}" for x in row) for row in table]
    path.write_text("x,y\n" + "\n".join(lines) + "\n")


def model_describe(noneq, folder, name, table, options):
    data, model, drawn = folder / "data.csv", folder / "model.nq", folder / "drawn.npy"
    table_write(data, table)
    subprocess.run([noneq, "train", data, "-o", model, "--hidden", "64,64", "--steps", "100", "-q",
                    "--updates", str(options.updates), "--seed", str(options.seed)],
                   check=True)
    subprocess.run([noneq, "sample", model, "-n", "40000", "-o", drawn], check=True)
    rows = numpy.load(drawn).astype(float)
    near = rows[abs(rows[:, 0] - 8) < 0.4, 1]
    print(f"{name:24s} means {rows[:, 0].mean():.3f} {rows[:, 1].mean():.3f}  correlation "
          f"{numpy.corrcoef(rows.T)[0, 1]:.3f}  E[y | x = 8] {near.mean():.3f}", flush=True)


def imputations_describe(noneq, folder, table, whole):
    data, model, filled = folder / "gaps.csv", folder / "model.nq", folder / "filled.npy"
    table_write(data, table[:IMPUTED])
    subprocess.run([noneq, "impute", model, data, "-n", str(DRAWS), "-p", "64", "-o", filled],
                   check=True)
    y = numpy.load(filled).reshape(IMPUTED, DRAWS, 2)[:, :, 1].astype(float)
    between = y.mean(0).var(ddof=1) * (1 + 1 / DRAWS)
    error = (y.var(0, ddof=1).mean() / IMPUTED + between) ** 0.5
    print(f"{DRAWS} imputations: mean y {y.mean():.3f} +- {error:.3f}, truth "
          f"{whole[:IMPUTED, 1].mean():.3f}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__.replace("%", "%%"))
    parser.add_argument("noneq")
    parser.add_argument("--updates", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    noneq = str(pathlib.Path(options.noneq).resolve())
    random = numpy.random.default_rng(21)
    z = random.standard_normal((ROWS, 2))
    whole = numpy.stack([5 + 2 * z[:, 0], -1 + 3 * (0.8 * z[:, 0] + 0.6 * z[:, 1])], 1)
    any_cell, by_x = whole.copy(), whole.copy()
    any_cell[random.random(whole.shape) < 0.3] = numpy.nan
    by_x[(whole[:, 0] > 5) & (random.random(ROWS) < 0.8), 1] = numpy.nan
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        model_describe(noneq, folder, "complete", whole, options)
        model_describe(noneq, folder, "30 % of all cells", any_cell, options)
        model_describe(noneq, folder, "80 % of y where x > 5", by_x, options)
        imputations_describe(noneq, folder, by_x, whole)


main()
