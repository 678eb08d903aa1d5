"""_arrow.py - the Arrow C data interface by capsules: tables of other libraries in and out.

No library of Arrow is imported: whatever has __arrow_c_stream__ or __arrow_c_array__ is read, and
what comes out has them.
"""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import ctypes
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from . import _declared as c
from ._library import Context, lib

NULLABLE = 2  # of a schema's flags

_api = ctypes.pythonapi
_api.PyCapsule_GetPointer.restype = ctypes.c_void_p
_api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
_api.PyCapsule_New.restype = ctypes.py_object
_api.PyCapsule_New.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


def is_arrow(table):
    """Whether it speaks the interface."""
    return hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__")


def _at(capsule, name, kind):
    return kind.from_address(_api.PyCapsule_GetPointer(capsule, name))


def dataset(context, table):
    """A data set of the library with the table's rows, and the fields of its schema."""
    out = ctypes.c_void_p()
    if hasattr(table, "__arrow_c_stream__"):
        capsule = table.__arrow_c_stream__()
        stream = _at(capsule, b"arrow_array_stream", c.ArrowArrayStream)
        schema = c.ArrowSchema()
        if stream.get_schema(ctypes.byref(stream), ctypes.byref(schema)):
            fields = ()  # the library says what is wrong with it
        else:
            fields = fields_of(schema)
            schema.release(ctypes.byref(schema))
        context.check(lib.nq_dataset_from_arrow_stream(ctypes.byref(out), context.pointer,
                                                       ctypes.byref(stream)))
        return out, fields
    schema_capsule, array_capsule = table.__arrow_c_array__()
    schema = _at(schema_capsule, b"arrow_schema", c.ArrowSchema)
    array = _at(array_capsule, b"arrow_array", c.ArrowArray)
    context.check(lib.nq_dataset_from_arrow(ctypes.byref(out), context.pointer,
                                            ctypes.byref(array), ctypes.byref(schema)))
    return out, fields_of(schema)


@dataclass(frozen=True)
class Field:
    """What a schema says of a column."""

    name: str
    format: bytes
    flags: int
    values: Optional[bytes]  # format of a dictionary's values


def fields_of(schema):
    """Of a struct's children."""
    children = ctypes.cast(schema.children, ctypes.POINTER(ctypes.POINTER(c.ArrowSchema)))
    return tuple(_field(children[i].contents) for i in range(schema.n_children))


def _field(schema):
    values = schema.dictionary.contents.format if schema.dictionary else None
    return Field((schema.name or b"").decode(errors="replace"), schema.format, schema.flags, values)


# Of a schema that Python owns; one without a release counts as released.
_NEVER = dict(c.ArrowSchema._fields_)["release"](lambda schema: None)


class Like:
    """A schema of the interface that is made of fields; it owns what it points to."""

    def __init__(self, fields):
        self._kept = []
        children = [self._schema(field.format, field.name, field.flags, field.values)
                    for field in fields]
        pointers = (ctypes.POINTER(c.ArrowSchema) * len(children))(
            *[ctypes.pointer(child) for child in children])
        self._kept += [children, pointers]
        self.schema = self._schema(b"+s", "", 0, None)
        self.schema.n_children = len(children)
        self.schema.children = ctypes.addressof(pointers)
        self.schema.release = _NEVER

    def _schema(self, kind, name, flags, values):
        schema = c.ArrowSchema(format=kind, name=name.encode(), flags=flags, release=_NEVER)
        if values is not None:
            inner = c.ArrowSchema(format=values, flags=NULLABLE, release=_NEVER)
            schema.dictionary = ctypes.pointer(inner)
            self._kept.append(inner)
        return schema


_alive = {}  # structs that capsules hold, by address
_pointer_of = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", _api))


def _destructor(name):
    """Releases what a capsule of that name holds, unless it was moved away."""
    def destroy(capsule):
        struct = _alive.pop(_pointer_of(capsule, name), None)
        if struct is not None and struct.release:
            struct.release(ctypes.byref(struct))
    return ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(destroy)


_DESTRUCTORS = {name: _destructor(name)
                for name in (b"arrow_schema", b"arrow_array", b"arrow_array_stream")}


def _capsule(struct, name):
    _alive[ctypes.addressof(struct)] = struct
    return _api.PyCapsule_New(ctypes.addressof(struct), name,
                              ctypes.cast(_DESTRUCTORS[name], ctypes.c_void_p))


class Table:
    """Rows with the names and types of their columns, for any library that reads Arrow tables.

    `polars.DataFrame(table)`, `pyarrow.table(table)` and `pandas.DataFrame.from_arrow(table)` take
    it; `numpy()` has its numbers.
    """

    def __init__(self, rows, types=None):
        self._rows, self._types = rows, types

    def __len__(self):
        return len(self._rows)

    @property
    def columns(self):
        """Names of the columns."""
        return self._rows.names() or [f"x{i}" for i in range(self._rows.width)]

    def read(self):
        """Every column as a Column."""
        with Context(1) as context:
            return columns_of(context, self._rows.pointer)

    def numpy(self):
        """[rows, columns] of float64: dates as numbers, texts as the codes of their levels."""
        return self._rows.numpy()

    def _export(self, call, *out):
        """call(*out, context, data set, like, texts), with the types that are wanted."""
        like = Like(self._types.fields) if self._types and self._types.fields else None
        with Context(1) as context:
            texts = self._types.texts(context) if like else None
            context.check(call(*map(ctypes.byref, out), context.pointer, self._rows.pointer,
                               ctypes.byref(like.schema) if like else None,
                               texts.pointer if texts else None))

    def __arrow_c_array__(self, requested_schema=None):
        del requested_schema  # the interface lets it be a wish
        schema, array = c.ArrowSchema(), c.ArrowArray()
        self._export(lib.nq_dataset_to_arrow_like, array, schema)
        return _capsule(schema, b"arrow_schema"), _capsule(array, b"arrow_array")

    def __arrow_c_stream__(self, requested_schema=None):
        del requested_schema
        stream = c.ArrowArrayStream()
        self._export(lib.nq_dataset_to_arrow_stream, stream)
        return _capsule(stream, b"arrow_array_stream")


@dataclass
class Column:
    """A column of a data set in numpy arrays."""

    name: str
    values: np.ndarray  # numbers, indices of levels, or datetime64
    missing: np.ndarray  # [rows] of bool
    levels: Optional[np.ndarray]  # texts

    def objects(self):
        """Texts, numbers, datetime64; None is a gap."""
        if self.levels is not None:
            texts = np.append(self.levels, [None])
            return texts[np.where(self.missing, len(self.levels), self.values)]
        out = self.values.astype(object)
        out[self.missing] = None
        return out


def columns_of(context, pointer):
    """Every column of a data set, copied."""
    schema, array = c.ArrowSchema(), c.ArrowArray()
    context.check(lib.nq_dataset_to_arrow(ctypes.byref(array), ctypes.byref(schema),
                                          context.pointer, pointer))
    try:
        parts = ctypes.cast(array.children, ctypes.POINTER(ctypes.POINTER(c.ArrowArray)))
        kinds = ctypes.cast(schema.children, ctypes.POINTER(ctypes.POINTER(c.ArrowSchema)))
        return [_column(parts[i].contents, kinds[i].contents) for i in range(schema.n_children)]
    finally:
        array.release(ctypes.byref(array))
        schema.release(ctypes.byref(schema))


_TYPES = {b"l": "i8", b"g": "f8", b"i": "i4", b"tdD": "i4"}


def _buffers(array):
    found = ctypes.cast(array.buffers, ctypes.POINTER(ctypes.c_void_p))
    return [found[i] for i in range(array.n_buffers)]


def _copied(address, kind, count, first=0) -> Any:
    if not count or not address:
        return np.zeros(count, kind)
    size = np.dtype(kind).itemsize
    return np.frombuffer(ctypes.string_at(address + first * size, count * size), kind).copy()


def _texts(array) -> np.ndarray:
    """Of a column of utf8 with offsets of 32 bits."""
    _, offsets, letters = _buffers(array)
    ends = _copied(offsets, "i4", array.length + 1, array.offset)
    text = ctypes.string_at(letters, int(ends[-1])) if letters else b""
    out = np.empty(array.length, object)
    out[:] = [text[ends[i]:ends[i + 1]].decode() for i in range(array.length)]
    return out


def _column(array, schema) -> Column:
    kind = schema.format
    validity, values = _buffers(array)[:2]
    dtype = _TYPES.get(kind, "i8")
    numbers = _copied(values, dtype, array.length, array.offset)
    if validity:
        bits = _copied(validity, "u1", (array.offset + array.length + 7) // 8)
        missing = np.unpackbits(bits, bitorder="little")[array.offset:array.offset + array.length]
        missing = missing == 0
    else:
        missing = np.zeros(array.length, bool)
    levels = _texts(array.dictionary.contents) if schema.dictionary else None
    if kind == b"tdD":
        numbers = numbers.astype("datetime64[D]")
    elif kind.startswith(b"ts"):
        unit = {"s": "s", "m": "ms", "u": "us", "n": "ns"}[kind[2:3].decode()]
        numbers = numbers.astype(f"datetime64[{unit}]")
    return Column((schema.name or b"").decode(), numbers, missing, levels)

