"""_tables.py - rows of numpy, pandas, Arrow or a file as a data set, and rows back in that form.

Every kind of table is a class with
    names, width         of its columns; names is None where there are none
    open(context)        a Rows: the data set of the library
    filled(...)          its rows with what was missing filled
    layout               what came, which is pickled with the estimator; layout.back(...) has rows
                         of the model in the form of the table that was fitted
"""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import ctypes
import importlib
import os
import sys

import numpy as np

from . import _arrow
from . import _declared as c
from ._arguments import whole
from ._columns import Cells, Columns, Rows, cells_of_objects, is_gap
from ._library import lib, options
from ._pandas import PandasTable
from .errors import ArgumentError, FormatError, ShapeError


def table_of(rows, types=None, read=None):
    """The adapter for what a user hands over. types, read: options of an estimator, which are
    refused where they would do nothing."""
    if isinstance(rows, (str, os.PathLike)):
        return FileTable(rows, {**(read or {}), "types": _types_text(types)})
    idle = next((name for name, value in (read or {}).items() if value is not None), None)
    if idle is not None:
        raise ArgumentError(f"{idle} is for data files; of rows in memory make what is to be used")
    if hasattr(rows, "iloc") and hasattr(rows, "columns") and hasattr(rows, "dtypes"):
        return _told(PandasTable(rows, _types_of(types)), types)
    if not isinstance(rows, np.ndarray) and _arrow.is_arrow(rows):
        if types:
            raise ArgumentError("types: what a column of an Arrow table is cannot be told, but "
                                "for a file, an array or a pandas frame; cast the column instead")
        return ArrowTable(rows)
    if hasattr(rows, "columns") and hasattr(rows, "to_numpy"):
        raise TypeError(f"rows are a {type(rows).__module__}.{type(rows).__name__} without the "
                        "Arrow PyCapsule interface (__arrow_c_stream__), which newer versions of "
                        "its library have")
    return _told(ArrayTable(rows, _types_of(types)), types)


def _told(table, types):
    """types names columns that are there."""
    names = table.names or [str(i) for i in range(table.width)]
    for name in _types_of(types):
        if name not in names:
            raise ArgumentError(f"types: there is no column {name!r}; there are "
                                f"{', '.join(names[:20])}{', ...' if len(names) > 20 else ''}")
    return table


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

    names = width = count = layout = None

    def __init__(self, path, read):
        self.path, self._read = os.fspath(path), read

    def open(self, context, for_model=False):
        """The file as a data set."""
        chosen = options(c.nq_read_options, for_model=int(for_model))
        for field, value in self._read.items():
            if value is not None:
                is_number = isinstance(getattr(chosen, field), int)
                setattr(chosen, field, whole(value, field) if is_number else _read_text(value))
        out = ctypes.c_void_p()
        context.check(lib.nq_dataset_open_with(ctypes.byref(out), context.pointer,
                                               os.fsencode(self.path), ctypes.byref(chosen)))
        return Rows(out)

    def filled(self, values, dataset):
        """What was filled, as a table of the interface."""
        del values
        return dataset()


def _read_text(value):
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        value = ",".join(_quoted(part) for part in value)
    return str(value).encode()


class ArrayTable:
    """A two-dimensional array: columns are real numbers, or bits, as those of a .npy file."""

    def __init__(self, rows, types):
        if hasattr(rows, "toarray"):
            raise TypeError("rows are sparse, and must be dense: call .toarray()")
        self.array, self._types = _array_of(rows), types
        self.count, self.width = self.array.shape
        self._is_objects = self.array.dtype.kind == "O"
        # Columns of objects are those of a table, some of which no model takes: names tell which.
        self.names = [f"x{i}" for i in range(self.width)] if self._is_objects else None
        self.layout = ArrayLayout("O" if self._is_objects else self.array.dtype.str)

    def open(self, context, for_model=False):
        """Numbers are borrowed."""
        del for_model
        columns = Columns(self.count)
        for i in range(self.width):
            cells = cells_of_objects(self.array[:, i], f"column {i}") if self._is_objects \
                else Cells(self.array[:, i], kind="real")
            name = self.names[i] if self.names else None
            columns.add(cells, name, self._types.get(name or str(i)))
        return columns.open(context)

    def filled(self, values, dataset):
        """The array, with what was missing filled."""
        if self._is_objects:
            gaps = np.array([[is_gap(cell) for cell in row] for row in self.array], bool)
            out = self.array.copy()
            for column in dataset().read():
                i = self.names.index(column.name)
                out[gaps[:, i], i] = column.objects()[gaps[:, i]]
            return out
        if self.array.dtype.kind == "f":
            return np.where(np.isnan(self.array), values, self.array).astype(self.array.dtype)
        return self.array.copy()


def _array_of(rows):
    """As an array [rows, columns] of numbers, or of objects."""
    array = np.asarray(rows)
    if array.ndim != 2:
        shape = f"{array.ndim}D" if array.ndim else "scalar"
        raise ShapeError(f"Expected 2D array, got {shape} array instead. Reshape your data: rows "
                         "must be an array [rows, columns].")
    if array.dtype.kind == "c":
        raise FormatError("Complex data not supported: take their parts as columns")
    if array.dtype.kind not in "fiubOUS":
        raise FormatError(f"rows are of type {array.dtype}; expected numbers or texts")
    for count, what in zip(array.shape, ("sample", "feature")):
        if not count:
            raise ShapeError(f"Found array with 0 {what}(s) (shape={array.shape}) while a minimum "
                             "of 1 is required.")
    return array.astype(object) if array.dtype.kind in "US" else array


class ArrayLayout:
    """Rows come back as an array of the type that was fitted."""

    def __init__(self, dtype):
        self.dtype = dtype

    def back(self, values, dataset):
        """values[rows, columns] as an array."""
        if self.dtype == "O":
            return np.column_stack([column.objects() for column in dataset().read()])
        kind = np.dtype(self.dtype)
        if kind.kind == "f":
            return values.astype(kind)
        return values if np.isnan(values).any() else np.rint(values).astype(kind)


class ArrowTable:
    """Whatever has the Arrow PyCapsule interface: polars, pyarrow, ..."""

    count = names = width = None  # known when it was read

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
        self.names, self.width = rows.names(), rows.width
        self.layout.fields = fields
        if any(field.values is not None for field in fields):
            self.layout.levels = rows.levels(context)
        return rows

    def filled(self, values, dataset):
        """The table, with what was missing filled."""
        del values
        return self.layout.put(self.table, dataset(self.layout))


class ArrowLayout:
    """Rows come back as a table of the library that made the one that was fitted."""

    def __init__(self, module, name):
        self.module, self.name, self.fields, self.levels = module, name, (), {}
        self.dtypes = {}  # of polars, which has some that Arrow has not, such as Enum

    def texts(self, context):
        """One row whose columns have the dictionaries of the table; None: it has none."""
        if not self.levels:
            return None
        columns = Columns(1)
        for name, levels in self.levels.items():
            columns.add(Cells(np.zeros(1, "i4"), levels=levels), name)
        return columns.open(context)

    def back(self, values, dataset):
        """A table of the model's columns."""
        del values
        return self._built(dataset(self))

    def _built(self, table):
        """By the library's own constructor."""
        library = sys.modules.get(self.module)
        if self.module == "pyarrow" and library:
            return library.record_batch(table) if self.name == "RecordBatch" \
                else library.table(table)
        maker = getattr(library, self.name, None)
        if maker is None:
            return table
        made = maker(table)
        other = {name: dtype for name, dtype in self.dtypes.items()
                 if name in made.columns and made.schema[name] != dtype}
        return made.cast(other) if other else made

    def put(self, rows, filled):
        """`rows` with cells of `filled` where they have none."""
        made = self._built(filled)
        if made is filled:
            return filled
        for name in filled.columns:
            if hasattr(rows, "with_columns"):
                rows = _polars_put(rows, name, made[name].cast(rows.schema[name]))
            else:
                rows = _pyarrow_put(rows, name, made.column(name))
        return rows


def _polars_put(rows, name, filled):
    known = rows[name].is_not_null()
    if rows.schema[name].is_float():
        known = known & rows[name].is_not_nan()
    return rows if known.all() else rows.with_columns(rows[name].zip_with(known, filled))


def _pyarrow_put(rows, name, filled):
    compute = importlib.import_module("pyarrow.compute")
    place = rows.schema.get_field_index(name)
    column, field = rows.column(place), rows.schema.field(place)
    gaps = column.is_null(nan_is_null=True)
    if not compute.any(gaps).as_py():
        return rows
    filled = filled.cast(field.type)
    if not hasattr(field.type, "value_type"):  # levels of dictionaries are the same texts
        filled = compute.if_else(gaps, filled, column)
    return rows.set_column(place, field, filled)
