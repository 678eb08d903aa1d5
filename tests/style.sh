#!/usr/bin/env bash
# style.sh - checks what every file of the repository has in common (CONTRIBUTING.md).
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
export LC_ALL=C.UTF-8

# What git knows or would add; in a tree without git, all files that were not built.
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    mapfile -t files < <(git ls-files -co --exclude-standard | sort -u)
else
    mapfile -t files < <(find . -type f -not -path './build/*' -not -path './demo/*' -printf '%P\n')
fi
existing=()
sources=()
scripts=()
documents=()
for file in "${files[@]}"; do
    test -f "$file" || continue
    existing+=("$file")
    case $file in
    *.md) documents+=("$file") ;;
    *.c | *.h) sources+=("$file") ;;
    *.sh | *.cmake | CMakeLists.txt | Makefile | .ci/*) scripts+=("$file") ;;
    esac
done

# first_lines FILE...: each file's name, and the lines that should introduce it.
introductions()
{
    local file
    for file in "$@"; do
        head -n 16 "$file" | awk -v file="$file" -v name="$(basename "$file")" '
            NR == 1 && /^#!/ { next }
            !seen { seen = 1; said = index($0, name) && / - | [A-Z]+.* - / }
            /SPDX-License-Identifier: MIT/ { license = 1 }
            /Copyright \(c\) the noneq authors/ { authors = 1 }
            END { if (!said) print file ": the first line should say: " name " - what it is"
                  if (!license) print file ": no SPDX-License-Identifier: MIT"
                  if (!authors) print file ": no Copyright (c) the noneq authors" }'
    done
}

expect_nothing every_source_file_says_what_it_is "$(introductions "${sources[@]}")"
expect_nothing every_script_says_what_it_is "$(introductions "${scripts[@]}")"
expect_nothing no_line_is_over_100_columns "$(
    grep -nE '^.{101,}' "${sources[@]}" "${scripts[@]}" | cut -c1-120
)"
# A line with nothing but an address may be longer.
expect_nothing no_document_line_is_over_120_columns "$(
    grep -nE '^.{121,}' "${documents[@]}" | grep -vE ':[^ ]*[ *>]*<?https?://[^ ]*$' | cut -c1-140
)"
expect_nothing no_tab_in_source_and_no_trailing_space "$(
    grep -nP '\t' "${sources[@]}"
    grep -nE ' +$' "${sources[@]}" "${scripts[@]}"
)"
expect_nothing nothing_is_left_open "$(
    # The words are split, so that this line does not find itself.
    grep -nIE 'TO''DO|FIX''ME|\bX''XX\b|not implemen''ted|placeh''older' "${existing[@]}"
)"
expect_nothing no_path_of_somebodys_machine "$(
    grep -nIE '/(work|root|home)/[a-z]' "${existing[@]}"
)"
expect_nothing nothing_that_was_built_or_logged_is_kept "$(
    printf '%s\n' "${existing[@]}" | grep -E '(^|/)(build|logs|work|__pycache__)/'
    printf '%s\n' "${existing[@]}" |
        grep -E '\.(log|counts|report|o|a|so|checkpoint|partial|orig|rej|pyc)$'
)"
expect_nothing no_file_is_over_500_lines "$(
    wc -l "${sources[@]}" "${scripts[@]}" | awk '$2 != "total" && $1 > 500'
)"
# isa_*.inc.h are alternatives, of which a file includes one: they share a guard.
expect_nothing header_guards_are_unique "$(
    grep -HE '^#ifndef (NQ|NONEQ)' "${sources[@]}" | grep -v '/isa_' | sed 's/.*://' |
        sort | uniq -d
)"
finish
