"""_arguments.py - what keywords of calls may be, and arrays of the library as those of numpy."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import ctypes
import operator

import numpy as np

from .errors import ArgumentError


def whole(value, name, least=0):
    """A whole number, or None."""
    if value is None:
        return None
    try:
        value = operator.index(value)
    except TypeError:
        raise ArgumentError(f"{name} is {value!r}; expected a whole number") from None
    if value < least:
        raise ArgumentError(f"{name} is {value}; expected {least} or more")
    return value


def seed_of(random_state):
    """A seed of the library: None is 1; a generator of numpy gives its next number."""
    if random_state is None:
        return 1
    if hasattr(random_state, "randint"):
        return int(random_state.randint(1, 2**31 - 1))
    if hasattr(random_state, "integers"):
        return int(random_state.integers(1, 2**31 - 1))
    return whole(random_state, "random_state")


def listed(columns):
    """Columns by name, as the library's text."""
    if columns is None or isinstance(columns, str):
        return columns
    return ",".join(str(name) for name in columns)


def copied(address, shape):
    """Numbers of the library, which frees them; NaN where there are none."""
    count = int(np.prod(shape))
    if not address or not count:
        return np.full(shape, np.nan)
    return np.frombuffer((ctypes.c_double * count).from_address(address)).reshape(shape).copy()
