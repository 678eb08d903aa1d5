"""_pandas.py - pandas frames, read by columns, so that they need no library of Arrow, and built."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import sys

import numpy as np

from . import _declared as c
from ._columns import Cells, Columns, cells_of_objects
from .errors import FormatError, ShapeError


class PandasTable:
    """A frame."""

    def __init__(self, frame, types):
        self.frame, self._types = frame, types
        if not len(frame) or not frame.shape[1]:
            raise ShapeError(f"Found array with {frame.shape[0]} sample(s) (shape={frame.shape}) "
                             "while a minimum of 1 is required.")
        self.names = [str(name) for name in frame.columns]
        self.width, self.count = frame.shape[1], len(frame)
        self.layout = PandasLayout(list(frame.columns), list(frame.dtypes))

    def open(self, context, for_model=False):
        """Plain numbers are borrowed."""
        del for_model
        columns = Columns(self.count)
        for i, name in enumerate(self.frame.columns):
            columns.add(cells_of(self.frame.iloc[:, i], name), name, self._types.get(str(name)))
        return columns.open(context)

    def filled(self, values, dataset):
        """The frame, with what was missing filled."""
        del values
        out = self.frame.copy()
        names = dict(zip(self.names, self.frame.columns))
        for column in dataset().read():
            series = self.frame[names[column.name]]
            gaps = series.isna()
            if gaps.any():
                filled = _as_dtype(column, series.dtype, series.index)
                out[names[column.name]] = series.where(~gaps, filled)
        return out


class PandasLayout:
    """Rows come back as a frame of the dtypes that were fitted."""

    def __init__(self, names, dtypes):
        self.names, self.dtypes = names, dtypes

    def back(self, values, dataset):
        """A frame of the model's columns, in the order of the frame that was fitted."""
        pandas = _pandas()
        found = {column.name: column for column in dataset().read()}
        index = pandas.RangeIndex(len(values))
        return pandas.DataFrame(
            {name: _as_dtype(found[str(name)], dtype, index)
             for name, dtype in zip(self.names, self.dtypes) if str(name) in found}, index=index)


def _pandas():
    """It has made the frame; of an estimator that was unpickled it may have to be imported."""
    if "pandas" not in sys.modules:
        __import__("pandas")
    return sys.modules["pandas"]


def cells_of(series, name):
    """A column of a frame."""
    dtype = series.dtype
    if hasattr(dtype, "categories") and hasattr(series, "cat"):
        return _of_categories(series, name)
    kind = getattr(dtype, "kind", "O")
    if kind in "fiub":
        if isinstance(dtype, np.dtype):
            return Cells(series.to_numpy())
        plain = {"f": "f8", "b": "?"}.get(kind, f"{kind}8")
        return Cells(series.to_numpy(dtype=plain, na_value=0), missing=np.asarray(series.isna()))
    if kind == "M":
        return _of_dates(series, name)
    if kind in "mc":
        raise TypeError(f"column {name!r} is of dtype {dtype}; expected numbers, texts, categories "
                        "or dates: convert it, such as a duration to its seconds")
    return cells_of_objects(series.to_numpy(dtype=object), f"column {name!r}")


def _of_categories(series, name):
    """Texts, or numbers that are levels."""
    codes, categories = np.asarray(series.cat.codes), np.asarray(series.cat.categories, object)
    missing = codes < 0
    if all(isinstance(text, str) for text in categories):
        return Cells(codes, missing=missing, levels=list(categories))
    try:
        numbers = categories.astype("f8")
    except (TypeError, ValueError) as error:
        raise TypeError(f"column {name!r} has categories that are neither texts nor numbers; "
                        "convert it with .astype(str)") from error
    return Cells(numbers[codes], missing=missing, kind="category")


def _of_dates(series, name):
    """Days where all are midnights without a zone, else seconds."""
    is_utc = getattr(series.dtype, "tz", None) is not None
    if is_utc:
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    stamps = series.to_numpy() if isinstance(series.dtype, np.dtype) \
        else series.to_numpy("datetime64[ns]")
    missing = np.isnat(stamps)
    days = stamps.astype("datetime64[D]")
    if not is_utc and (days.astype(stamps.dtype) == stamps)[~missing].all():
        return Cells(np.where(missing, 0, days.astype("i8")), missing=missing, date=c.NQ_DATE_DAYS)
    micro = stamps.astype("datetime64[us]")
    if (micro.astype(stamps.dtype) != stamps)[~missing].any():
        raise FormatError(f"column {name!r} has times finer than microseconds; round them: "
                          ".dt.round('us')")
    return Cells(np.where(missing, 0, micro.astype("i8")) / 1e6, missing=missing,
                 date=c.NQ_DATE_SECONDS_UTC if is_utc else c.NQ_DATE_SECONDS)


def _as_dtype(column, dtype, index):
    """A column of the library as a series of a dtype."""
    pandas = _pandas()
    if column.levels is not None:
        return pandas.Series(column.objects(), index=index, dtype=object).astype(dtype)
    if column.values.dtype.kind == "M":
        return _as_dates(column, dtype, index)
    return _as_numbers(column, dtype, index)


def _as_dates(column, dtype, index):
    pandas = _pandas()
    values = column.values
    if values.dtype == np.dtype("datetime64[D]"):
        values = values.astype("datetime64[s]")
    values = np.where(column.missing, np.datetime64("NaT"), values)
    if getattr(dtype, "kind", "O") != "M":
        days = values.astype("datetime64[D]").astype(object)
        days[column.missing] = None
        return pandas.Series(days, index=index, dtype=object).astype(dtype)
    series = pandas.Series(values, index=index)
    if getattr(dtype, "tz", None) is not None:
        series = series.dt.tz_localize("UTC").dt.tz_convert(dtype.tz)
    return series.astype(dtype)


def _as_numbers(column, dtype, index):
    pandas = _pandas()
    values, missing, kind = column.values, column.missing, getattr(dtype, "kind", "O")
    if hasattr(dtype, "categories"):
        numbers = values.astype(np.asarray(dtype.categories).dtype, copy=False).astype(object)
        return pandas.Series(pandas.Categorical(np.where(missing, None, numbers), dtype=dtype),
                             index=index)
    if kind in "iub":
        values = np.rint(values).astype(bool if kind == "b" else "i8")
    if not missing.any():
        return pandas.Series(values, index=index).astype(dtype)
    if isinstance(dtype, np.dtype):  # whole numbers of numpy have no gap: they become real ones
        series = pandas.Series(np.where(missing, np.nan, values), index=index)
        return series.astype(dtype) if kind == "f" else series
    series = pandas.Series(np.where(missing, 0, values), index=index).astype(dtype)
    series[missing] = pandas.NA
    return series
