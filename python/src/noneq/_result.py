"""_result.py - a dict of figures with attributes, printed as an indented list."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors


class Result(dict):
    """result["bound"]["bits"] is result.bound.bits."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            value = self[name]
        except KeyError:
            raise AttributeError(f"there is no {name!r}; there are {', '.join(self)}") from None
        return Result(value) if type(value) is dict else value  # pylint: disable=C0123

    def __dir__(self):
        return [*super().__dir__(), *self]

    def __repr__(self):
        return "\n".join(_lines(self, 0))


def _lines(value, depth):
    for name, part in value.items():
        space = "  " * depth
        if isinstance(part, dict):
            yield f"{space}{name}:"
            yield from _lines(part, depth + 1)
        elif isinstance(part, list) and part and isinstance(part[0], dict) and len(part) <= 64:
            yield f"{space}{name}:"
            for item in part:
                yield f"{space}  " + ", ".join(f"{key} {_short(cell)}" for key, cell in item.items()
                                               if not isinstance(cell, (dict, list)))
        elif isinstance(part, (list, dict)) and len(part) > 8:
            yield f"{space}{name}: {len(part)} entries"
        else:
            yield f"{space}{name}: {_short(part)}"


def _short(value):
    return f"{value:.6g}" if isinstance(value, float) else value
