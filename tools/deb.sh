#!/bin/sh
# deb.sh [FOLDER] - builds the Debian packages of this tree into FOLDER (build/deb).
# DEBFULLNAME and DEBEMAIL say who maintains them.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -eu
cd "$(dirname "$0")/.."
folder=${1:-build/deb}
version=$(sed -n 's/.*define NQ_VERSION "\([0-9.]*\)".*/\1/p' include/noneq/version.h)
# As CMakeLists.txt has it: before 1.0 each minor version has a SONAME of its own.
case $version in
0.*) soversion=${version%.*} ;;
*) soversion=${version%%.*} ;;
esac
maintainer="${DEBFULLNAME:-the noneq authors} <${DEBEMAIL:-noneq@packages.debian.org}>"
source=$folder/noneq-$version

rm -rf "$folder"
mkdir -p "$source"
# What git knows or would add; in a tree without git, all files that were not built.
if test "$(git rev-parse --show-prefix 2>/dev/null || echo none)" = ''; then
    git ls-files -co --exclude-standard
else
    find . -type f -not -path './build/*' -not -path './demo/*'
fi | while IFS= read -r file; do
    test ! -f "$file" || printf '%s\n' "$file"
done | tar -c -T - -f - | tar -x -C "$source" -f -

mkdir "$source/debian"
cp -r "$source"/packaging/debian/* "$source/debian"
rm "$source/debian/control.in"
for name in libnoneq libnoneq-mpi libnoneq-xgboost; do
    mv "$source/debian/$name.install" "$source/debian/$name$soversion.install"
done
sed "s/@SOVERSION@/$soversion/g; s/@MAINTAINER@/$maintainer/" packaging/debian/control.in \
    >"$source/debian/control"
date=$(git log -1 --format=%aD 2>/dev/null || date -R -r include/noneq/version.h)
cat >"$source/debian/changelog" <<TEXT
noneq ($version) unstable; urgency=medium

  * Version $version; CHANGELOG.md says what is new.

 -- $maintainer  $date
TEXT

export DEB_BUILD_OPTIONS="noautodbgsym ${DEB_BUILD_OPTIONS:-parallel=$(nproc)}"
# The log is long, and of use when something fails.
if ! (cd "$source" && dpkg-buildpackage -b -us -uc) >"$folder/build.log" 2>&1; then
    tail -n 40 "$folder/build.log"
    echo "the packages could not be built; all of the log is in $folder/build.log" >&2
    exit 1
fi
rm -rf "$source"
ls "$folder"/*.deb
