"""filling.py hide|score|METHOD FOLDER [SEED] - hidden cells of held-out rows, filled and judged.

hide writes truth.csv, the first rows of test.csv, and gaps.csv, the same with 30 % of the cells
empty; a METHOD learns from train.csv and writes filled.csv as noneq impute does, with the columns
row and draw in front, and prints seconds; score compares and prints JSON. noneq has no method here:
run.py runs the program itself."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import json
import os
import sys
import time
import types

import numpy as np

from methods import Coded
from sets import GAPS, numbers, rows_read, rows_write

ROWS, DRAWS, HIDDEN, MASK_SEED = 400, 20, .3, 11
MOST = 4000      # training rows of methods that take hours with more
MOST_FOREST = 1500
FEW, RARE = 200, 5  # values of a column that may be taken as levels, and rows of a rare one
MOST_WIDE = 40   # columns of numbers and levels up to which MICE draws


class Task:
    """Training rows and rows with gaps as matrices: numbers in deviations, levels as 0 and 1."""

    def __init__(self, folder):
        with open(os.path.join(folder, "about.json")) as file:
            self.kinds = json.load(file)["kinds"]
        path = lambda name: os.path.join(folder, name + ".csv")
        self.coded = Coded(rows_read(path("train")), self.kinds)
        self.gaps = rows_read(path("gaps"), list(self.kinds))
        self.train = self.coded.scaled()
        self.codes = np.stack([self.column_code(c) for c in self.kinds], 1)
        self.known = self.scale(self.codes)

    def column_code(self, name):
        """Numbers, or places of the levels; NaN where a cell is empty or its level unknown."""
        if name not in self.coded.levels:
            return numbers(self.gaps[name])
        place = {level: float(i) for i, level in enumerate(self.coded.levels[name])}
        return np.array([np.nan if cell in GAPS else place.get(str(cell), np.nan)
                         for cell in self.gaps[name]])

    def scale(self, codes):
        parts = []
        for j, name in enumerate(self.kinds):
            x, of = codes[:, j], self.coded.matrix[:, j]
            if name in self.coded.levels:
                part = (x[:, None] == np.arange(len(self.coded.levels[name]))).astype(float)
                part[np.isnan(x)] = np.nan
                parts.append(part)
            else:
                parts.append(((x - of.mean()) / (of.std() or 1))[:, None])
        return np.concatenate(parts, 1)

    def write(self, folder, draws):
        """draws: scaled matrices, of which the gaps are taken."""
        out = {name: [] for name in ("row", "draw", *self.kinds)}
        for k, scaled in enumerate(draws):
            table = self.coded.table(scaled)
            out["row"] += range(len(self.known))
            out["draw"] += [k] * len(self.known)
            for name, cells in self.gaps.items():
                out[name] += [new if old in GAPS else old for old, new in zip(cells, table[name])]
        rows_write(os.path.join(folder, "filled.csv"), out)


def mean(task, rng):
    """Column means, and the most frequent level."""
    fill = task.train.mean(0)
    return lambda: [np.where(np.isnan(task.known), fill, task.known)]


def knn(task, rng):
    from sklearn.impute import KNNImputer
    imputer = KNNImputer(n_neighbors=10).fit(task.train[:MOST])
    return lambda: [imputer.transform(task.known)]


def nearest(task, rng):
    """The 20 training rows that are nearest by the known cells, each a draw."""
    from sklearn.metrics.pairwise import nan_euclidean_distances

    def fill():
        near = np.argsort(nan_euclidean_distances(task.known, task.train), 1)[:, :DRAWS]
        return [np.where(np.isnan(task.known), task.train[near[:, k]], task.known)
                for k in range(DRAWS)]
    return fill


def mice(task, rng):
    """Chained Bayesian ridge regressions; draws of their posterior where there are few columns."""
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401
    from sklearn.impute import IterativeImputer
    draws = task.train.shape[1] <= MOST_WIDE
    imputer = IterativeImputer(max_iter=5, sample_posterior=draws,
                               random_state=int(rng.integers(1 << 30))).fit(task.train)
    return lambda: [imputer.transform(task.known) for _ in range(DRAWS if draws else 1)]


def missforest(task, rng):
    """A forest for each column on all others, five rounds (Stekhoven and Buehlmann 2012)."""
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    names, train = list(task.kinds), task.coded.matrix[:MOST]
    is_level = [name in task.coded.levels for name in names]
    fits = []
    for j in range(len(names)):
        forest = (RandomForestClassifier if is_level[j] else RandomForestRegressor)(
            100, max_features="sqrt", min_samples_leaf=1 if is_level[j] else 5, n_jobs=1,
            random_state=int(rng.integers(1 << 30)))
        fits.append(forest.fit(np.delete(train, j, 1), train[:, j]))

    def fill():
        start = [np.bincount(x.astype(int)).argmax() if level else x.mean()
                 for x, level in zip(train.T, is_level)]
        gone = np.isnan(task.codes)
        x = np.where(gone, start, task.codes)
        for _ in range(5):
            for j in np.flatnonzero(gone.any(0)):
                x[gone[:, j], j] = fits[j].predict(np.delete(x, j, 1)[gone[:, j]])
        return [task.scale(x)]
    return fill


def forest(task, rng):
    """ForestDiffusion (Jolicoeur-Martineau et al. 2024) with 15 times and 20 noises a row, of
    levels as 0 and 1."""
    sys.modules.setdefault("catboost", types.SimpleNamespace(CatBoostRegressor=None))  # not used
    from ForestDiffusion import ForestDiffusionModel
    model = ForestDiffusionModel(
        task.train[:MOST_FOREST], n_t=15, duplicate_K=20, diffusion_type="vp", n_estimators=100,
        n_jobs=1, n_batch=1, nthread=1, seed=int(rng.integers(1 << 30)))
    return lambda: np.asarray(model.impute(k=DRAWS, X=model.scaler.transform(task.known)))


METHODS = {"mean": mean, "knn": knn, "nearest": nearest, "mice": mice, "missforest": missforest,
           "forest": forest}


def seen(cells, train, kind):
    """Cells of a column of few values: one that fewer than five training rows have, or the rest of
    them after some are held out, is the nearest that more have, or if it is a text a gap."""
    values, counts = np.unique(train.astype(str), return_counts=True)
    if len(values) > FEW or counts.max() < RARE:
        return cells
    values = values[counts >= RARE]
    of = {} if kind == "category" else {x: float(x) for x in values if x not in GAPS}
    nearest = lambda x: min(of, key=lambda y: abs(of[y] - float(x)))
    return np.array([x if str(x) in values or x in GAPS else nearest(x) if of else ""
                     for x in cells], dtype=object)


def hide(folder):
    truth = rows_read(os.path.join(folder, "test.csv"), most=ROWS)
    train = rows_read(os.path.join(folder, "train.csv"))
    with open(os.path.join(folder, "about.json")) as file:
        kinds = json.load(file)["kinds"]
    rng = np.random.default_rng(MASK_SEED)
    rows_write(os.path.join(folder, "truth.csv"), truth)
    rows_write(os.path.join(folder, "gaps.csv"), {
        name: np.where(rng.random(len(cells)) < HIDDEN, "", seen(cells, train[name], kinds[name]))
        for name, cells in truth.items()})


def crps(draws, truth):
    """Of draws [draws, cells] with pairs of different ones, so that their number does not count;
    of many not of those that follow each other, which noneq makes of noise of opposite sign."""
    k, away = len(draws), abs(draws - truth).mean(0)
    if k == 1:
        return away
    apart = abs(draws[:, None] - draws[None]).sum((0, 1)) / 2
    pairs = k * (k - 1) / 2
    if k >= 16:
        apart, pairs = apart - abs(np.diff(draws, axis=0)).sum(0), pairs - (k - 1)
    return away - apart / pairs / 2


def covered(draws, truth, rng):
    """Whether the truth is neither below nor above all of 19 draws, of which it is each with
    probability .05 where it is a draw of their law; equal numbers are put in a random order."""
    draws = draws[:19]
    below = (draws < truth).sum(0) + rng.integers(0, (draws == truth).sum(0) + 1)
    return (below > 0) & (below < len(draws))


def figures(truth, gaps, filled, train, kinds):
    """Tables of texts; filled has the draws of a row one after the other, or table by table."""
    order = np.lexsort((filled["draw"].astype(float), filled["row"].astype(float)))
    rows = len(next(iter(truth.values())))
    draws = len(order) // rows
    rng = np.random.default_rng(1)
    sums = {name: [] for name in ("square", "crps", "covered", "width", "agree", "right")}
    for name, kind in kinds.items():
        hidden = np.array([old in GAPS and new not in GAPS
                           for old, new in zip(gaps[name], truth[name])])
        cells = filled[name][order].reshape(rows, draws)[hidden].T
        if kind == "category":
            same = cells.astype(str) == truth[name][hidden].astype(str)
            sums["agree"].append(same.mean(0))
            sums["right"].append([most_frequent(x) == y
                                  for x, y in zip(cells.T, truth[name][hidden])])
            continue
        unit = np.nanstd(numbers(train[name])) or 1
        y = numbers(truth[name][hidden]) / unit
        x = np.stack([numbers(draw) for draw in cells]) / unit
        sums["square"].append((x.mean(0) - y) ** 2)
        sums["crps"].append(crps(x, y))
        if draws >= 19:
            sums["covered"].append(covered(x, y, rng))
            sums["width"].append(np.sort(x, 0)[-1] - np.sort(x, 0)[0])
    total = {name: np.concatenate(parts) for name, parts in sums.items() if parts}
    means = {name: float(x.mean()) for name, x in total.items()}
    return dict(draws=draws, cells={name: len(x) for name, x in total.items()},
                rmse=means.get("square", np.nan) ** .5, crps=means.get("crps"),
                coverage=means.get("covered"), width=means.get("width"),
                accuracy=means.get("right"), agree=means.get("agree"))


def most_frequent(cells):
    levels, counts = np.unique(cells.astype(str), return_counts=True)
    return levels[counts.argmax()]


def score(folder):
    tables = [rows_read(os.path.join(folder, name + ".csv"))
              for name in ("truth", "gaps", "filled", "train")]
    with open(os.path.join(folder, "about.json")) as file:
        return figures(*tables, json.load(file)["kinds"])


def main(what, folder, seed=1):
    if what == "hide":
        return hide(folder)
    if what == "score":
        return print(json.dumps(score(folder)))
    task, start = Task(folder), time.process_time()
    fill = METHODS[what](task, np.random.default_rng(int(seed)))
    fitted = time.process_time()
    draws = fill()
    print(json.dumps(dict(fit=fitted - start, fill=time.process_time() - fitted)))
    task.write(folder, draws)


if __name__ == "__main__":
    main(*sys.argv[1:])
