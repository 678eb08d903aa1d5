#!/usr/bin/env bash
# tutorials.sh - the commands of docs/tutorials, one after the other, as a reader types them.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
root=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin"
ln -s "${NONEQ:-$root/build/release/noneq}" "$folder/bin/noneq"
export PATH=$folder/bin:$PATH
ln -s "$root/examples" "$folder/examples"

# commands FILE: its lines that begin with "$ ", and what a here-document is given.
commands()
{
    awk '/^```$/ { within = !within; next }
        within && here { print; if ($0 == "END") here = 0; next }
        within && /^\$ / { print substr($0, 3); if (/<<.END/) here = 1 }' "$1"
}

run_all()
{
    commands "$root/docs/tutorials/$1.md" >"$folder/$1.sh"
    test -s "$folder/$1.sh" && cd "$folder" && bash -eo pipefail "$1.sh"
}

for name in copy fill odd; do
    expect_success "the_commands_of_${name}_work" run_all "$name"
done
finish
