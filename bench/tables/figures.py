"""figures.py FOLDER - compares synthetic.csv with test.csv and train.csv, and prints JSON.

The first functions take tables as {name: array of texts} and {name: kind}; they need numpy alone,
those that grow trees lightgbm, and closeness scikit-learn."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import json
import os
import sys

import numpy as np

from sets import numbers, rows_read

MOST = 4000   # rows of each table that trees tell apart
BINS = 10


def codes(one, other):
    """Levels of both as whole numbers, and how many there are."""
    levels, both = np.unique(np.concatenate([one, other]).astype(str), return_inverse=True)
    return both[:len(one)], both[len(one):], len(levels)


def variation(one, other, count):
    """Half the sum of |p - q|, in whole numbers below count."""
    p, q = (np.bincount(x, minlength=count) / len(x) for x in (one, other))
    return abs(p - q).sum() / 2


def kolmogorov(one, other):
    """Greatest distance of two distribution functions; a gap lies below all numbers."""
    one, other = (np.sort(np.where(np.isnan(x), -np.inf, x)) for x in (one, other))
    at = np.concatenate([one, other])
    return abs(np.searchsorted(one, at, "right") / len(one)
               - np.searchsorted(other, at, "right") / len(other)).max()


def shape(real, drawn, kinds):
    """Mean over columns: total variation of categories, Kolmogorov-Smirnov of numbers."""
    return np.mean([variation(*codes(real[c], drawn[c])) if kind == "category"
                    else kolmogorov(numbers(real[c]), numbers(drawn[c]))
                    for c, kind in kinds.items()])


def binned(real, drawn):
    """Bins that hold as many real numbers each; gaps are the last."""
    real, drawn = numbers(real), numbers(drawn)
    edges = np.unique(np.nanquantile(real, np.linspace(0, 1, BINS + 1)[1:-1]))
    place = lambda x: np.where(np.isnan(x), BINS, np.searchsorted(edges, x, "right"))
    return place(real), place(drawn), BINS + 1


def correlation(x, y):
    seen = ~np.isnan(x) & ~np.isnan(y)
    x, y = x[seen], y[seen]
    return np.corrcoef(x, y)[0, 1] if len(x) > 1 and x.std() > 0 and y.std() > 0 else 0.


def trend(real, drawn, kinds):
    """Mean over pairs: half the difference of correlations; else the variation of both in cells."""
    names, out = list(kinds), []
    bins = {c: codes(real[c], drawn[c]) if kinds[c] == "category" else binned(real[c], drawn[c])
            for c in names}
    number = {c: (numbers(real[c]), numbers(drawn[c])) for c in names if kinds[c] != "category"}
    for j, b in enumerate(names):
        for a in names[:j]:
            if a in number and b in number:
                r, d = (correlation(number[a][k], number[b][k]) for k in (0, 1))
                out.append(abs(r - d) / 2)
            else:
                (r, d, _), (s, e, count) = bins[a], bins[b]
                pairs = np.unique(np.concatenate([r * count + s, d * count + e]),
                                  return_inverse=True)[1]
                out.append(variation(pairs[:len(r)], pairs[len(r):], pairs.max() + 1))
    return np.mean(out)


def matrix(tables, kinds):
    """Matrices of numbers, gaps nan; levels are numbered alike in all of them."""
    out = [np.empty((len(next(iter(t.values()))), len(kinds))) for t in tables]
    for j, (c, kind) in enumerate(kinds.items()):
        levels = np.unique(np.concatenate([t[c] for t in tables]).astype(str))
        for x, t in zip(out, tables):
            x[:, j] = (np.searchsorted(levels, t[c].astype(str)) if kind == "category"
                       else numbers(t[c]))
    return out


def trees(task, kinds, x, y):
    import lightgbm
    grow = lightgbm.LGBMClassifier if task == "class" else lightgbm.LGBMRegressor
    model = grow(n_estimators=150, learning_rate=.08, n_jobs=1, random_state=1, verbose=-1)
    return model.fit(x, y, categorical_feature=[j for j, kind in enumerate(kinds.values())
                                                if kind == "category"])


def area(truth, score):
    """Under the ROC curve: how often a true one has the higher score, ties counting half."""
    levels, at, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (counts.cumsum() - (counts - 1) / 2)[at]
    ones = truth.sum()
    return (rank[truth > 0].sum() - ones * (ones + 1) / 2) / (ones * (len(truth) - ones))


def c2st(real, drawn, kinds, folds=3):
    """ROC area of trees that tell drawn rows from real ones, mean over folds."""
    n = min(len(next(iter(real.values()))), len(next(iter(drawn.values()))), MOST)
    x = np.concatenate([m[:n] for m in matrix((real, drawn), kinds)])
    y, fold = np.repeat([0, 1], n), np.tile(np.random.default_rng(5).permutation(n) % folds, 2)
    out = []
    for k in range(folds):
        model = trees("class", kinds, x[fold != k], y[fold != k])
        out.append(area(y[fold == k], model.predict_proba(x[fold == k])[:, 1]))
    return np.mean(out)


def usefulness(real, drawn, about):
    """Trees of drawn rows predict the target of real ones: ROC area of two classes, else the share
    that is right; R2 of a number."""
    kinds, target = about["kinds"], about["target"]
    others = {c: kind for c, kind in kinds.items() if c != target}
    (x, y), (x_real, y_real) = ((np.delete(m, j, 1), m[:, j]) for j in [list(kinds).index(target)]
                                for m in matrix((drawn, real), kinds))
    if len(np.unique(y)) < 2:
        return None
    model = trees(about["task"], others, x[~np.isnan(y)], y[~np.isnan(y)])
    if about["task"] == "number":
        return 1 - ((model.predict(x_real) - y_real) ** 2).mean() / y_real.var()
    if len(np.unique(y_real)) == 2 and len(model.classes_) == 2:
        return area(y_real == y_real.max(), model.predict_proba(x_real)[:, 1])
    return (model.predict(x_real) == y_real).mean()


def closeness(train, real, drawn, kinds, most=2000):
    """Share of drawn rows nearer to a training row than to any of as many held-out ones."""
    from sklearn.neighbors import NearestNeighbors
    tables, parts = matrix((train, real, drawn), kinds), ([], [], [])
    for j, kind in enumerate(kinds.values()):
        seen = tables[0][~np.isnan(tables[0][:, j]), j]
        for part, table in zip(parts, tables):
            x = table[:, j]
            if kind == "category":  # two levels lie one apart
                part.append((x[:, None] == np.unique(seen)) * .5 ** .5)
            else:
                part.append((np.where(np.isnan(x), seen.mean(), x)[:, None]) / (seen.std() or 1))
    train, real, drawn = (np.concatenate(part, 1) for part in parts)
    n = min(len(train), len(real))
    near = [NearestNeighbors(n_neighbors=1).fit(x[:n]).kneighbors(drawn[:most])[0][:, 0]
            for x in (train, real)]
    return np.mean((near[0] < near[1]) + .5 * (near[0] == near[1]))


def everything(folder):
    with open(os.path.join(folder, "about.json")) as file:
        about = json.load(file)
    kinds = about["kinds"]
    train, real, drawn = (rows_read(os.path.join(folder, name + ".csv"), kinds, 20000)
                          for name in ("train", "test", "synthetic"))
    figures = dict(shape=lambda: shape(real, drawn, kinds), trend=lambda: trend(real, drawn, kinds),
                   c2st=lambda: c2st(real, drawn, kinds),
                   usefulness=lambda: usefulness(real, drawn, about),
                   closeness=lambda: closeness(train, real, drawn, kinds))
    return {name: or_none(figure) for name, figure in figures.items()}


def or_none(figure):
    """None where a package is lacking, or nothing can be learned."""
    try:
        x = figure()
    except ImportError:
        return None
    return x if x is None else float(x)


if __name__ == "__main__":
    print(json.dumps(everything(sys.argv[1])))
