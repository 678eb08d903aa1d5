#!/usr/bin/env bash
# headers.sh - compiles each public header alone, as C99 and as C++11.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh
strict=(-Iinclude -pedantic -Wall -Wextra -Werror -fsyntax-only)

for header in include/noneq.h include/noneq/*.h; do
    name=${header#include/}
    expect_success "${name}_is_valid_c99" \
        "${CC:-cc}" -std=c99 "${strict[@]}" -include "$header" -x c /dev/null
    if command -v "${CXX:-c++}" >/dev/null; then
        expect_success "${name}_is_valid_cxx11" \
            "${CXX:-c++}" -std=c++11 "${strict[@]}" -include "$header" -x c++ /dev/null
    else
        echo "skip ${name}_is_valid_cxx11: no C++ compiler"
    fi
done
finish
