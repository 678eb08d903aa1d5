#!/bin/sh
# lint.sh - cppcheck on the library and the program; any finding is an error.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -eu
cd "$(dirname "$0")/.."
mkdir -p build/cppcheck
# Not asked of cppcheck: uninitialised variables (the compilers see more, and memory that a kernel
# fills looks uninitialised to it), and log(0), which is meant: -inf is a log probability.
cppcheck --quiet --std=c11 --language=c --error-exitcode=1 --inline-suppr -j "$(nproc)" \
    --cppcheck-build-dir=build/cppcheck --enable=warning,portability,performance \
    --suppress=missingIncludeSystem --suppress=uninitvar --suppress=legacyUninitvar \
    --suppress=invalidFunctionArg \
    -D_GNU_SOURCE -D__x86_64__ -Iinclude -Isrc -Icli src cli
