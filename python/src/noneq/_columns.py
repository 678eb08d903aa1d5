"""_columns.py - data sets of the library made of columns that lie in numpy arrays, and read back."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import ctypes

import numpy as np

from . import _arrow
from . import _declared as c
from ._library import lib
from .errors import FormatError

_ELEMENTS = {"f8": c.NQ_FLOAT64, "f4": c.NQ_FLOAT32, "f2": c.NQ_FLOAT16, "i1": c.NQ_INT8,
             "u1": c.NQ_UINT8, "i2": c.NQ_INT16, "u2": c.NQ_UINT16, "i4": c.NQ_INT32,
             "u4": c.NQ_UINT32, "i8": c.NQ_INT64, "u8": c.NQ_UINT64, "b1": c.NQ_BOOL}
_EPOCH = 719163  # 1970-01-01 as Python counts days


class Rows:
    """A data set of the library and what it borrows; freed at the end of `with`."""

    def __init__(self, pointer=None, kept=()):
        self.pointer, self._kept = pointer or ctypes.c_void_p(), kept

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

    def __len__(self):
        return lib.nq_dataset_rows(self.pointer)

    @property
    def width(self):
        """How many columns it has."""
        return lib.nq_dataset_dim(self.pointer)

    def view(self, context, make, *arguments):
        """make(&out, context, this, ...): another set that looks at these rows."""
        out = ctypes.c_void_p()
        context.check(make(ctypes.byref(out), context.pointer, self.pointer, *arguments))
        return Rows(out, [self])

    def for_training(self, context):
        """Without the columns that no model is made of, such as names and ids."""
        return self.view(context, lib.nq_dataset_for_training)

    def levels(self, context):
        """{column: texts} in the order of the set."""
        with self.view(context, lib.nq_dataset_slice, 0, 1) as first:
            return {column.name: list(column.levels)
                    for column in _arrow.columns_of(context, first.pointer)
                    if column.levels is not None and len(column.levels)}

    def notes(self):
        """What was decided about columns."""
        count = lib.nq_dataset_note_count(self.pointer)
        return [lib.nq_dataset_note(self.pointer, i).decode() for i in range(count)]

    def names(self):
        """Names of the columns; None where one has none."""
        names = [lib.nq_dataset_column_name(self.pointer, i) for i in range(self.width)]
        return None if None in names else [name.decode() for name in names]

    def numpy(self):
        """[rows, columns] of float64: dates as numbers, texts as the codes of their levels."""
        out = np.empty((len(self), self.width))
        for i, row in enumerate(out):
            lib.nq_dataset_row(row.ctypes.data, self.pointer, i)
        return out

    def source(self):
        """nq_source of these rows."""
        return c.nq_source(size=ctypes.sizeof(c.nq_source), data=self.pointer)


class Cells:
    """The cells of a column as the library takes them: numbers, perhaps with what they count.

    missing[rows]: True is a gap; levels: texts that 0, 1, 2, ... stand for; date: nq_date; kind:
    what the column is, where that is not to be found.
    """

    def __init__(self, values, *, missing=None, levels=None, date=c.NQ_DATE_NONE, kind=None):
        self.values, self.missing, self.levels = values, missing, levels
        self.date, self.kind = date, kind


class Columns:
    """nq_column[] that is filled one by one."""

    def __init__(self, rows):
        self._rows, self._columns, self._kept = rows, [], []

    def add(self, cells, name=None, kind=None):
        """Numbers are borrowed where that can be. kind: wins over that of the cells."""
        values = np.asarray(cells.values)
        if values.dtype.str[1:] not in _ELEMENTS or not values.dtype.isnative:
            values = values.astype("f8")
        if (not values.flags.aligned or values.strides[0] % values.itemsize
                or values.strides[0] == 0 and len(values) > 1):
            values = values.copy()
        column = c.nq_column(size=ctypes.sizeof(c.nq_column), date=cells.date,
                             element=_ELEMENTS[values.dtype.str[1:]])
        column.start = values.ctypes.data
        column.stride = values.strides[0] or values.itemsize
        column.name = None if name is None else _text(name)
        kind = kind or cells.kind
        column.kind = kind.encode() if kind else None
        self._kept.append(values)
        if cells.missing is not None and cells.missing.any():
            bits = np.packbits(~cells.missing, bitorder="little")
            column.validity = bits.ctypes.data
            self._kept.append(bits)
        if cells.levels is not None:
            texts = (ctypes.c_char_p * max(len(cells.levels), 1))(*map(_text, cells.levels))
            column.levels = ctypes.addressof(texts)
            column.level_count = len(cells.levels)
            self._kept.append(texts)
        self._columns.append(column)

    def open(self, context):
        """The data set."""
        array = (c.nq_column * len(self._columns))(*self._columns)
        out = ctypes.c_void_p()
        context.check(lib.nq_dataset_from_columns(ctypes.byref(out), context.pointer, array,
                                                  len(array), self._rows))
        return Rows(out, self._kept)


def _text(text):
    """UTF-8, which ends at a zero."""
    out = str(text).encode()
    if b"\0" in out:
        raise FormatError(f"the text {str(text)!r} has a zero character, at which it would end")
    return out


def is_gap(cell):
    """None, NaN, NA and NaT."""
    return cell is None or (isinstance(cell, (float, np.floating)) and np.isnan(cell)) or \
        type(cell).__name__ in ("NAType", "NaTType")


def _is_whole(cell):
    return isinstance(cell, (int, np.integer)) and not isinstance(cell, (bool, np.bool_))


def cells_of_objects(cells, where):
    """Cells of Python objects, which are all texts, all numbers, or all days."""
    missing = np.fromiter((is_gap(cell) for cell in cells), bool, len(cells))
    present = cells[~missing]
    if all(isinstance(cell, str) for cell in present):
        codes, levels = {}, np.zeros(len(cells), "i4")
        for i in np.flatnonzero(~missing):
            levels[i] = codes.setdefault(cells[i], len(codes))
        return Cells(levels, missing=missing, levels=list(codes))
    if all(hasattr(cell, "toordinal") and not hasattr(cell, "hour") for cell in present):
        out = np.zeros(len(cells), "i8")
        out[~missing] = [cell.toordinal() - _EPOCH for cell in present]
        return Cells(out, missing=missing, date=c.NQ_DATE_DAYS)
    try:
        # whole numbers stay whole: the library refuses those that float64 does not tell apart
        out = np.zeros(len(cells), "i8" if all(map(_is_whole, present)) else "f8")
        out[~missing] = [_number(cell) for cell in present]
    except (TypeError, ValueError) as error:
        kinds = sorted({type(cell).__name__ for cell in present})
        raise TypeError(f"{where}: argument must be a string or a number; its cells are objects of "
                        f"type {', '.join(kinds)}, and must all be texts, numbers or days") from error
    except OverflowError as error:
        raise FormatError(f"{where}: {error}; expected whole numbers below 2^53") from error
    return Cells(out, missing=missing)


def _number(cell):
    if isinstance(cell, (str, bytes)):
        raise TypeError
    return int(cell) if _is_whole(cell) else float(cell)
