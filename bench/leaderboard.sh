#!/usr/bin/env bash
# leaderboard.sh BUILD - noneq on sets of bits: build/bench/leaderboard.json and
# docs/leaderboard.md.
# Environment: NONEQ_DATA, a folder with binary/NAME.ts.data, NAME.valid.data and NAME.test.data,
# each perhaps .gz. NONEQ_LEADERBOARD_OPTIONS: further options of bench/leaderboard/run.py, such as
# "--sets dna,nltcs --ais 4". NONEQ_TRAIN_OPTIONS: options of noneq train, for a short try; the page
# names them. NONEQ_LEADERBOARD_PAGE: another page.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -eu
build=${1:?usage: leaderboard.sh BUILD}
cd "$(dirname "$0")/.."
out=build/bench/leaderboard.json
page=${NONEQ_LEADERBOARD_PAGE:-docs/leaderboard.md}
mkdir -p build/bench
# shellcheck disable=SC2086 # several words
python3 bench/leaderboard/run.py --noneq "$build/noneq" --out "$out" \
    --folder "${NONEQ_DATA:?a folder with binary/ is expected in NONEQ_DATA}/binary" \
    ${NONEQ_LEADERBOARD_OPTIONS:-}
python3 bench/leaderboard/page.py "$out" bench/leaderboard/page_text.md "$page"
echo "$page is written"
