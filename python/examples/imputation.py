"""imputation.py - gaps of a table filled within a pipeline, beside the mean and nearest rows."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import numpy as np
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline

import noneq


def table(rows=800, seed=0):
    """Two numbers that bend around each other, and what follows from them; a fifth is missing."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi, rows)
    x = np.column_stack([np.cos(angle), np.sin(angle), angle + rng.normal(0, .1, rows)])
    y = x @ [1, -2, .5] + rng.normal(0, .1, rows)
    gaps = x.copy()
    gaps[rng.random(x.shape) < .2] = np.nan
    gaps[np.isnan(gaps).all(axis=1), 0] = 0  # a row of which nothing is known teaches nothing
    return x, gaps, y


def main():
    """Prints the error of filled cells, and of a regression on the filled table."""
    x, gaps, y = table()
    hidden = np.isnan(gaps)
    for name, imputer in (("mean", SimpleImputer()), ("nearest rows", KNNImputer()),
                          ("noneq, draws", noneq.DiffusionImputer(updates=3000)),
                          ("noneq, mean", noneq.DiffusionImputer(updates=3000, mean=True))):
        filled = imputer.fit_transform(gaps)
        error = np.sqrt(np.mean((filled - x)[hidden] ** 2))
        r2 = make_pipeline(imputer, LinearRegression()).fit(gaps, y).score(gaps, y)
        print(f"{name:>12}: deviation of filled cells {error:.2f}, R2 of the regression {r2:.3f}")
    # Several draws say how sure the filled cells are; the mean of a cell is its best guess.
    model = noneq.Diffusion(updates=3000, roles=1).fit(gaps)
    low, high = model.impute(gaps[:200], draws=40, quantiles=[.05, .95])
    inside = ((low <= x[:200]) & (x[:200] <= high))[hidden[:200]]
    print(f"90 % intervals hold {100 * inside.mean():.0f} % of the hidden cells")


if __name__ == "__main__":
    main()
