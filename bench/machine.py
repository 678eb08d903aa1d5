"""machine.py - what a figure was measured on."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import os
import platform


def machine():
    def first(path, key):
        with open(path) as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)),
                        "unknown")
    return dict(cpu=first("/proc/cpuinfo", "model name"), cores=os.cpu_count(),
                memory=first("/proc/meminfo", "MemTotal"), system=platform.platform(),
                load=os.getloadavg()[0])
