"""errors.py - what goes wrong, as exceptions with the library's own sentence."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

from . import _declared as c


class NoneqError(Exception):
    """A call of the library failed. `status` is its number (nq_status)."""

    status = 0


class ArgumentError(NoneqError, ValueError):
    """An argument or option has no meaning."""


class FileError(NoneqError, OSError):
    """The operating system refused a file operation."""

    def __str__(self):
        return str(self.args[0]) if self.args else ""


class FormatError(NoneqError, ValueError):
    """What a file or a table holds is not what it must be."""


class ShapeError(NoneqError, ValueError):
    """Data and model do not fit together."""


class DivergedError(NoneqError, ArithmeticError):
    """A number that must be finite is not."""


class UnsupportedError(NoneqError, ValueError):
    """Valid, but nothing here computes it."""


class ThreadError(NoneqError, RuntimeError):
    """A thread could not be started."""


class StoppedError(NoneqError, RuntimeError):
    """A progress function stopped the call; nothing was left behind."""


class OutOfMemoryError(NoneqError, MemoryError):
    """Out of memory."""


class NotFittedError(NoneqError, ValueError, AttributeError):
    """The model was not fitted yet."""


class NoneqWarning(UserWarning):
    """What whoever reads a result should know."""


_BY_STATUS = {
    c.NQ_ERROR_MEMORY: OutOfMemoryError,
    c.NQ_ERROR_ARGUMENT: ArgumentError,
    c.NQ_ERROR_FILE: FileError,
    c.NQ_ERROR_FORMAT: FormatError,
    c.NQ_ERROR_SHAPE: ShapeError,
    c.NQ_ERROR_DIVERGED: DivergedError,
    c.NQ_ERROR_UNSUPPORTED: UnsupportedError,
    c.NQ_ERROR_THREAD: ThreadError,
    c.NQ_ERROR_STOPPED: StoppedError,
}


def error_of(status, sentence):
    """The exception for a status, to be raised."""
    error = _BY_STATUS.get(status, NoneqError)(sentence)
    error.status = status
    return error
