#!/bin/sh
# format.sh --check|--in-place - clang-format on all C files; --check changes nothing.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -eu
cd "$(dirname "$0")/.."
case ${1:-} in
--check) mode="--dry-run --Werror" ;;
--in-place) mode=-i ;;
*)
    echo "usage: tools/format.sh --check|--in-place" >&2
    exit 2
    ;;
esac
# shellcheck disable=SC2086 # words are wanted
find include src cli tests bench examples fuzz -name '*.[ch]' -print0 2>/dev/null |
    xargs -0 -r clang-format $mode
