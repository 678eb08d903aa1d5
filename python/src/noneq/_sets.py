"""_sets.py - built-in data sets and named configurations."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import ctypes

from . import _declared as c
from ._columns import Rows
from ._library import Context, lib, listed, options


def make_data(name, n=1000, *, dim=None, noise=None, random_state=1):
    """Rows of a built-in set: "swissroll", "heartbeat", "gaussian", "mixture", "deadleaves".

    [n, columns] of float64; row i depends on random_state and i alone.
    """
    chosen = options(c.nq_generate_options, rows=n, dim=dim, noise=noise, seed=random_state)
    out = ctypes.c_void_p()
    with Context(1) as context:
        context.check(lib.nq_dataset_generate(ctypes.byref(out), context.pointer, name.encode(),
                                              ctypes.byref(chosen)))
    with Rows(out) as rows:
        return rows.numpy()


def presets():
    """{name: what it is} of the configurations that Diffusion(preset=...) takes."""
    return listed(c.NQ_LIST_PRESETS)
