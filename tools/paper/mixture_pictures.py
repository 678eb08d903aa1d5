#!/usr/bin/env python3
# mixture_pictures.py - what scale mixtures of normal distributions say of crops of pictures.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""Usage: mixture_pictures.py NONEQ MODEL TRAIN TEST [--crops N] [--parts K] ...

Two densities of the kind that [SD15] table 2 has beside the diffusion (MCGSM, Theis et al. 2012),
fitted to the crops that gaussian_pictures.py fits a normal distribution to, and judged on the same
crops of TEST, in the same scaled units:

* joint: a scale mixture of whole crops, sum_k w_k N(mean, s_k C), by EM from the covariance C.
* conditional: each pixel given those above and to the left of it, within a window. A mixture of K
  normal distributions (scikit-learn's) of window and pixel together gives each conditional, a
  mixture of normal laws whose shares depend on the window; at the edge of a crop the window is what
  lies within it. The product over pixels is a density of the crop.

Prints one line of JSON: bits per pixel of both, larger is better. Needs numpy and scikit-learn.
"""
import json
import os
import sys

import numpy as np
from scipy.special import logsumexp

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from gaussian_pictures import (Model, area_cut, batches, crops_apart, crops_random, gaussian_fit,
                               parser_of, pictures_read)

REACH = 3  # pixels of the window above, and to either side


def window():
    """Places (down, right) of the window's pixels from the last one, which comes last."""
    above = [(-i, j) for i in range(REACH, 0, -1) for j in range(-REACH, REACH + 1)]
    return above + [(0, j) for j in range(-REACH, 0)] + [(0, 0)]


# The joint mixture.


def distances(rows, mean, factor):
    """Squared distances from the mean by the covariance with that Cholesky factor."""
    return np.concatenate([(np.linalg.solve(factor, (batch - mean).T) ** 2).sum(axis=0)
                           for batch in rows])


def scale_logs(square, dim, weight, scale):
    """log of w_k N(.; s_k C) but for C's determinant, for each row and part."""
    return (np.log(weight) - dim / 2 * np.log(2 * np.pi * scale)
            - square[:, None] / (2 * scale))


def scales_fit(square, dim, parts, rounds=200):
    """Weights and scales of greatest likelihood; the covariance stays that of all crops."""
    weight = np.full(parts, 1 / parts)
    scale = np.maximum(np.quantile(square, (np.arange(parts) + 0.5) / parts) / dim, 1e-6)
    for _ in range(rounds):
        logs = scale_logs(square, dim, weight, scale)
        share = np.exp(logs - logsumexp(logs, axis=1, keepdims=True))
        total = share.sum(axis=0) + 1e-9
        weight = total / total.sum()
        scale = np.maximum((share * square[:, None]).sum(axis=0) / (dim * total), 1e-6)
    return weight, scale


def joint_score(train, test, dim, parts):
    """Nats of each test row; train and test make the batches anew."""
    mean, covariance = gaussian_fit(train())
    factor = np.linalg.cholesky(covariance)
    weight, scale = scales_fit(distances(train(), mean, factor), dim, parts)
    logs = scale_logs(distances(test(), mean, factor), dim, weight, scale)
    return logsumexp(logs, axis=1) - np.log(np.diag(factor)).sum()


# The conditional mixture.


def windows_of(rows, model, random, each):
    """`each` windows from within every crop."""
    places = window()
    pictures = rows.reshape(-1, model.height, model.width)
    top = random.integers(REACH, model.height, (len(pictures), each))
    left = random.integers(REACH, model.width - REACH, (len(pictures), each))
    crop = np.arange(len(pictures))[:, None]
    return np.stack([pictures[crop, top + down, left + right] for down, right in places],
                    axis=-1).reshape(-1, len(places))


def begin_parts(rows, parts, random):
    """Parts differ in contrast and in direction: where EM starts from. Precisions of each."""
    from sklearn.cluster import KMeans
    values, axes = np.linalg.eigh(np.cov(rows.T))
    white = (rows - rows.mean(axis=0)) @ axes / np.sqrt(values)
    size = np.linalg.norm(white, axis=1)
    scales = max(parts // 8, 1)
    level = np.searchsorted(np.quantile(size, np.arange(1, scales) / scales), size)
    label = np.zeros(len(rows), int)
    for k in range(scales):
        own = np.flatnonzero(level == k)
        count = parts // scales + (k < parts % scales)
        direction = white[own] / size[own, None]
        first = sum(parts // scales + (j < parts % scales) for j in range(k))
        label[own] = first + KMeans(count, n_init=1, random_state=int(random.integers(1 << 30))) \
            .fit_predict(direction)
    means, precisions, weights = [], [], []
    floor = 1e-6 * np.eye(rows.shape[1])
    for k in range(parts):
        own = rows[label == k] if (label == k).sum() > 2 * rows.shape[1] else rows
        means.append(own.mean(axis=0))
        precisions.append(np.linalg.inv(np.cov(own.T) + floor))
        weights.append(max((label == k).mean(), 1e-6))
    weights = np.array(weights) / np.sum(weights)
    return weights, np.array(means), np.array(precisions)


def mixture_fit(rows, parts, rounds, random):
    from sklearn.mixture import GaussianMixture
    weights, means, precisions = begin_parts(rows, parts, random)
    mixture = GaussianMixture(parts, weights_init=weights, means_init=means,
                              precisions_init=precisions, max_iter=rounds, tol=1e-4,
                              reg_covar=1e-9, random_state=0)
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # so many rounds are all that is asked for
        mixture.fit(rows)
    return mixture


def log_mixture(mixture, there, numbers):
    """log of the mixture's density of the dimensions `there`."""
    logs = np.empty((len(numbers), len(mixture.weights_)))
    for k, (mean, covariance) in enumerate(zip(mixture.means_, mixture.covariances_)):
        factor = np.linalg.cholesky(covariance[np.ix_(there, there)])
        gap = np.linalg.solve(factor, (numbers - mean[there]).T)
        logs[:, k] = (np.log(mixture.weights_[k]) - np.log(np.diag(factor)).sum()
                      - len(there) / 2 * np.log(2 * np.pi) - 0.5 * (gap ** 2).sum(axis=0))
    return logsumexp(logs, axis=1)


def conditional_score(mixture, rows, model):
    """Nats of each crop: the sum over its pixels of log p(pixel | window within the crop)."""
    places = window()
    nats = np.zeros(len(rows))
    pictures = rows.reshape(-1, model.height, model.width)
    groups = {}
    for top in range(model.height):
        for left in range(model.width):
            there = tuple(i for i, (down, right) in enumerate(places)
                          if top + down >= 0 and 0 <= left + right < model.width)
            groups.setdefault(there, []).append((top, left))
    for there, at in groups.items():
        there = list(there)
        for top, left in at:
            numbers = np.stack([pictures[:, top + places[i][0], left + places[i][1]]
                                for i in there], axis=-1)
            nats += log_mixture(mixture, there, numbers)
            if len(there) > 1:
                nats -= log_mixture(mixture, there[:-1], numbers[:, :-1])
    return nats


def main():
    parser = parser_of(__doc__)
    parser.add_argument("--windows", type=int, default=300000, help="windows of them (300000)")
    parser.add_argument("--parts", type=int, default=32, help="of the conditional mixture (32)")
    parser.add_argument("--scales", type=int, default=16, help="of the joint mixture (16)")
    parser.add_argument("--rounds", type=int, default=100, help="of EM (100)")
    parser.add_argument("--max-crops", type=int, default=1024, help="test crops (1024)")
    options = parser.parse_args()
    model = Model(options.noneq, options.model)
    if model.channels != 1:
        raise SystemExit("mixture_pictures.py: expected grey pictures")
    train = area_cut(pictures_read(options.train), options.area)
    test = list(crops_apart(area_cut(pictures_read(options.test), options.test_area), model))
    test = [test[i * len(test) // min(options.max_crops, len(test))]
            for i in range(min(options.max_crops, len(test)))]

    def train_batches():
        random = np.random.default_rng(options.seed)
        return batches(crops_random(train, model, options.crops, options.mirror, random), model,
                       random)

    def test_batches():
        return batches(iter(test), model, np.random.default_rng(options.seed + 1))

    random = np.random.default_rng(options.seed + 2)
    each = max(options.windows // options.crops, 1)
    windows = np.concatenate([windows_of(batch, model, random, each)
                              for batch in train_batches()])[:options.windows]
    mixture = mixture_fit(windows, options.parts, options.rounds, random)
    conditional = np.concatenate([conditional_score(mixture, batch, model)
                                  for batch in test_batches()])
    joint = joint_score(train_batches, test_batches, model.dim, options.scales)
    out = {"train_crops": options.crops, "test_crops": len(test), "parts": options.parts,
           "scales": options.scales, "windows": len(windows), "window": len(window()) - 1}
    per_pixel = 1 / (np.log(2) * model.height * model.width)
    for name, nats in (("conditional", conditional), ("joint", joint)):
        out[name] = {"bits_per_pixel": nats.mean() * per_pixel,
                     "se_rows": nats.std(ddof=1) / np.sqrt(len(nats)) * per_pixel}
    print(json.dumps(out))


if __name__ == "__main__":
    main()
