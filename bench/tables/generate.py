"""generate.py - a table of 15 mixed columns whose law is known, so that K has a mark to reach.

The columns are drawn one after the other, each from its law given those before it; the sum of the
log2 probabilities (densities of the real ones) is that of the row."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import math
import os

import numpy as np

TEST_ROWS = 4000  # at most
PIECE = 100000


class Law:
    """Draws n rows and sums log2 P of each."""

    def __init__(self, n, seed):
        self.rng, self.bits, self.rows = np.random.default_rng(seed), np.zeros(n), np.arange(n)

    def category(self, score):
        """P(k) = exp(score[:, k]) / their sum."""
        p = np.exp(score - score.max(1, keepdims=True)) + np.zeros((len(self.rows), 1))
        p /= p.sum(1, keepdims=True)
        u = self.rng.random((len(p), 1))
        k = np.minimum((u > p.cumsum(1)).sum(1), p.shape[1] - 1)
        self.bits += np.log2(p[self.rows, k])
        return k

    def bit(self, score):
        zero = np.zeros(len(self.rows))
        return self.category(np.stack([zero, zero + score], 1))

    def binomial(self, most, score, where=True):
        """most tosses of a coin of probability 1 / (1 + exp(-score)); counted where seen."""
        p = 1 / (1 + np.exp(-score))
        k = self.rng.binomial(most, p)
        ways = np.array([math.lgamma(most + 1) - math.lgamma(i + 1) - math.lgamma(most - i + 1)
                         for i in range(most + 1)])
        log_p = ways[k] + k * np.log(p) + (most - k) * np.log1p(-p)
        self.bits += np.where(where, log_p, 0) / math.log(2)
        return k

    def geometric(self, p, where=True):
        """1, 2, ..., each next one 1 - p times as likely."""
        k = self.rng.geometric(p, len(self.rows))
        self.bits += np.where(where, np.log2(p) + (k - 1) * np.log2(1 - p), 0)
        return k

    def normal(self, mean, deviation):
        z = self.rng.standard_normal(len(self.rows))
        self.bits -= (z * z / 2 + np.log(deviation * math.sqrt(2 * math.pi))) / math.log(2)
        return mean + deviation * z


def draw(n, seed):
    """Columns of texts and numbers, and log2 P of each row."""
    law = Law(n, seed)
    city = law.category(np.log(np.arange(20, 0, -1.))[None])
    member = law.bit(-.4)
    age = 18 + law.binomial(60, -.6 + .5 * member)
    children = law.binomial(6, .05 * (age - 60))
    job = law.category(np.cos(np.arange(8)[None] + .1 * age[:, None] + city[:, None] % 5))
    full = law.bit(.3 * np.ones(n))
    # From 41 on, so that there is one way alone to 40.
    other = 41 + law.binomial(40, .4 * job - 2, full == 0)
    income = law.normal(20 + .2 * age + 3 * job, 4 + .5 * job)
    spend = law.normal(.6 * income - 2 * children, 1.5)
    gains = law.bit(-2.2 + .02 * income)
    gain = law.geometric(.002, gains == 1)
    mood = law.normal(2 * np.sin(age / 8) + member, .5)
    level = 1 + law.binomial(4, mood)
    gap = law.bit(-3.5 + member)
    visits = law.geometric(1 / (1. + level), gap == 0)
    rating = law.category(np.stack([0 * mood, mood - .3, .4 * level - 1], 1))
    bought = law.bit(.3 * (spend - 15) + mood - rating)
    decimals = lambda x: np.char.mod("%.15g", x)
    texts = lambda prefix, k: np.char.add(prefix, k.astype(str))
    return dict(
        city=texts("city", city), region=texts("region", city % 5), member=member, age=age,
        children=children, job=texts("job", job), hours=np.where(full, 40, other),
        income=decimals(income), spend=decimals(spend), gain=gain * gains, mood=decimals(mood),
        level=level, visits=np.where(gap, "", visits.astype(str)), rating=texts("rating", rating),
        bought=np.where(bought, "yes", "no")), law.bits


def write(rows, out):
    """Files of training and test rows, the first in pieces; what is known of the table."""
    from sets import about, rows_write
    path = os.path.join(out, "train.csv")
    with open(path, "w") as file:
        for at in range(0, rows, PIECE):
            columns, _ = draw(min(PIECE, rows - at), [1, at])
            rows_write(path + ".piece", columns)
            with open(path + ".piece") as piece:
                if at:
                    next(piece)
                file.writelines(piece)
    os.remove(path + ".piece")
    test = min(rows, TEST_ROWS)
    columns, bits = draw(test, [2])
    rows_write(os.path.join(out, "test.csv"), columns)
    return about(columns, "bought", "class", train=rows, test=test, truth=float(bits.mean()))
