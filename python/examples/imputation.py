"""imputation.py - gaps of a table filled: in a pipeline, as a best guess, and with how sure it is."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import numpy as np
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline

import noneq


def table(rows=600, seed=0):
    """Six numbers that two hidden ones stand behind, and a seventh to be told; a fifth is missing."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(rows, 2))
    x = hidden @ rng.normal(size=(2, 6)) + rng.normal(0, .3, (rows, 6))
    y = x @ rng.normal(size=6) + rng.normal(0, .3, rows)
    gaps = np.where(rng.random(x.shape) < .2, np.nan, x)
    return x, gaps, y


def main():
    """Prints the error of filled cells, of a regression on them, and what intervals hold."""
    x, gaps, y = table()
    hidden = np.isnan(gaps)
    noneq_ = noneq.DiffusionImputer(updates=1000)
    for name, imputer in (("mean", SimpleImputer()), ("nearest rows", KNNImputer()),
                          ("noneq, a draw", noneq_)):
        filled = imputer.fit_transform(gaps)
        error = np.sqrt(np.mean((filled - x)[hidden] ** 2))
        r2 = make_pipeline(imputer, LinearRegression()).fit(gaps, y).score(x, y)
        print(f"{name:>14}: deviation of filled cells {error:.2f}, R2 on complete rows {r2:.3f}")
    best = noneq_.impute(gaps, draws=20, mean=True)
    print(f"mean of draws: deviation of filled cells {np.sqrt(np.mean((best - x)[hidden]**2)):.2f}")
    low, high = noneq_.impute(gaps, draws=40, quantiles=[.05, .95])
    inside = ((low <= x) & (x <= high))[hidden].mean()
    print(f"90 % intervals hold {100 * inside:.0f} % of the hidden cells")


if __name__ == "__main__":
    main()
