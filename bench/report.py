"""report.py - what benches share: the machine that they ran on, and pages made of a run's JSON."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import json
import os
import platform
import sys
import textwrap


def machine():
    def first(path, key):
        with open(path) as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)),
                        "unknown")
    return dict(cpu=first("/proc/cpuinfo", "model name"), cores=os.cpu_count(),
                memory=first("/proc/meminfo", "MemTotal"), system=platform.platform(),
                load=os.getloadavg()[0])


def wrapped(text, indent=""):
    """A paragraph, or with an indent a point of a list, in lines of at most 120 columns."""
    return textwrap.fill(text, 120, subsequent_indent=indent, break_long_words=False,
                         break_on_hyphens=False)


def page_write(lines_of):
    """page.py RUN.json TEXT.md OUT.md: the text with the run's lines where it marks them."""
    source, text, out = sys.argv[1:]
    with open(source) as file:
        lines = lines_of(json.load(file))
    with open(text) as file:
        head, _, tail = file.read().partition("<!-- measurements -->\n")
    with open(out, "w") as file:
        file.write(head + "\n".join(lines) + "\n" + tail)
