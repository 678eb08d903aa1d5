"""_tables.py - rows of numpy, pandas, Arrow or a file as a data set, and rows back in that form.

Every kind of table is a class with
    open(context)        a Rows: the data set of the library
    back(...)            rows of the model in the form of the table that was fitted
and its layout, which says what came, can be pickled with the estimator.
"""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import ctypes
import os
import sys

import numpy as np

from . import _arrow
from . import _declared as c
from ._library import lib, options
from .errors import ArgumentError, FormatError, ShapeError

_ELEMENTS = {"f8": c.NQ_FLOAT64, "f4": c.NQ_FLOAT32, "f2": c.NQ_FLOAT16, "i1": c.NQ_INT8,
             "u1": c.NQ_UINT8, "i2": c.NQ_INT16, "u2": c.NQ_UINT16, "i4": c.NQ_INT32,
             "u4": c.NQ_UINT32, "i8": c.NQ_INT64, "u8": c.NQ_UINT64, "b1": c.NQ_BOOL}


class Rows:
    """A data set of the library and what it borrows; freed at the end of `with`."""

    def __init__(self, pointer, kept=()):
        self.pointer, self._kept = pointer, kept

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()

    def close(self):
        """Frees it."""
        lib.nq_dataset_free(self.pointer)
        self.pointer = ctypes.c_void_p()

    def __del__(self):
        if self.pointer:
            self.close()

    def for_training(self, context):
        """Without the columns that no model is made of, such as names and ids."""
        out = ctypes.c_void_p()
        context.check(lib.nq_dataset_for_training(ctypes.byref(out), context.pointer,
                                                  self.pointer))
        return Rows(out, [self])

    def levels(self, context):
        """{column: texts} in the order of the set."""
        out = ctypes.c_void_p()
        context.check(lib.nq_dataset_slice(ctypes.byref(out), context.pointer, self.pointer, 0, 1))
        with Rows(out) as first:
            return {column.name: list(column.levels)
                    for column in _arrow.columns_of(context, first.pointer)
                    if column.levels is not None and len(column.levels)}

    def notes(self):
        """What was decided about columns."""
        count = lib.nq_dataset_note_count(self.pointer)
        return [lib.nq_dataset_note(self.pointer, i).decode() for i in range(count)]

    def source(self):
        """nq_source of these rows."""
        return c.nq_source(size=ctypes.sizeof(c.nq_source), data=self.pointer)


class _Columns:
    """nq_column[] that is filled one by one."""

    def __init__(self, rows):
        self._rows, self._columns, self._kept = rows, [], []

    def add(self, values, *, name=None, missing=None, levels=None, kind=None,
            date=c.NQ_DATE_NONE):
        """values[rows]: numbers, borrowed where that can be; missing[rows]: True is a gap."""
        values = np.asarray(values)
        if values.dtype.str[1:] not in _ELEMENTS or not values.dtype.isnative:
            values = values.astype("f8")
        if (not values.flags.aligned or values.strides[0] % values.itemsize
                or values.strides[0] == 0 and len(values) > 1):
            values = np.ascontiguousarray(values.copy())
        column = c.nq_column(size=ctypes.sizeof(c.nq_column), date=date,
                             element=_ELEMENTS[values.dtype.str[1:]])
        column.start = values.ctypes.data
        column.stride = values.strides[0] or values.itemsize
        column.name = None if name is None else str(name).encode()
        column.kind = kind.encode() if kind else None
        self._kept.append(values)
        if missing is not None and missing.any():
            bits = np.packbits(~missing, bitorder="little")
            column.validity = bits.ctypes.data
            self._kept.append(bits)
        if levels is not None:
            texts = (ctypes.c_char_p * max(len(levels), 1))(*[t.encode() for t in levels])
            column.levels = ctypes.addressof(texts)
            column.level_count = len(levels)
            self._kept.append(texts)
        self._columns.append(column)

    def open(self, context):
        """The data set."""
        array = (c.nq_column * len(self._columns))(*self._columns)
        out = ctypes.c_void_p()
        context.check(lib.nq_dataset_from_columns(ctypes.byref(out), context.pointer, array,
                                                  len(array), self._rows))
        return Rows(out, self._kept)


def table_of(rows, types=None, read=None):
    """The adapter for what a user hands over."""
    if isinstance(rows, (str, os.PathLike)):
        return FileTable(rows, {**(read or {}), "types": _types_text(types)})
    if hasattr(rows, "iloc") and hasattr(rows, "columns") and hasattr(rows, "dtypes"):
        return PandasTable(rows, types)
    if not isinstance(rows, np.ndarray) and _arrow.is_arrow(rows):
        if types:
            raise ArgumentError("types: what a column of an Arrow table is cannot be told, but "
                                "for a file, an array or a pandas frame; cast the column instead")
        return ArrowTable(rows)
    if hasattr(rows, "columns") and hasattr(rows, "to_numpy"):
        raise TypeError(f"rows are a {type(rows).__module__}.{type(rows).__name__} without the Arrow "
                        "PyCapsule interface (__arrow_c_stream__), which newer versions of its "
                        "library have")
    return ArrayTable(rows, types)


def _types_text(types):
    """{"zip": "category"} as the library's text."""
    if types is None or isinstance(types, str):
        return types
    return ",".join(f"{_quoted(name)}={kind}" for name, kind in types.items())


def _quoted(name):
    name = str(name)
    return '"' + name.replace('"', '""') + '"' if "," in name or "=" in name else name


def _types_of(types):
    if isinstance(types, str):
        pairs = (part.rpartition("=") for part in types.split(",") if part)
        return {name.strip(): kind.strip() for name, _, kind in pairs}
    return {str(name): kind for name, kind in (types or {}).items()}


class FileTable:
    """A data file, read by the library."""

    def __init__(self, path, read):
        self.path, self._read = os.fspath(path), read

    def open(self, context, for_model=False):
        """The file as a data set."""
        read = {name: _read_text(value) for name, value in self._read.items()}
        chosen = options(c.nq_read_options, for_model=int(for_model))
        for field in ("columns", "drop", "types"):
            setattr(chosen, field, read.pop(field, None))
        for field, value in read.items():
            if value is not None:
                setattr(chosen, field, value)
        out = ctypes.c_void_p()
        context.check(lib.nq_dataset_open_with(ctypes.byref(out), context.pointer,
                                               os.fsencode(self.path), ctypes.byref(chosen)))
        return Rows(out)

    layout = None

    def filled(self, values, dataset):
        """What was filled, as a table of the interface."""
        del values
        return dataset()


def _read_text(value):
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        value = ",".join(_quoted(part) for part in value)
    return None if value is None else str(value).encode()


class ArrayTable:
    """A two-dimensional array: columns are real numbers, or bits, as those of a .npy file."""

    def __init__(self, rows, types):
        if hasattr(rows, "toarray"):
            raise TypeError("rows are sparse, and must be dense: call .toarray()")
        self.array = np.asarray(rows)
        if self.array.ndim != 2:
            raise ShapeError(
                f"Expected 2D array, got {'scalar' if not self.array.ndim else f'{self.array.ndim}D'}"
                " array instead. Reshape your data: rows must be an array [rows, columns].")
        if self.array.dtype.kind not in "fiubO":
            if self.array.dtype.kind == "c":
                raise FormatError("Complex data not supported: take their parts as columns")
            if self.array.dtype.kind not in "US":
                raise FormatError(f"rows are of type {self.array.dtype}; expected numbers or texts")
            self.array = self.array.astype(object)
        rows_, columns = self.array.shape
        if not rows_ or not columns:
            raise ShapeError(f"Found array with {rows_} sample(s) (shape={self.array.shape}) while "
                             f"a minimum of 1 is required; 0 feature(s) (shape={self.array.shape}) "
                             "while a minimum of 1 is required." if not columns else
                             f"Found array with 0 sample(s) (shape={self.array.shape}) while a "
                             "minimum of 1 is required.")
        self._types, self.count = _types_of(types), rows_
        self.layout = ArrayLayout(self.array.dtype.str if self.array.dtype.kind != "O" else "O")

    def open(self, context, for_model=False):
        """Numbers are borrowed."""
        del for_model
        columns = _Columns(len(self.array))
        for i in range(self.array.shape[1]):
            kind = self._types.get(str(i))
            if self.array.dtype.kind == "O":
                values, missing, levels, date = _of_objects(self.array[:, i], f"column {i}")
                columns.add(values, missing=missing, levels=levels, date=date, kind=kind)
            else:
                columns.add(self.array[:, i], kind=kind or "real")
        return columns.open(context)

    def filled(self, values, dataset):
        """The array, with what was missing filled."""
        if self.array.dtype.kind == "O":
            with_texts = self.layout.back(values, dataset)
            gaps = np.array([[_is_gap(cell) for cell in row] for row in self.array], bool)
            return np.where(gaps, with_texts, self.array)
        if self.array.dtype.kind == "f":
            return np.where(np.isnan(self.array), values, self.array).astype(self.array.dtype)
        return self.array.copy()


class ArrayLayout:
    """Rows come back as an array of the type that was fitted."""

    def __init__(self, dtype):
        self.dtype = dtype

    def back(self, values, dataset):
        """values[rows, columns] as an array."""
        if self.dtype == "O":
            return np.column_stack([_objects(column) for column in dataset().read()])
        kind = np.dtype(self.dtype)
        if kind.kind == "f" or np.isnan(values).any():
            return values.astype(kind) if kind.kind == "f" else values
        return np.rint(values).astype(kind) if kind.kind in "iub" else values


class PandasTable:
    """A pandas frame, read by columns, so that it needs no library of Arrow."""

    def __init__(self, frame, types):
        self.frame, self._types, self.count = frame, _types_of(types), len(frame)
        if not len(frame) or not frame.shape[1]:
            raise ShapeError(f"Found array with {frame.shape[0]} sample(s) (shape={frame.shape}) "
                             "while a minimum of 1 is required.")
        self.layout = PandasLayout(list(frame.columns), list(frame.dtypes), frame.index.name)

    def open(self, context, for_model=False):
        """Plain numbers are borrowed."""
        del for_model
        columns = _Columns(len(self.frame))
        for i, name in enumerate(self.frame.columns):
            series = self.frame.iloc[:, i]
            values, missing, levels, date, kind = _of_series(series, name)
            columns.add(values, name=name, missing=missing, levels=levels, date=date,
                        kind=self._types.get(str(name), kind))
        return columns.open(context)

    def filled(self, values, dataset):
        """The frame, with what was missing filled."""
        del values
        out = self.frame.copy()
        names = {str(name): name for name in self.frame.columns}
        for column in dataset().read():
            series = self.frame[names[column.name]]
            gaps = series.isna()
            if gaps.any():
                filled = _as_dtype(column, series.dtype, series.index)
                out[names[column.name]] = series.where(~gaps, filled)
        return out


class PandasLayout:
    """Rows come back as a frame of the dtypes that were fitted."""

    def __init__(self, names, dtypes, index_name):
        self.names, self.dtypes, self.index_name = names, dtypes, index_name

    def back(self, values, dataset, index=None):
        """A frame of the model's columns, in the order of the frame that was fitted."""
        del values
        pandas = _loaded("pandas")
        found = {column.name: column for column in dataset().read()}
        if index is None:
            index = pandas.RangeIndex(len(next(iter(found.values())).values))
        return pandas.DataFrame(
            {name: _as_dtype(found[str(name)], dtype, index)
             for name, dtype in zip(self.names, self.dtypes) if str(name) in found}, index=index)


def _loaded(name):
    """A library that made the table, and so is there; else it is imported."""
    if name not in sys.modules:
        __import__(name)
    return sys.modules[name]


def _is_gap(cell):
    return cell is None or (isinstance(cell, (float, np.floating)) and np.isnan(cell)) or \
        type(cell).__name__ in ("NAType", "NaTType")


def _of_objects(cells, where):
    """values, missing, levels, date of Python objects: texts, or numbers, or days."""
    missing = np.fromiter((_is_gap(cell) for cell in cells), bool, len(cells))
    present = cells[~missing]
    if all(isinstance(cell, str) for cell in present):
        codes, levels = {}, np.zeros(len(cells), "i4")
        for i in np.flatnonzero(~missing):
            levels[i] = codes.setdefault(cells[i], len(codes))
        return levels, missing, list(codes), c.NQ_DATE_NONE
    out = np.zeros(len(cells))
    if all(hasattr(cell, "toordinal") and not hasattr(cell, "hour") for cell in present):
        out[~missing] = [cell.toordinal() - 719163 for cell in present]
        return out, missing, None, c.NQ_DATE_DAYS
    try:
        out[~missing] = [float(cell) for cell in present]
    except (TypeError, ValueError) as error:
        odd = next(cell for cell in present if not isinstance(cell, (int, float, np.number)))
        raise TypeError(f"{where}: argument must be a string or a number; there are objects of "
                        f"type {type(odd).__name__} beside others: {odd!r}") from error
    return out, missing, None, c.NQ_DATE_NONE


def _of_dates(stamps, is_utc):
    """datetime64 as days, or as seconds."""
    missing = np.isnat(stamps)
    days = stamps.astype("datetime64[D]")
    if not is_utc and (days.astype(stamps.dtype) == stamps)[~missing].all():
        return np.where(missing, 0, days.astype("i8")), missing, c.NQ_DATE_DAYS
    micro = stamps.astype("datetime64[us]")
    if (micro.astype(stamps.dtype) != stamps)[~missing].any():
        raise FormatError("times are finer than microseconds; round them: .dt.round('us')")
    seconds = np.where(missing, 0, micro.astype("i8")) / 1e6
    return seconds, missing, c.NQ_DATE_SECONDS_UTC if is_utc else c.NQ_DATE_SECONDS


def _of_series(series, name):
    """values, missing, levels, date, kind of a column of a frame."""
    dtype = series.dtype
    if hasattr(dtype, "categories") and hasattr(series, "cat"):
        codes, categories = np.asarray(series.cat.codes), np.asarray(dtype.categories, object)
        missing = codes < 0
        if all(isinstance(text, str) for text in categories):
            return codes, missing, list(categories), c.NQ_DATE_NONE, None
        try:
            numbers = categories.astype("f8")
        except (TypeError, ValueError) as error:
            raise TypeError(f"column {name!r} has categories that are neither texts nor numbers; "
                            "convert it with .astype(str)") from error
        return (numbers[codes] if len(numbers) else np.zeros(len(codes)), missing, None,
                c.NQ_DATE_NONE, "category")
    kind = getattr(dtype, "kind", "O")
    if kind in "fiub":
        if isinstance(dtype, np.dtype):
            return series.to_numpy(), None, None, c.NQ_DATE_NONE, None
        missing = np.asarray(series.isna())
        plain = {"f": "f8", "b": "?"}.get(kind, f"{kind}8")
        values = series.to_numpy(dtype=plain, na_value=0)
        return values, missing, None, c.NQ_DATE_NONE, None
    if kind == "M":
        zone = getattr(dtype, "tz", None)
        if zone is not None:
            series = series.dt.tz_convert("UTC").dt.tz_localize(None)
        values, missing, date = _of_dates(series.to_numpy("datetime64[us]") if not
                                          isinstance(series.dtype, np.dtype) else
                                          series.to_numpy(), zone is not None)
        return values, missing, None, date, None
    if kind in "mc":
        raise TypeError(f"column {name!r} is of dtype {dtype}; expected numbers, texts, categories "
                        "or dates: convert it, such as a duration to its seconds")
    return (*_of_objects(series.to_numpy(dtype=object), f"column {name!r}"), None)


def _objects(column):
    """Values of a column as Python objects: texts, numbers, datetime64; None is a gap."""
    if column.levels is not None:
        texts = np.append(column.levels, [None])
        return texts[np.where(column.missing, len(column.levels), column.values)]
    out = column.values.astype(object)
    out[column.missing] = None
    return out


def _as_dtype(column, dtype, index):
    """A column of the library as a pandas series of a dtype."""
    pandas = _loaded("pandas")
    kind = getattr(dtype, "kind", "O")
    has_gaps = bool(column.missing.any())
    if column.levels is not None:
        return pandas.Series(_objects(column), index=index, dtype=object).astype(dtype)
    values = column.values
    if values.dtype.kind == "M":
        values = values.copy()
        if values.dtype == np.dtype("datetime64[D]"):
            values = values.astype("datetime64[s]")
        values[column.missing] = np.datetime64("NaT")
        if kind == "M":
            series = pandas.Series(values, index=index)
            if getattr(dtype, "tz", None) is not None:
                return series.dt.tz_localize("UTC").dt.tz_convert(dtype.tz).astype(dtype)
            return series.astype(dtype)
        days = values.astype("datetime64[D]").astype(object)
        days[column.missing] = None
        return pandas.Series(days, index=index, dtype=object).astype(dtype)
    if hasattr(dtype, "categories"):
        numbers = values.astype(np.asarray(dtype.categories).dtype, copy=False)
        return pandas.Series(pandas.Categorical(
            np.where(column.missing, None, numbers.astype(object)), dtype=dtype), index=index)
    if has_gaps:
        if kind == "f" and isinstance(dtype, np.dtype):
            return pandas.Series(np.where(column.missing, np.nan, values), index=index, dtype=dtype)
        if isinstance(dtype, np.dtype) and kind in "iub":
            return pandas.Series(np.where(column.missing, np.nan, values), index=index)
        series = pandas.Series(np.where(column.missing, 0, values), index=index)
        series = (np.rint(series) if kind in "iub" else series).astype(dtype)
        series[column.missing] = pandas.NA
        return series
    if kind in "iub":
        values = np.rint(values)
        values = values.astype(bool) if kind == "b" else values.astype("i8")
    return pandas.Series(values, index=index).astype(dtype)


class ArrowTable:
    """Whatever has the Arrow PyCapsule interface: polars, pyarrow, ..."""

    def __init__(self, table):
        self.table = table
        self.layout = ArrowLayout(type(table).__module__.split(".", maxsplit=1)[0],
                                  type(table).__name__)
        if self.layout.module == "polars":
            self.layout.dtypes = dict(table.schema)

    def open(self, context, for_model=False):
        """Numbers of a table of one chunk are borrowed."""
        del for_model
        pointer, fields = _arrow.dataset(context, self.table)
        rows = Rows(pointer, [self.table])
        self.layout.fields = fields
        if any(field.values is not None for field in fields):
            self.layout.levels = rows.levels(context)
        return rows

    def filled(self, values, dataset):
        """The table, with the columns that had gaps filled."""
        del values
        return self.layout.put(self.table, dataset())


class ArrowLayout:
    """Rows come back as a table of the library that made the one that was fitted."""

    def __init__(self, module, name):
        self.module, self.name, self.fields, self.levels = module, name, (), {}
        self.dtypes = {}  # of polars, which has some that Arrow has not, such as Enum

    def texts(self, context):
        """One row whose columns have the dictionaries of the table; None: it has none."""
        if not self.levels:
            return None
        columns = _Columns(1)
        for name, levels in self.levels.items():
            columns.add(np.zeros(1, "i4"), name=name, levels=levels)
        return columns.open(context)

    def back(self, values, dataset):
        """A table of the model's columns."""
        del values
        return self.built(dataset(self))

    def built(self, table):
        """By the library's own constructor."""
        library = _loaded(self.module) if self.module in sys.modules else None
        if library is None:
            return table
        if self.module == "pyarrow":
            if self.name == "RecordBatch":
                return library.record_batch(table)
            return library.table(table)
        maker = getattr(library, self.name, None)
        if maker is None:
            return table
        made = maker(table)
        other = {name: dtype for name, dtype in self.dtypes.items()
                 if name in made.columns and made.schema[name] != dtype}
        return made.cast(other) if other else made

    def put(self, rows, filled):
        """`rows` with the columns of `filled` in their places."""
        made = self.built(filled)
        if made is filled:
            return filled
        names = filled.columns
        if hasattr(rows, "with_columns"):
            return rows.with_columns([made[name].cast(rows.schema[name]) for name in names])
        for name in names:
            field = rows.schema.field(name)
            rows = rows.set_column(rows.schema.get_field_index(name), field,
                                   made.column(name).cast(field.type))
        return rows
