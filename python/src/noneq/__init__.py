"""noneq - diffusion probabilistic models of tables: sample, score, impute, with numbers to trust.

    import noneq
    model = noneq.Diffusion().fit(frame)        # numpy, pandas, polars, Arrow, or a path
    model.sample(1000)                          # rows like those of frame
    model.sample(10, given={"age": (40, 50)})   # rows that meet conditions
    model.score_samples(rows)                   # log likelihood of each row, nats
    model.impute(rows_with_gaps)                # gaps filled by draws

Everything is computed by libnoneq; the program `noneq` reads and writes the same model files.
"""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

from . import errors, evidence
from ._arrow import Table
from ._library import lib as _lib
from ._sets import make_data, presets
from .diffusion import Diffusion
from .errors import NoneqError, NoneqWarning
from .imputer import DiffusionImputer

__version__ = _lib.nq_version().decode()
__all__ = ["Diffusion", "DiffusionImputer", "NoneqError", "NoneqWarning", "Table", "errors",
           "evidence", "make_data", "presets", "plot"]


def __getattr__(name):
    """noneq.plot needs matplotlib, and is imported when it is asked for."""
    if name == "plot":
        from importlib import import_module  # noqa: PLC0415
        return import_module(".plot", __name__)
    raise AttributeError(f"module 'noneq' has no attribute {name!r}")
