#!/bin/sh
# run.sh [ROW...] - reruns the tables of Sohl-Dickstein et al. 2015 and writes docs/paper.md.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
#
# Rows: swissroll heartbeat deadleaves bark cifar10 mnist; without names, those of $ROWS, else all.
# Environment:
#   NONEQ_DATA        folder with mnist/, cifar10/, bark/ (docs/paper.md says what is in them)
#   MINUTES           training time of each row of pictures; default: the preset's updates, with
#                     which rows do not depend on what else the machine does
#   MNIST_MINUTES ... the same for one row (also HEARTBEAT_, which takes a minute)
#   SAMPLES           samples for the Parzen windows of mnist; default 10000
#   TERMS             Monte Carlo terms of K for each row of pictures; default 32
#   RESUME            1: an interrupted run goes on: steps that ended well are not taken again, and
#                     training goes on from its checkpoint, to the same bits
#   NONEQ             the program; default build/release/noneq
#   NOTE              what is to be said of this run, on the page
#   PAPER             where results go; default build/paper: ROW/*.json, *.png, the model, the logs
# A row without its data, or that fails, is reported as such and stops nothing. A row that was run
# before keeps its results until it is run again.
set -u
cd "$(dirname "$0")/../.." || exit 1
noneq=$(realpath -- "${NONEQ:-build/release/noneq}")
data=$(realpath -m -- "${NONEQ_DATA:-../shared/data}")
paper=$(realpath -m -- "${PAPER:-build/paper}")
tools=$PWD/tools
test -x "$noneq" || { echo "run.sh: there is no program $noneq" >&2; exit 1; }
test $# -gt 0 || eval "set -- ${ROWS:-swissroll heartbeat deadleaves bark cifar10 mnist}"

# shellcheck source=tools/paper/steps.sh
. tools/paper/steps.sh

bad=0
for row; do
    if ! test -e "tools/paper/row_$row.sh"; then
        echo "run.sh: there is no row '$row'" >&2
        exit 2
    fi
done
for row; do
    echo "== $row" >&2
    test -n "${RESUME:-}" || rm -rf "${paper:?}/$row"
    mkdir -p "$paper/$row" || exit 1
    (cd "$paper/$row" && rm -f absent failed left_out)
    test -e "$paper/$row/machine.json" || machine_write "$paper/$row/machine.json"
    # shellcheck source=/dev/null
    (cd "$paper/$row" && . "$tools/paper/row_$row.sh")
    case $? in
    0) ;;
    "$ABSENT") echo "== $row: $(cat "$paper/$row/absent")" >&2 ;;
    *) echo "== $row: failed, see $paper/$row" >&2; bad=1 ;;
    esac
done
python3 "$tools/paper/page.py" "$paper" -o "${PAPER_PAGE:-docs/paper.md}" \
    --note "${NOTE:-}" || exit 1
exit $bad
