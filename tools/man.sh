#!/bin/sh
# man.sh PROGRAM FOLDER - writes the manual pages: help2man makes them of what the program says.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -eu
program=$1
folder=$2
mkdir -p "$folder"
rm -f "$folder"/*.1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$("$program" --version)
version=${version#noneq }

# VERB<tab>SUMMARY of each verb.
"$program" --complete '' | sed 1d | grep -v '^help	' | cut -f 1 >"$work/verbs"
"$program" --help | sed -n 's/^  \([a-z]*\)  *\([^ ].*\)/\1	\2/p' >"$work/summaries"

# page NAME SUMMARY WORD...: the page NAME, of `PROGRAM WORD... --help`. Its examples become
# commands behind a $, which help2man prints line by line.
page()
{
    name=$1
    summary=$2
    shift 2
    {
        echo '#!/bin/sh'
        echo "exec cat '$work/$name.help'"
    } >"$work/$name"
    chmod +x "$work/$name"
    "$program" "$@" --help | sed '/^Example:/,$ { s/^Example:/Examples:/; s/^  /  $ /; }' \
        >"$work/$name.help"
    help2man --no-info --name="$summary" --version-string="$name (noneq) $version" \
        --manual='User Commands' --include="$work/include" --output="$folder/$name.1" \
        "$work/$name"
}

cat >"$work/include" <<'TEXT'
[EXIT STATUS]
0: done; 1: it failed, and a sentence on standard error says why; 2: the command line was wrong;
128 and a signal's number: that signal ended it.

TEXT
cp "$work/include" "$work/common"
{
    echo '[SEE ALSO]'
    sed 's/.*/.BR noneq-& (1),/; $ s/,$//' "$work/verbs"
} >>"$work/include"
page noneq 'fit, sample and score diffusion probabilistic models'
{
    cat "$work/common"
    printf '[SEE ALSO]\n.BR noneq (1)\n'
} >"$work/include"
while read -r verb; do
    page "noneq-$verb" "$(sed -n "s/^$verb	//p" "$work/summaries")" "$verb"
done <"$work/verbs"
