#!/usr/bin/env bash
# versions.sh - the version stands in include/noneq/version.h, and what repeats it says the same.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh

version=$(sed -n 's/.*define NQ_VERSION "\(.*\)".*/\1/p' include/noneq/version.h)
latest=$(sed -n 's/^## \[\(.*\)\].*/\1/p' CHANGELOG.md | head -n 1)

# is_version TEXT
is_version()
{
    grep -qxE '[0-9]+\.[0-9]+\.[0-9]+' <<<"$1"
}

# is_not_later VERSION OF
is_not_later()
{
    test "$(printf '%s\n%s\n' "$1" "$2" | sort -V | tail -n 1)" = "$2"
}

expect_success the_version_is_three_numbers is_version "$version"
# Documents name the version that a figure was measured with.
expect_nothing no_other_source_or_script_repeats_it "$(
    grep -rnIwF -e "$version" CMakeLists.txt CMakePresets.json Makefile bench cli cmake examples \
        include packaging python src tests tools |
        grep -vE '^(include/noneq/version\.h|tests/frozen/)'
)"
expect_success the_citation_has_it grep -qx "version: $version" CITATION.cff
expect_success the_changelog_has_it_or_what_is_unreleased \
    grep -qxE "Unreleased|${version//./\\.}" <<<"$latest"
for place in tests/frozen/[0-9]*/; do
    expect_success "frozen files are of no later version: $(basename "$place")" \
        is_not_later "$(basename "$place")" "$version"
done
if test "$latest" = "$version"; then
    expect_success a_release_has_its_model_files test -e "tests/frozen/$version/expected.txt"
fi
finish
