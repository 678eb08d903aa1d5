"""methods.py METHOD FOLDER ROWS SEED - reads train.csv and about.json, writes synthetic.csv.

The peers of the bench. noneq has nothing here: run.py runs the program itself."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import json
import os
import sys

import numpy as np

from sets import numbers, rows_read, rows_write


class Coded:
    """A table as a matrix: gaps of numbers filled by the median, levels as 0, 1, 2."""

    def __init__(self, columns, kinds):
        self.columns, self.kinds, self.levels, coded = columns, kinds, {}, []
        for name, cells in columns.items():
            if kinds[name] == "category":
                self.levels[name], codes = np.unique(cells.astype(str), return_inverse=True)
                coded.append(codes.astype(float))
            else:
                x = numbers(cells)
                coded.append(np.where(np.isnan(x), np.nanmedian(x), x))
        self.matrix = np.stack(coded, 1)
        self.decimals = {name: max(len(str(cell).partition(".")[2]) for cell in cells)
                         for name, cells in columns.items() if name not in self.levels}

    def scaled(self):
        """Numbers in deviations, and a column of 0 and 1 for each level."""
        parts, self.at = [], [0]
        for name, x in zip(self.columns, self.matrix.T):
            if name in self.levels:
                parts.append((x[:, None] == np.arange(len(self.levels[name]))).astype(float))
            else:
                parts.append(((x - x.mean()) / (x.std() or 1))[:, None])
            self.at.append(self.at[-1] + parts[-1].shape[1])
        return np.concatenate(parts, 1)

    def texts(self, name, x):
        """Cells of a column from its coded numbers, with as many decimals as it had."""
        if name in self.levels:
            return self.levels[name][x.astype(int)]
        return np.char.mod(f"%.{self.decimals[name]}f", x)

    def table(self, scaled):
        """Cells from scaled rows: the nearest level, and numbers in their units."""
        out = {}
        for j, name in enumerate(self.columns):
            part, x = scaled[:, self.at[j]:self.at[j + 1]], self.matrix[:, j]
            out[name] = self.texts(name, part.argmax(1) if name in self.levels
                                   else part[:, 0] * x.std() + x.mean())
        return out


def training(coded, rows, rng):
    """Training rows again, no method: what figures a table has that only repeats."""
    picked = np.resize(rng.permutation(len(coded.matrix)), rows)
    return {name: cells[picked] for name, cells in coded.columns.items()}


def independent(coded, rows, rng):
    """Each column by itself."""
    return {name: rng.choice(cells, rows) for name, cells in coded.columns.items()}


def cart(coded, rows, rng):
    """A tree for each column on those before it; a cell is that of a training row of its leaf."""
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
    train, drawn, out = coded.matrix, np.empty((rows, len(coded.columns))), {}
    for j, (name, cells) in enumerate(coded.columns.items()):
        picked = rng.integers(len(train), size=rows)
        if j:
            kind = DecisionTreeClassifier if name in coded.levels else DecisionTreeRegressor
            tree = kind(min_samples_leaf=5, random_state=int(rng.integers(1 << 30)))
            leaves = tree.fit(train[:, :j], train[:, j]).apply(train[:, :j])
            order = np.argsort(leaves, kind="stable")
            wanted = tree.apply(drawn[:, :j])
            first = np.searchsorted(leaves[order], wanted, "left")
            behind = np.searchsorted(leaves[order], wanted, "right")
            picked = order[first + (rng.random(rows) * (behind - first)).astype(int)]
        drawn[:, j], out[name] = train[picked, j], cells[picked]
    return out


def smote(coded, rows, rng, neighbours=5):
    """A point between a training row and one of its neighbours; levels are those of either."""
    from sklearn.neighbors import NearestNeighbors
    train = coded.scaled()
    search = NearestNeighbors(n_neighbors=neighbours + 1).fit(train)
    one = rng.integers(len(train), size=rows)
    near = search.kneighbors(train[one], return_distance=False)
    other = near[np.arange(rows), rng.integers(1, neighbours + 1, size=rows)]
    share = rng.random((rows, 1))
    return coded.table((1 - share) * train[one] + share * train[other])


def mixture(coded, rows, rng):
    """Gaussians over scaled numbers and levels, as many as BIC wants."""
    from sklearn.mixture import GaussianMixture
    train, seed = coded.scaled(), int(rng.integers(1 << 30))
    fits = [GaussianMixture(count, reg_covar=1e-4, random_state=seed).fit(train)
            for count in (1, 2, 4, 8, 16) if count * 20 <= len(train)]
    best = min(fits, key=lambda fit: fit.bic(train))
    drawn, _ = best.sample(rows)
    return coded.table(drawn)


def sdv(synthesizer):
    """A synthesizer of the package sdv (2.0), as it comes."""
    def draw(coded, rows, rng):
        import pandas
        from sdv import single_table
        from sdv.metadata import Metadata
        try:
            import torch
            torch.set_num_threads(1)
            torch.manual_seed(int(rng.integers(1 << 30)))
        except ImportError:
            pass
        np.random.seed(int(rng.integers(1 << 30)))
        kinds = {name: {"sdtype": "categorical" if kind == "category" else "numerical"}
                 for name, kind in coded.kinds.items()}
        metadata = Metadata.load_from_dict({"tables": {"table": {"columns": kinds}},
                                            "relationships": []})
        model = getattr(single_table, synthesizer)(metadata)
        model.fit({"table": pandas.DataFrame({
            name: cells.astype(str) if name in coded.levels else numbers(cells)
            for name, cells in coded.columns.items()})})
        frame = model.sample(rows)
        frame = frame["table"] if isinstance(frame, dict) else frame
        return {name: frame[name].to_numpy() for name in coded.columns}
    return draw


def forest(coded, rows, rng):
    """ForestDiffusion (Jolicoeur-Martineau et al. 2024): boosted trees as the regressor of a flow,
    with 15 times, 20 noises a row and 4000 rows at most, because it takes hours with more."""
    import types
    sys.modules.setdefault("catboost", types.SimpleNamespace(CatBoostRegressor=None))  # not used
    from ForestDiffusion import ForestDiffusionModel
    train = coded.matrix[:4000]
    index = {name: j for j, name in enumerate(coded.columns)}
    some = lambda test: [index[name] for name in coded.columns if test(name)]
    model = ForestDiffusionModel(
        train, n_t=15, duplicate_K=20, diffusion_type="flow", n_estimators=100, n_jobs=1, n_batch=1,
        nthread=1, seed=int(rng.integers(1 << 30)),
        cat_indexes=some(lambda c: c in coded.levels and len(coded.levels[c]) > 2),
        bin_indexes=some(lambda c: c in coded.levels and len(coded.levels[c]) == 2),
        int_indexes=some(lambda c: c not in coded.levels and not coded.decimals[c]))
    drawn = np.asarray(model.generate(batch_size=rows), dtype=float)
    for name, levels in coded.levels.items():
        drawn[:, index[name]] = np.clip(drawn[:, index[name]].round(), 0, len(levels) - 1)
    return {name: coded.texts(name, drawn[:, j]) for name, j in index.items()}


def flow(coded, rows, rng):
    """A neural spline flow: densities.py. For tables of numbers alone."""
    import densities
    if coded.levels:
        raise SystemExit("a flow has no categories")
    spread = densities.Spread(coded.columns, densities.grids_read(sys.argv[2]), rng)
    _, sample = densities.flow(spread.train, int(rng.integers(1 << 30)))
    drawn = spread.cells(sample(rows))
    return {name: coded.texts(name, drawn[:, j]) for j, name in enumerate(coded.columns)}


def tabddpm(coded, rows, rng):
    from tabddpm import tabddpm as draw
    return draw(coded, rows, rng)


METHODS = {
    "tabddpm": tabddpm, "forest": forest, "flow": flow, "training": training, "independent": independent, "cart": cart, "smote": smote,
    "mixture": mixture, "copula": sdv("GaussianCopulaSynthesizer"),
    "ctgan": sdv("CTGANSynthesizer"), "tvae": sdv("TVAESynthesizer"),
}


def main():
    method, folder, rows, seed = sys.argv[1:]
    with open(os.path.join(folder, "about.json")) as file:
        kinds = json.load(file)["kinds"]
    coded = Coded(rows_read(os.path.join(folder, "train.csv"), kinds), kinds)
    out = METHODS[method](coded, int(rows), np.random.default_rng(int(seed)))
    rows_write(os.path.join(folder, "synthetic.csv"), out)


if __name__ == "__main__":
    main()
