"""evidence.py - what is known of rows, to be multiplied with a model by Diffusion.posterior.

    from noneq import evidence
    about = evidence.interval("age", 40, 50) * evidence.levels("sex", {"F": .8, "M": .2})
    model.posterior(about, draws=100)

Each is a positive function r(x) of a row; `*` multiplies. Columns are told by name or place.
Numbers are in the data's units, days and moments as numbers. Whatever a row's worth of numbers is
may have one axis more in front: then there are so many targets, and rows are drawn for each.
"""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import ctypes

import numpy as np

from . import _declared as c
from ._arguments import whole
from ._library import lib
from .errors import ArgumentError, ShapeError

__all__ = ["Evidence", "bits", "function", "interval", "known", "levels", "linear", "noisy",
           "squares"]


class Evidence:
    """A positive function of rows, known up to a constant. Made by the functions of this module."""

    def __init__(self, parts):
        self._parts = parts

    def __mul__(self, other):
        if not isinstance(other, Evidence):
            return NotImplemented
        return Evidence(self._parts + other._parts)

    def __repr__(self):
        return " * ".join(f"evidence.{part.name}" for part in self._parts)

    def open(self, context, model):
        """The library's evidence about rows of a model, to be used with `with`."""
        return Opened(context, model, self._parts)


class Opened:
    """Evidence of the library, with what it borrows; freed at the end of `with`."""

    def __init__(self, context, model, parts):
        self.context, self.model = context, model
        self.kept, self._made = [], []
        counts = {part.count(model) for part in parts} - {1}
        if len(counts) > 1:
            raise ShapeError(f"parts of the evidence have {' and '.join(map(str, sorted(counts)))} "
                             "targets; expected one number, or 1")
        self.targets = counts.pop() if counts else 1
        try:
            for part in parts:
                part.make(self)
            if len(self._made) > 1:
                each = (ctypes.c_void_p * len(self._made))(*[made.value for made in self._made])
                self.add(lib.nq_evidence_product, each, len(each))
        except BaseException:
            self.close()
            raise
        self.pointer = self._made[-1]

    def add(self, make, *arguments):
        """make(&out, context, ...)"""
        out = ctypes.c_void_p()
        self.context.check(make(ctypes.byref(out), self.context.pointer, *arguments))
        self._made.append(out)

    def add_of_model(self, make, *arguments):
        """make(&out, context, model, ..., targets); arrays are handed on by their addresses."""
        self.add(make, self.model.pointer,
                 *[a.ctypes.data if isinstance(a, np.ndarray) else a for a in arguments],
                 self.targets)

    def each(self, values):
        """values[1 or targets, ...] for every target."""
        return np.ascontiguousarray(np.broadcast_to(values, (self.targets, *values.shape[1:])))

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()

    def close(self):
        """Frees it, the product first."""
        while self._made:
            lib.nq_evidence_free(self._made.pop())


class _Part:
    """One factor. count(model) says how many targets, make(opened) adds it."""

    def __init__(self, name, count, make):
        self.name, self.count, self.make = name, count, make


def _evidence(name, count, make):
    return Evidence([_Part(name, count, make)])


def _numbers(values, what):
    try:
        return np.asarray(values, float)
    except (TypeError, ValueError):
        raise ArgumentError(f"{what} is {values!r}; expected numbers") from None


def _column(model, column):
    """The place of a column that is told by name or place."""
    if isinstance(column, (int, np.integer)) and not isinstance(column, bool):
        if not 0 <= column < model.columns:
            raise ArgumentError(f"there is no column {column}; expected 0 to {model.columns - 1}")
        return int(column)
    names = model.names() or []
    if column not in names:
        raise ArgumentError(f"there is no column {column!r}; expected "
                            + (f"one of {', '.join(names)}" if names else "its place, for they "
                               "have no names"))
    return names.index(column)


def _levels_of(model, column):
    """What the levels of a column stand for, in order: texts, numbers, None (a gap), inf."""
    out = []
    for i in range(lib.nq_model_levels(model.pointer, column)):
        text = lib.nq_model_level_text(model.pointer, column, i)
        value = lib.nq_model_level_value(model.pointer, column, i)
        out.append(text.decode() if text else None if np.isnan(value) else value)
    return out


def _cell(model, column, value):
    """A cell as a number: of a text its code."""
    if value is None:
        return np.nan
    if not isinstance(value, str):
        return float(_numbers(value, f"column {column!r}"))
    texts = _levels_of(model, column)
    if value not in texts:
        raise ArgumentError(f"column {column!r} has no level {value!r}; expected one of "
                            + ", ".join(repr(t) for t in texts[:20]))
    return lib.nq_model_level_value(model.pointer, column, texts.index(value))


def _row_count(values):
    """How many targets values of columns are for: those of a dict, or an array's first axis."""
    if not hasattr(values, "items"):
        return values.shape[0] if values.ndim > 1 else 1
    counts = {len(v) for v in values.values() if np.ndim(v)} - {1}
    if len(counts) > 1:
        raise ShapeError("columns of the evidence have cells for "
                         f"{' and '.join(map(str, sorted(counts)))} targets")
    return counts.pop() if counts else 1


def _rows(model, values, rest=np.nan):
    """{column: cell or cells} or an array as [targets, columns]; other columns are `rest`."""
    if hasattr(values, "items"):
        out = np.full((_row_count(values), model.columns), rest)
        for name, cells in values.items():
            column = _column(model, name)
            out[:, column] = [_cell(model, column, v) for v in
                              (cells if np.ndim(cells) else [cells])]
        return out
    out = np.atleast_2d(values)
    if out.ndim != 2 or out.shape[1] != model.columns:
        raise ShapeError(f"the evidence has the shape {values.shape}; the model has "
                         f"{model.columns} columns")
    return out


def _of_columns(values, what):
    return dict(values) if hasattr(values, "items") else _numbers(values, what)


def known(values):
    """Cells that are known exactly: {column: cell} or an array [columns], NaN where unknown."""
    values = _of_columns(values, "known cells")
    return _evidence("known", lambda model: _row_count(values), lambda to: to.add_of_model(
        lib.nq_evidence_clamp, to.each(_rows(to.model, values))))


def noisy(values, sigma):
    """Cells seen through normal noise of the deviation sigma: a number, {column: number} or an
    array [columns] shared by all targets. `values` as of `known`."""
    values = _of_columns(values, "noisy cells")
    spread = sigma if np.ndim(sigma) == 0 and not hasattr(sigma, "items") else \
        _of_columns(sigma, "sigma")

    def make(to):
        rows = to.each(_rows(to.model, values))
        if np.ndim(spread) == 0 and not hasattr(spread, "items"):
            own = np.full(to.model.columns, float(spread))
        else:
            own = np.ascontiguousarray(_rows(to.model, spread, rest=1.)[0])
        to.kept.append(own)
        if hasattr(spread, "items") and hasattr(values, "items"):
            for name in values.keys() - spread.keys():
                raise ArgumentError(f"column {name!r} has no sigma")
        to.add_of_model(lib.nq_evidence_gaussian, rows, own)
    return _evidence("noisy", lambda model: _row_count(values), make)


def bits(probability):
    """Of a model of bits: the product of d^x (1 - d)^(1 - x), {column: d} or [columns] in [0, 1],
    NaN where nothing is known."""
    probability = _of_columns(probability, "bits")
    return _evidence("bits", lambda model: _row_count(probability), lambda to: to.add_of_model(
        lib.nq_evidence_bernoulli, to.each(_rows(to.model, probability))))


def levels(column, weights):
    """{level: weight} of a column of a table of several kinds; others weigh 0. A list of dicts
    is for several targets. None is a gap, inf any number that is no level of its own."""
    each = [weights] if hasattr(weights, "items") else list(weights)
    if not each or not all(hasattr(w, "items") and w for w in each):
        raise ArgumentError(f"weights of the levels of {column!r} are {weights!r}; expected a dict "
                            "from levels to weights, or a list of them")

    def make(to):
        place = _column(to.model, column)
        there = _levels_of(to.model, place)
        if not there:
            raise ArgumentError(f"column {column!r} has no levels: it is a number; see interval")
        out = np.zeros((len(each), len(there)))
        for row, of_target in zip(out, each):
            for level, weight in of_target.items():
                if level not in there:
                    raise ArgumentError(f"column {column!r} has no level {level!r}; expected some "
                                        "of " + ", ".join(repr(t) for t in there[:20]))
                row[there.index(level)] = weight
        to.add_of_model(lib.nq_evidence_levels, place, to.each(out))
    return _evidence("levels", lambda model: len(each), make)


def interval(column, low=None, high=None):
    """The number of a column of a table of several kinds lies in low..high, ends included; None:
    no end. Arrays are for several targets; a low of NaN: nothing is known of that one."""
    if low is None and high is None:
        raise ArgumentError(f"the interval of {column!r} has no end; expected low, high or both")
    low = np.atleast_1d(_numbers(-np.inf if low is None else low, "low"))
    high = np.atleast_1d(_numbers(np.inf if high is None else high, "high"))
    try:
        low, high = np.broadcast_arrays(low, high)
    except ValueError:
        raise ShapeError(f"the interval of {column!r} has {len(low)} low ends and {len(high)} "
                         "high ones") from None
    return _evidence("interval", lambda model: len(low), lambda to: to.add_of_model(
        lib.nq_evidence_interval, _column(to.model, column), to.each(low), to.each(high)))


def linear(a, y, sigma):
    """y = A x + normal noise, of a model of real numbers: a[observations, columns] and
    sigma[observations] (or a number) shared by targets, y[observations]."""
    a, y = np.atleast_2d(_numbers(a, "a")), np.atleast_1d(_numbers(y, "y"))
    rows = np.atleast_2d(y)
    if a.ndim != 2 or rows.ndim != 2 or rows.shape[1] != len(a):
        raise ShapeError(f"a has {len(a)} observations, y the shape {y.shape}")
    try:
        sigma = np.ascontiguousarray(np.broadcast_to(_numbers(sigma, "sigma"), (len(a),)))
    except ValueError:
        raise ShapeError(f"sigma has the shape {np.shape(sigma)}; expected a number, or one for "
                         f"each of {len(a)} observations") from None

    def make(to):
        if a.shape[1] != to.model.columns:
            raise ShapeError(f"a has {a.shape[1]} columns; the model has {to.model.columns}")
        to.kept.append(np.ascontiguousarray(a))
        to.add_of_model(lib.nq_evidence_linear, to.kept[-1], to.each(rows), sigma, len(a))
    return _evidence("linear", lambda model: len(rows), make)


def squares(side, means, *, top=0, left=0):
    """Means of squares of side x side pixels of a picture are known: means[down, across] or
    [channels, down, across], NaN where not; the first one's corner is line `top`, pixel `left`."""
    means = _numbers(means, "means")
    if not 2 <= means.ndim <= 4:
        raise ShapeError(f"means of squares have the shape {means.shape}; expected [down, across] "
                         "or [channels, down, across], perhaps for several targets")
    means = means.reshape((1,) * (4 - means.ndim) + means.shape)
    where = c.nq_squares(side=whole(side, "side", 1), top=whole(top, "top"),
                         left=whole(left, "left"), down=means.shape[2], across=means.shape[3])

    def make(to):
        picture = to.model.picture()
        if means.shape[1] != picture.channels:
            raise ShapeError(f"means of squares have {means.shape[1]} channels; the model's "
                             f"pictures have {picture.channels}")
        to.add_of_model(lib.nq_evidence_squares, ctypes.byref(where), to.each(means))
    return _evidence("squares", lambda model: means.shape[0], make)


def function(log_r, *, targets=1, has_gradient=False):
    """A function of one's own: log_r(x, target) -> log r(x) of a row x [columns]; with
    has_gradient -> (log r(x), gradient [columns]). -inf rules a row out. It is called from one
    thread at a time."""
    if not callable(log_r):
        raise ArgumentError(f"the evidence is a {type(log_r).__name__}; expected one of "
                            "noneq.evidence, or a function of a row and a target")
    targets = whole(targets, "targets", 1)

    def make(to):
        row_type = ctypes.c_double * to.model.columns

        def call(_user, target, row, gradient):
            try:
                found = log_r(np.frombuffer(row_type.from_address(row)).copy(), target)
                if has_gradient:
                    found, slope = found
                    if gradient:
                        np.frombuffer(row_type.from_address(gradient))[:] = slope
                return float(found)
            except BaseException as error:  # pylint: disable=broad-except
                to.context.stop(error)
                return float("nan")
        to.kept.append(c.FUNCTIONS["nq_evidence_custom"][1][3](call))
        to.add_of_model(lib.nq_evidence_custom, to.kept[-1], None, int(has_gradient))
    return _evidence("function", lambda model: targets, make)
