#!/usr/bin/env python3
# compare_samples.py - do samples have the means, deviations and correlations of the data?
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""Usage: compare_samples.py DATA SAMPLES [--gaussian TEST]

Compares two tables (.npy; text with commas, semicolons, tabs or blanks; .gz) by column. Prints
the means and deviations of both, the difference of the means in deviations of the data, the ratio
of the deviations, and the largest Kolmogorov-Smirnov distance between two columns' distributions;
then how far the correlations are apart. With --gaussian, fits a normal distribution with full
covariance to DATA and prints the mean log density of the rows of TEST in DATA's units, for
comparison with `noneq eval MODEL TEST --units data`. Needs numpy.
"""
import argparse
import csv
import gzip

import numpy as np


def table_open(path):
    """Rows as float64 and the names of the columns; a first line with text is a header."""
    if path.endswith(".npy"):
        rows = np.load(path).astype(np.float64)
        rows = rows.reshape(len(rows), -1)
        return rows, [str(i + 1) for i in range(rows.shape[1])]
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt") as file:
        lines = [line.strip() for line in file if line.strip()]
    separator = next((s for s in ";,\t" if s in lines[0]), None)
    if separator:
        lines = list(csv.reader(lines, delimiter=separator))
    else:
        lines = [line.split() for line in lines]
    try:
        names = [str(i + 1) for i in range(len(lines[0]))]
        [float(cell) for cell in lines[0]]
    except ValueError:
        names = lines.pop(0)
    return np.array(lines, dtype=np.float64), names


def ks_distance(a, b):
    """Largest distance between the two empirical distribution functions."""
    at = np.concatenate([a, b])
    below_a = np.searchsorted(np.sort(a), at, side="right") / len(a)
    below_b = np.searchsorted(np.sort(b), at, side="right") / len(b)
    return np.abs(below_a - below_b).max()


def print_columns(data, samples, names):
    print(f"{'column':<24}{'mean':>11}{'sampled':>11}{'apart':>8}"
          f"{'deviation':>12}{'sampled':>11}{'ratio':>8}{'KS':>7}")
    for i, name in enumerate(names):
        mean, deviation = data[:, i].mean(), data[:, i].std()
        sampled, sampled_deviation = samples[:, i].mean(), samples[:, i].std()
        unit = deviation if deviation > 0 else 1.0
        print(f"{name:<24.24}{mean:>11.5g}{sampled:>11.5g}{(sampled - mean) / unit:>8.3f}"
              f"{deviation:>12.5g}{sampled_deviation:>11.5g}{sampled_deviation / unit:>8.3f}"
              f"{ks_distance(data[:, i], samples[:, i]):>7.3f}")


def print_correlations(data, samples, names):
    varies = np.flatnonzero((data.std(axis=0) > 0) & (samples.std(axis=0) > 0))
    if len(varies) < 2:
        return
    truth = np.corrcoef(data[:, varies].T)
    gap = np.corrcoef(samples[:, varies].T) - truth
    upper = np.triu_indices(len(varies), 1)
    worst = np.abs(gap[upper]).argmax()
    i, j = upper[0][worst], upper[1][worst]
    print(f"correlations: apart by {np.sqrt((gap[upper] ** 2).mean()):.4f} "
          f"(root mean square of {len(upper[0])}), at most {abs(gap[i, j]):.4f} "
          f"({names[varies[i]]} and {names[varies[j]]}: {truth[i, j]:.3f} in the data)")


def print_gaussian(data, test):
    """Mean log density of test rows under the maximum-likelihood normal distribution of data."""
    varies = data.std(axis=0) > 0
    data, test = data[:, varies], test[:, varies]
    try:
        factor = np.linalg.cholesky(np.cov(data.T, bias=True))
    except np.linalg.LinAlgError:
        print("gaussian with full covariance: none, columns depend linearly on others")
        return
    z = np.linalg.solve(factor, (test - data.mean(axis=0)).T)
    nats = -0.5 * (z ** 2).sum(axis=0) - np.log(np.diag(factor)).sum()
    nats -= 0.5 * data.shape[1] * np.log(2 * np.pi)
    error = nats.std(ddof=1) / np.sqrt(len(nats))
    print(f"gaussian with full covariance: {nats.mean() / np.log(2):.4f} bits per row "
          f"(+- {error / np.log(2):.4f} as a sample of {len(nats)} rows), {nats.mean():.4f} nats")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("samples")
    parser.add_argument("--gaussian", metavar="TEST")
    options = parser.parse_args()
    data, names = table_open(options.data)
    samples, _ = table_open(options.samples)
    if data.shape[1] != samples.shape[1]:
        parser.error(f"{options.data} has {data.shape[1]} columns, "
                     f"{options.samples} has {samples.shape[1]}")
    print(f"{len(data)} rows of data, {len(samples)} samples")
    print_columns(data, samples, names)
    print_correlations(data, samples, names)
    if options.gaussian:
        print_gaussian(data, table_open(options.gaussian)[0])


if __name__ == "__main__":
    main()
