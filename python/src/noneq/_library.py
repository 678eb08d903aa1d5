"""_library.py - loads libnoneq and calls it: a context for each call, watched, freed at its end."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import ctypes
import os
import signal
import sys
import threading
import warnings
from pathlib import Path

from . import _declared as c
from .errors import NoneqWarning, error_of


def _load():
    """libnoneq of this package, or the one that $NONEQ_LIBRARY names."""
    named = os.environ.get("NONEQ_LIBRARY")
    path = named or str(Path(__file__).with_name("libnoneq.so"))
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"libnoneq cannot be loaded from {path}: {error}") from error
    for name, (result, arguments) in c.FUNCTIONS.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


lib = _load()


def options(kind, **values):
    """A struct of options with its defaults; texts are encoded, None is left out."""
    out = kind()
    getattr(lib, f"{kind.__name__}_init")(ctypes.byref(out), ctypes.sizeof(out))
    for field, value in values.items():
        if value is None:
            continue
        if isinstance(value, (str, os.PathLike)):
            value = os.fsencode(value)
        setattr(out, field, value)
    return out


def settings(values):
    """nq_setting[] of {field: value} without those that are None, and the texts that it borrows."""
    texts = [(name.encode(), _as_text(value)) for name, value in values.items()
             if value is not None]
    return (c.nq_setting * len(texts))(*texts), len(texts)


def _as_text(value):
    if isinstance(value, bool):
        return b"1" if value else b"0"
    if isinstance(value, (list, tuple)):
        return ",".join(str(part) for part in value).encode()
    if isinstance(value, float):
        return repr(float(value)).encode()  # of numpy's own it would not be a number
    return os.fsencode(value) if isinstance(value, os.PathLike) else str(value).encode()


class Context:
    """A context of the library for one call at a time, with `with`.

    progress(what, part, done, total) is told how far the call is; log(level, text) what is said.
    Ctrl-C ends the call: it returns early, `interrupted` is set, and check raises
    KeyboardInterrupt. keep: it ends with what there is (nq_fit), else with nothing.
    """

    def __init__(self, threads=None, progress=None, log=None, keep=False):
        chosen = options(c.nq_context_options, threads=threads)
        self.pointer = ctypes.c_void_p()
        status = lib.nq_context_new(ctypes.byref(self.pointer), ctypes.byref(chosen))
        self.interrupted = False
        self.notes = []
        self._raised = None
        self._answer = c.NQ_FINISH if keep else c.NQ_STOP
        self._progress, self._log = progress, log
        self._old_handler = None
        if status:
            try:
                raise error_of(status, self.message())
            finally:
                self.close()
        monitor = c.nq_monitor(
            size=ctypes.sizeof(c.nq_monitor), least=c.NQ_LOG_INFO if log else c.NQ_LOG_NOTE)
        kinds = dict(c.nq_monitor._fields_)
        # They live as long as the context that calls them.
        self._functions = (kinds["progress"](self._told), kinds["log"](self._said))
        monitor.progress, monitor.log = self._functions
        lib.nq_context_watch(self.pointer, ctypes.byref(monitor))

    def _told(self, _user, progress):
        try:
            if self._progress and not self.interrupted and self._raised is None:
                state = progress.contents
                self._progress(state.what.decode(), state.part, state.done, state.total)
        except BaseException as error:  # pylint: disable=broad-except
            self._raised = error
        return self._answer if self.interrupted or self._raised is not None else c.NQ_GO_ON

    def _said(self, _user, level, text):
        try:
            line = text.decode(errors="replace")
            if level >= c.NQ_LOG_NOTE:
                self.notes.append((level, line))
            if self._log:
                self._log(level, line)
        except BaseException as error:  # pylint: disable=broad-except
            self._raised = error

    def stop(self, error):
        """For other callbacks: the call ends, and check raises `error`."""
        self._raised = error

    def _interrupt(self, _signal, _frame):
        self.interrupted = True

    def __enter__(self):
        # Python's own handler would raise within the callback, where nothing can catch it.
        if (threading.current_thread() is threading.main_thread()
                and signal.getsignal(signal.SIGINT) is signal.default_int_handler):
            self._old_handler = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, kind, error, trace):
        self.close()

    def close(self):
        """Frees the context and gives the signal back."""
        if self._old_handler is not None:
            signal.signal(signal.SIGINT, self._old_handler)
            self._old_handler = None
        lib.nq_context_free(self.pointer)
        self.pointer = ctypes.c_void_p()

    def message(self):
        """The sentence of the last failure."""
        return lib.nq_context_message(self.pointer).decode(errors="replace")

    def check(self, status):
        """Raises what went wrong."""
        if self._raised is not None:
            raise self._raised
        if self.interrupted and status:
            raise KeyboardInterrupt
        if status:
            raise error_of(status, self.message())

    def warn(self, stacklevel=3):
        """Cautions and warnings of the call as warnings of Python; notes, too, where they are of
        the result."""
        for level, line in self.notes:
            if level >= c.NQ_LOG_CAUTION:
                warnings.warn(line, NoneqWarning, stacklevel=stacklevel)
        self.notes.clear()


def owned_text(pointer):
    """The text at an address that is the caller's, which is freed."""
    if not pointer.value:
        return None
    text = ctypes.string_at(pointer).decode(errors="replace")
    _libc_free(pointer)
    return text


_libc_free = ctypes.CDLL(None).free
_libc_free.argtypes = [ctypes.c_void_p]
_libc_free.restype = None


def listed(kind):
    """The names of a list of the library (nq_list)."""
    names, i = {}, 0
    while True:
        text = ctypes.c_char_p()
        name = lib.nq_list_get(ctypes.byref(text), kind, i)
        if name is None:
            return names
        names[name.decode()] = text.value.decode() if text.value else ""
        i += 1


def is_watched():
    """Whether somebody looks at a bar: a terminal or a notebook."""
    return sys.stderr is not None and (sys.stderr.isatty() or "ipykernel" in sys.modules)
