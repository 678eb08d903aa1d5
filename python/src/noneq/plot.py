"""plot.py - figures with matplotlib: data beside samples, pairs, calibration, where bits are lost.

Every function takes a fitted Diffusion first, draws into new axes, and returns the figure.
"""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# pylint: disable=protected-access

import ctypes

import numpy as np

try:
    from matplotlib import pyplot as plt
except ImportError as error:
    raise ImportError("noneq.plot needs matplotlib: pip install 'noneq[plot]'") from error

from . import _declared as c
from ._library import lib
from .errors import ArgumentError

DATA, SAMPLES = "#0b6e99", "#d9730d"  # told apart without colours, too: filled and line
MOST_LEVELS = 12


def _values(model, rows):
    """[rows, columns of the model] of float64, and the names of the columns."""
    def call(context, opened):
        view = opened.view(context, lib.nq_dataset_for_model, model.model_.pointer)
        return view.numpy(), view.names()
    values, names = model._with_rows(model._rows_of(rows), "rows", call)
    return values, names or [f"x{i}" for i in range(values.shape[1])]


def _samples(model, n, random_state):
    """The same of draws: codes of texts are the model's on both sides."""
    return model._drawn(rows=n, seed=model._seed(random_state))[0]


def _text(model, column, value):
    space = ctypes.create_string_buffer(512)
    lib.nq_model_cell_text(space, len(space), model.model_.pointer, column, value)
    text = space.value.decode(errors="replace")
    return text if len(text) <= 18 else text[:17] + "…"


def _chosen(names, columns):
    if columns is None:
        return list(range(len(names)))
    missing = [name for name in columns if name not in names]
    if missing:
        raise ArgumentError(f"there is no column {missing[0]!r}; there are {', '.join(names)}")
    return [names.index(name) for name in columns]


def _bars(axes, model, column, sides):
    """Parts of the rows by value, the most frequent first."""
    values, counts = np.unique(sides[0][~np.isnan(sides[0])], return_counts=True)
    shown = values[np.argsort(-counts, kind="stable")][:MOST_LEVELS]
    place = np.arange(len(shown) + 1)
    labels = [_text(model, column, value) for value in shown] + ["missing"]
    for offset, side, label, colour in ((-.2, sides[0], "data", DATA),
                                        (.2, sides[1], "samples", SAMPLES)):
        parts = [np.mean(side == value) for value in shown] + [np.mean(np.isnan(side))]
        axes.barh(place + offset, parts, height=.4, color=colour, label=label)
    keep = len(place) if np.isnan(np.concatenate(sides)).any() else len(place) - 1
    axes.set_yticks(place[:keep], labels[:keep])
    axes.set_ylim(keep - .5, -.5)
    axes.set_xlabel("part of the rows")


def _histogram(axes, sides, column, model, is_date):
    both = np.concatenate([side[~np.isnan(side)] for side in sides])
    low, high = np.quantile(both, [.005, .995])
    low, high = (low, high) if high > low else (low - .5, low + .5)
    bins = np.linspace(low, high, 31)
    if high - low <= 60 and (both == np.rint(both)).all():
        low, high = np.floor(low), np.ceil(high)
        bins = np.arange(low - .5, high + 1)  # each whole number has a bin of its own
    axes.hist(np.clip(sides[0], low, high), bins, density=True, color=DATA, alpha=.55, label="data")
    axes.hist(np.clip(sides[1], low, high), bins, density=True, color=SAMPLES, histtype="step",
              linewidth=1.6, label="samples")
    axes.set_yticks([])
    if is_date:
        ticks = np.linspace(low, high, 3)
        axes.set_xticks(ticks, [_text(model, column, np.round(tick))[:10] for tick in ticks],
                        fontsize=8)


def columns(model, rows, *, n=None, columns=None, random_state=None):  # pylint: disable=W0621
    """Every column of rows beside as many samples: bars of values, or histograms of numbers."""
    real, names = _values(model, rows)
    drawn = _samples(model, n or min(max(len(real), 1000), 20000), random_state)
    chosen = _chosen(names, columns)
    across = min(4, len(chosen))
    down = -(-len(chosen) // across)
    figure, grid = plt.subplots(down, across, figsize=(3.4 * across, 2.5 * down), squeeze=False,
                                layout="constrained")
    for axes in grid.flat[len(chosen):]:
        axes.set_axis_off()
    facts = c.nq_column_facts()
    for axes, column in zip(grid.flat, chosen):
        sides = (real[:, column], drawn[:, column])
        known = lib.nq_model_column_facts(ctypes.byref(facts), model.model_.pointer, column)
        few = len(np.unique(sides[0][~np.isnan(sides[0])])) <= MOST_LEVELS
        if few or (known and facts.is_text):
            _bars(axes, model, column, sides)
        else:
            _histogram(axes, sides, column, model, known and facts.is_date)
        axes.set_title(names[column], fontsize=10)
    grid.flat[0].legend(fontsize=8)
    return figure


def pairs(model, rows, *, n=1000, columns=None, random_state=None):  # pylint: disable=W0621
    """Numbers against each other: data below the diagonal, samples above it."""
    real, names = _values(model, rows)
    chosen = _chosen(names, columns)[:8]
    real = real[np.linspace(0, len(real) - 1, min(n, len(real))).astype(int)]
    drawn = _samples(model, len(real), random_state)
    count = len(chosen)
    figure, grid = plt.subplots(count, count, figsize=(1.9 * count, 1.9 * count), squeeze=False,
                                layout="constrained")
    for i, row in enumerate(chosen):
        for j, column in enumerate(chosen):
            axes = grid[i, j]
            both = np.concatenate([real[:, column], drawn[:, column]])
            if i == j:
                _histogram(axes, (real[:, row], drawn[:, row]), row, model, False)
            else:
                side, colour = (real, DATA) if i > j else (drawn, SAMPLES)
                axes.plot(side[:, column], side[:, row], ".", markersize=2, color=colour)
                axes.set_xlim(np.nanmin(both), np.nanmax(both))
            if j == 0:
                axes.set_ylabel(names[row])
            if i == count - 1:
                axes.set_xlabel(names[column])
            axes.tick_params(labelsize=7)
    figure.suptitle("data below the diagonal, samples above")
    return figure


def calibration(model, rows, **keywords):
    """Coverage of the model's intervals on rows: parts of values that lie in the middle 50, 80, 90
    and 95 %, of columns, and of cells given the rest of their row. keywords: as of `check`."""
    found = model.check(rows, **keywords)
    figure, axes = plt.subplots(figsize=(4.2, 4), layout="constrained")
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1, label="calibrated")
    whole = next(entry for entry in found["coverage"] if entry["kind"] == "all")
    for label, marker, colour, key in (("columns", "o", DATA, ""),
                                       ("cells given the rest", "s", SAMPLES, "given_")):
        if key + "part" in whole:
            axes.errorbar(whole["nominal"], whole[key + "part"], marker=marker, linestyle="none",
                          yerr=2 * np.asarray(whole[key + "se"], float), capsize=3, label=label,
                          color=colour)
    axes.set_xlabel("part that should lie within")
    axes.set_ylabel("part that does")
    axes.set_xlim(.4, 1)
    axes.set_ylim(.4, 1)
    axes.legend()
    return figure


def entropy(model, rows, **keywords):
    """The account of the steps: nats that each costs, and their running sum. keywords: as of
    `eval`."""
    found = model.eval(rows, entropy=True, **keywords)
    steps = found["entropy"]["steps"]
    times = [step["t"] for step in steps]
    figure, (first, second) = plt.subplots(2, 1, sharex=True, figsize=(6, 5), layout="constrained")
    first.plot(times, [step["kl"] for step in steps], color=DATA)
    first.set_ylabel("cost of the step, bits")
    second.plot(times, np.cumsum([step["kl"] for step in steps]), color=SAMPLES)
    second.set_ylabel("cost so far, bits")
    second.set_xlabel("t")
    return figure


def training(model):
    """K while the model was trained: of training batches, and of hold-out rows."""
    text = model.model_.record("curve")
    if not text:
        raise ArgumentError("the model's file has no curve of its training: it was written by an "
                            "older noneq")
    points = np.array([[float(part or "nan") for part in point.split(",")]
                       for point in text.split(";")])
    figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
    axes.plot(points[:, 0], points[:, 1], color=DATA, label="training batches")
    if not np.isnan(points[:, 2]).all():
        axes.plot(points[:, 0], points[:, 2], color=SAMPLES, label="hold-out rows")
    axes.set_xlabel("update")
    axes.set_ylabel("K, bits a row")
    axes.legend()
    return figure
