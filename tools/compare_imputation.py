#!/usr/bin/env python3
# compare_imputation.py - missing cells filled by noneq and by the usual methods, on the same rows.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""Usage: compare_imputation.py NONEQ DATA [--rows N] [--train=OPTIONS] [--impute=OPTIONS]

Trains on four fifths of the rows, hides 30 % of the cells of (at most N of) the others at random,
and prints for each method the root mean square error of the filled cells, columns standardised by
the training rows; for noneq also how many true values lie in its 90 % intervals. Needs numpy and
scikit-learn. Columns that are no numbers, and rows with gaps, are left out."""
import argparse
import csv
import gzip
import pathlib
import shlex
import subprocess
import tempfile
import time

import numpy
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer, KNNImputer, SimpleImputer

HIDDEN = 0.3


def number(cell):
    try:
        return float(cell)
    except ValueError:
        return numpy.nan


def table_read(path):
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else open(path)
    with opened as file:
        if ".csv" in path.suffixes:
            cells = list(csv.reader(file))
        else:
            cells = [line.split() for line in file if line.strip()]
    rows = numpy.array([[number(cell) for cell in line] for line in cells])
    if numpy.isnan(rows[0]).all():
        rows = rows[1:]
    rows = rows[:, ~numpy.isnan(rows).all(axis=0)]
    return rows[~numpy.isnan(rows).any(axis=1)].astype(numpy.float32)


def program_run(*words):
    subprocess.run([str(word) for word in words], check=True)


def noneq_fill(options, folder, train, gaps):
    """Means and 90 % intervals of every cell."""
    model = folder / "model.nq"
    numpy.save(folder / "train.npy", train)
    numpy.save(folder / "gaps.npy", gaps)
    start = time.monotonic()
    program_run(options.noneq, "train", folder / "train.npy", "-o", model, "-q",
                *shlex.split(options.train))
    trained = time.monotonic()
    extra = shlex.split(options.impute)
    program_run(options.noneq, "impute", model, folder / "gaps.npy", "--mean", "-q", "-o",
                folder / "mean.npy", *extra)
    filled = time.monotonic()
    program_run(options.noneq, "impute", model, folder / "gaps.npy", "--quantiles", "0.05,0.95",
                "-q", "-o", folder / "range.npy", *extra)
    spread = numpy.load(folder / "range.npy").reshape(len(gaps), 2, -1)
    print(f"noneq: trained in {trained - start:.1f} s, means in {filled - trained:.1f} s")
    return numpy.load(folder / "mean.npy"), spread[:, 0], spread[:, 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("noneq")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--train", default="", help="further options of noneq train")
    parser.add_argument("--impute", default="", help="further options of noneq impute")
    options = parser.parse_args()

    rows = table_read(options.data)
    generator = numpy.random.default_rng(options.seed)
    generator.shuffle(rows)
    train, test = rows[: len(rows) * 4 // 5], rows[len(rows) * 4 // 5:][: options.rows]
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    hidden = generator.random(test.shape) < HIDDEN
    gaps = numpy.where(hidden, numpy.nan, test).astype(numpy.float32)
    print(f"{options.data.name}: {train.shape[0]} training rows, {test.shape[0]} test rows of "
          f"{test.shape[1]}, {hidden.sum()} cells hidden")

    def error(filled):
        gap = ((filled - test) / deviation)[hidden]
        return float(numpy.sqrt(numpy.mean(numpy.square(gap))))

    scaled, scaled_gaps = (train - mean) / deviation, (gaps - mean) / deviation
    errors = {}
    for name, method in (
        ("column mean", SimpleImputer()),
        ("nearest neighbours", KNNImputer(n_neighbors=5, weights="distance")),
        ("iterative", IterativeImputer(max_iter=20, random_state=0)),
    ):
        filled = method.fit(scaled).transform(scaled_gaps)
        errors[name] = error(filled * deviation + mean)
    with tempfile.TemporaryDirectory() as name:
        filled, low, high = noneq_fill(options, pathlib.Path(name), train, gaps)
    errors["noneq"] = error(filled)
    inside = ((low <= test) & (test <= high))[hidden].mean()
    for name, value in errors.items():
        print(f"  {name:20s} {value:.4f}")
    print(f"  noneq / best other   {errors['noneq'] / min(list(errors.values())[:3]):.3f}")
    print(f"  in 90 % intervals    {inside:.3f}")


if __name__ == "__main__":
    main()
