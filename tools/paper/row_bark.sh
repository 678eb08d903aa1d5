# row_bark.sh - table 1, bark: the left halves of four photographs to learn from, the right ones to
# judge by.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck shell=sh disable=SC2046,SC2154
needs bark
step - "$noneq" train "$data/bark" --area 0,0,512,0 --preset bark $(minutes shared) -o model.nq
step eval.json "$noneq" eval model.nq "$data/bark" --area 512,0,0,0 --max-rows 1024 $(terms) --json
extra gaussian.json python3 "$tools/gaussian_pictures.py" "$noneq" model.nq "$data/bark" \
    "$data/bark" --area 0,0,512,0 --test-area 512,0,0,0 --mirror
set -- "$data"/bark/*.p?m*
extra - "$noneq" impute model.nq "$1" --mask 718,462,100,100 --draws 3 --method noised --jumps 1 \
    --sheet inpainting.png
extra - "$noneq" sample model.nq -n 1 --size 256x256 -o sample.png
