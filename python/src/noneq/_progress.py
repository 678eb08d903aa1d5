"""_progress.py - a bar of tqdm, where it is installed and somebody looks."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

from ._library import is_watched


class Bar:
    """`told` is the progress function of a call; None where nothing is shown."""

    def __init__(self, wanted, what):
        self._bar, self.told = None, None
        if wanted or (wanted is None and is_watched()):
            try:
                from tqdm.auto import tqdm  # noqa: PLC0415
            except ImportError:
                if wanted:
                    raise ImportError("progress=True needs tqdm: pip install tqdm") from None
                return
            self._bar = tqdm(total=100, desc=what, unit="%", leave=False,
                             bar_format="{desc}: {percentage:3.0f}%|{bar}| {elapsed}<{remaining}")
            self.told = self._told

    def _told(self, what, part, _done, _total):
        self._bar.set_description(what, refresh=False)
        self._bar.update(100 * part - self._bar.n)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if self._bar is not None:
            self._bar.close()
