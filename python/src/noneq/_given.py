"""_given.py - conditions on rows as the text of the library's option `given`."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import re

from .errors import ArgumentError


def given_text(given):
    """{"age": (40, 50), "sex": ["F", "M"], "kids": 2} as text; text is handed on.

    A tuple of two is an interval (None: no end), a list some values, a text that begins with one
    of = != < > a condition as it stands.
    """
    if given is None or isinstance(given, str):
        return given
    if not hasattr(given, "items"):
        raise ArgumentError(f"given is a {type(given).__name__}; expected a dict from columns to "
                            "values, or text such as 'age=40..50,sex=F|M'")
    return ",".join(part for name, value in given.items() for part in _conditions(name, value))


def _conditions(name, value):
    name = _word(name)
    if isinstance(value, tuple):
        if len(value) != 2 or value == (None, None):
            raise ArgumentError(f"given[{name}] is {value!r}; expected (low, high), either of them "
                                "perhaps None")
        low, high = value
        if low is None:
            return [f"{name}<={_word(high)}"]
        if high is None:
            return [f"{name}>={_word(low)}"]
        return [f"{name}={_word(low)}..{_word(high)}"]
    if isinstance(value, (list, set, frozenset)):
        if not value:
            raise ArgumentError(f"given[{name}] has no values; expected one at least")
        return [f"{name}=" + "|".join(_word(part) for part in value)]
    if isinstance(value, str) and re.match(r"(!=|<=|>=|=)", value):
        return [name + value]
    return [f"{name}={_word(value)}"]


def _word(value):
    """A name, number or text; quoted where it has signs of its own."""
    if isinstance(value, bool):
        value = int(value)
    if hasattr(value, "isoformat"):
        value = value.isoformat()
    text = str(value)
    if re.fullmatch(r"[\w.+:-]+", text) and ".." not in text:
        return text
    return '"' + text.replace('"', '""') + '"'
