"""densities.py METHOD FOLDER SEED - log2 probability of test.csv's rows as recorded, in JSON.

Of tables of numbers. A number on a grid stands for its cell: it gets uniform noise of the grid's
step, and the mean log density of that, with the log of the step, is a lower bound on the log
probability of what is recorded, in the units of noneq's K. grids.json has the steps: 0 where each
number is one of its own, null where values repeat and are on no grid; there it is the commonest
difference of neighbouring values."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import copy
import json
import os
import sys

import numpy as np

from sets import numbers, rows_read

DRAWS = 8       # of the noise of each test row
SECONDS = 180   # of processor for a flow
PATIENCE = 15   # passes without a better hold-out density


def mixture(x, seed):
    """Gaussians with full covariances, as many as BIC wants."""
    from sklearn.mixture import GaussianMixture
    fits = [GaussianMixture(count, reg_covar=1e-5, random_state=seed).fit(x)
            for count in (1, 2, 4, 8, 12, 16, 24) if count * 20 <= len(x)]
    best = min(fits, key=lambda fit: fit.bic(x))
    return best.score_samples, lambda rows: best.sample(rows)[0]


def flow(x, seed):
    """A neural spline flow of the package zuko, best state on a tenth of the rows."""
    import time
    import torch
    import zuko
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rows = torch.tensor(x, dtype=torch.float32)
    fit, held = rows[:len(x) * 9 // 10], rows[len(x) * 9 // 10:]
    model = zuko.flows.NSF(x.shape[1], transforms=3, hidden_features=(64, 64))
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)
    best, state, since, end = -np.inf, None, 0, time.process_time() + SECONDS
    while since < PATIENCE and time.process_time() < end:
        for part in torch.randperm(len(fit)).split(256):
            optimiser.zero_grad()
            (-model().log_prob(fit[part]).mean()).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5)
            optimiser.step()
        with torch.no_grad():
            now = model().log_prob(held).mean().item()
        since += 1
        if now > best:
            best, state, since = now, copy.deepcopy(model.state_dict()), 0
    model.load_state_dict(state)

    @torch.no_grad()
    def score(y):
        return model().log_prob(torch.tensor(y, dtype=torch.float32)).numpy()

    @torch.no_grad()
    def sample(count):
        return model().sample((count,)).numpy()
    return score, sample


METHODS = {"mixture": mixture, "flow": flow}


def commonest(x):
    gaps, counts = np.unique(np.round(np.diff(np.unique(x)), 9), return_counts=True)
    return gaps[counts.argmax()]


class Spread:
    """Numbers as points of their cells, scaled by the training rows, and back."""

    def __init__(self, columns, grids, rng):
        self.names, self.rng = list(columns), rng
        self.step = np.array([commonest(numbers(columns[name])) if grids[name] is None
                              else grids[name] for name in self.names])
        recorded = np.stack([numbers(columns[name]) for name in self.names], 1)
        self.least, self.most = recorded.min(0), recorded.max(0)
        x = self.points(columns)
        self.mean, self.deviation = x.mean(0), x.std(0)
        self.train = (x - self.mean) / self.deviation

    def points(self, columns):
        x = np.stack([numbers(columns[name]) for name in self.names], 1)
        return x + (self.rng.random(x.shape) - .5) * self.step

    def scaled(self, columns):
        return (self.points(columns) - self.mean) / self.deviation

    def cells(self, x):
        """The middles of scaled points' cells, within the range of training."""
        x = x * self.deviation + self.mean
        step = np.where(self.step > 0, self.step, 1)
        middle = self.least + np.round((x - self.least) / step) * step
        return np.clip(np.where(self.step > 0, middle, x), self.least, self.most)

    def bits(self, log_density):
        """Of the scaled rows, as what is recorded."""
        cell = np.log(np.where(self.step > 0, self.step, 1)).sum() - np.log(self.deviation).sum()
        return (log_density + cell) / np.log(2)


def grids_read(folder):
    with open(os.path.join(folder, "grids.json")) as file:
        return json.load(file)


def main():
    method, folder, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
    grids = grids_read(folder)
    train, test = (rows_read(os.path.join(folder, name), grids) for name in ("train.csv",
                                                                             "test.csv"))
    spread = Spread(train, grids, np.random.default_rng(seed))
    score, _ = METHODS[method](spread.train, seed)
    rows = np.mean([spread.bits(score(spread.scaled(test))) for _ in range(DRAWS)], 0)
    print(json.dumps(dict(bits=float(rows.mean()),
                          bits_error=float(rows.std() / len(rows) ** .5))))


if __name__ == "__main__":
    main()
