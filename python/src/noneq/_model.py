"""_model.py - a model of the library that Python owns: freed with it, pickled as its file."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import ctypes
import json
import os

from . import _declared as c
from ._library import Context, lib, owned_text


class Model:
    """Const while it is used, and so shared by threads."""

    def __init__(self, pointer):
        self.pointer = pointer

    def __del__(self):
        if getattr(self, "pointer", None):
            lib.nq_model_free(self.pointer)

    @classmethod
    def load(cls, path):
        """From a file."""
        out = ctypes.c_void_p()
        with Context(1) as context:
            context.check(lib.nq_model_load(ctypes.byref(out), context.pointer, os.fsencode(path)))
        return cls(out)

    def save(self, path):
        """To a file, whole or not at all."""
        with Context(1) as context:
            context.check(lib.nq_model_save(os.fsencode(path), context.pointer, self.pointer))

    def __getstate__(self):
        out, size = ctypes.c_void_p(), ctypes.c_size_t()
        with Context(1) as context:
            context.check(lib.nq_model_to_bytes(ctypes.byref(out), ctypes.byref(size),
                                                context.pointer, self.pointer))
        try:
            return ctypes.string_at(out, size.value)
        finally:
            lib.nq_bytes_free(out)

    def __setstate__(self, state):
        self.pointer = ctypes.c_void_p()
        with Context(1) as context:
            context.check(lib.nq_model_from_bytes(ctypes.byref(self.pointer), context.pointer,
                                                  state, len(state)))

    def describe(self):
        """What the file's metadata says."""
        out = ctypes.c_void_p()
        with Context(1) as context:
            context.check(lib.nq_model_describe(ctypes.byref(out), context.pointer, self.pointer))
        return json.loads(owned_text(out))

    @property
    def columns(self):
        """How many cells a row has."""
        return lib.nq_model_columns(self.pointer)

    def picture(self):
        """nq_picture; of no channels where rows are none."""
        out = c.nq_picture()
        lib.nq_model_picture(ctypes.byref(out), self.pointer)
        return out

    def names(self):
        """Names of the columns; None where they have none."""
        names = [lib.nq_model_column_name(self.pointer, i) for i in range(self.columns)]
        return None if None in names else [name.decode() for name in names]

    def record(self, key):
        """A value of the training record, or None."""
        text = lib.nq_model_record(self.pointer, key.encode())
        return None if text is None else text.decode()

    def rows(self, values):
        """values[rows, columns] with what the model knows of its columns, as a data set's address.
        """
        out = ctypes.c_void_p()
        with Context(1) as context:
            context.check(lib.nq_model_rows_to_dataset(
                ctypes.byref(out), context.pointer, self.pointer, values.ctypes.data, len(values)))
        return out

    @property
    def is_recorded(self):
        """Whether likelihoods are of rows as recorded."""
        return bool(lib.nq_model_is_recorded(self.pointer))

    @property
    def is_density(self):
        """Whether likelihoods are logs of a density."""
        return bool(lib.nq_model_is_density(self.pointer))
