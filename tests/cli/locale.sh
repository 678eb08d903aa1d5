#!/usr/bin/env bash
# locale.sh - a locale with decimal commas, made for the test, changes no number that is read or
# written by the library.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
build=${BUILD:-$PWD/build/release}
. "$(dirname "$0")/lib.sh"

if ! command -v localedef >/dev/null 2>&1 ||
    ! localedef -i de_DE -f UTF-8 "$folder/de_DE.UTF-8" >made 2>&1 && ! test -d de_DE.UTF-8; then
    echo "skip a_comma_changes_no_number: no localedef, or no de_DE to make a locale from"
    finish
    exit
fi
for name in unit/test_text unit/test_number math/test_guest; do
    if ! test -x "$build/tests/$name"; then
        echo "skip a_comma_changes_no_number_of_$name: it is not built"
        continue
    fi
    env -u LC_ALL LOCPATH="$folder" CMOCKA_MESSAGE_OUTPUT=TAP "$build/tests/$name" >report 2>&1
    expect_nothing "a_comma_changes_no_number_of_$name" "$(grep -E '^not ok' report)"
done
finish
