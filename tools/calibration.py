#!/usr/bin/env python3
# calibration.py - are posterior draws of a model right? Ranks of true values must be uniform.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""Usage: calibration.py NONEQ MODEL [--rows N] [--draws M] [--particles P] [--seed S]

Simulation-based calibration (Talts et al. 2018): rows drawn from the model itself lose half of their
cells at random, `noneq impute` fills them M times, and the rank of the truth among the draws is
counted for two statistics of the hidden cells. Prints the counts and the chi-square probability of
a uniform law. Needs numpy and scipy."""
import argparse
import pathlib
import subprocess
import tempfile

import numpy
from scipy.stats import chisquare


def run(*words):
    subprocess.run([str(word) for word in words], check=True)


def ranks_print(name, truth, draws, hidden, weights, random):
    """Ties, which bits have, are broken at random."""
    true = (truth * hidden * weights).sum(1) + 1e-6 * random.random(len(truth))
    drawn = (draws * hidden[:, None] * weights).sum(2) + 1e-6 * random.random(draws.shape[:2])
    counts = numpy.bincount((drawn < true[:, None]).sum(1), minlength=draws.shape[1] + 1)
    print(f"{name}: ranks {counts.tolist()}, p = {chisquare(counts).pvalue:.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("noneq")
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--draws", type=int, default=15)
    parser.add_argument("--particles", type=int, default=64)
    parser.add_argument("--seed", type=int, default=77)
    given = parser.parse_args()
    random = numpy.random.default_rng(given.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run(given.noneq, "sample", given.model, "-n", given.rows, "--seed", given.seed,
            "-o", folder / "truth.npy")
        truth = numpy.load(folder / "truth.npy").reshape(given.rows, -1)
        hidden = random.random(truth.shape) < 0.5
        numpy.save(folder / "gaps.npy", numpy.where(hidden, numpy.nan, truth).astype("f4"))
        run(given.noneq, "impute", given.model, folder / "gaps.npy", "--draws", given.draws,
            "--particles", given.particles, "-q", "-o", folder / "draws.npy")
        draws = numpy.load(folder / "draws.npy").reshape(given.rows, given.draws, -1)
    ranks_print("sum of the hidden cells", truth, draws, hidden, 1.0, random)
    weights = random.normal(size=truth.shape[1])
    ranks_print("a random projection", truth, draws, hidden, weights, random)


if __name__ == "__main__":
    main()
