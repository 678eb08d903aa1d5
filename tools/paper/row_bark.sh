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
extra - "$noneq" sample model.nq -n 1 --size 256x256 -o sample.png

# Figure 5: a hole in the right part of a photograph, by two models of its left part, one of which
# draws the means of 4 x 4 pixels first, of which the other is told.
oak=$data/bark/oak_bark_brown_02_1k.pgm.gz
extra - "$noneq" train "$oak" --area 0,0,700,0 --preset texture --squares 4 $(minutes shared) \
    -o fine.nq
extra - "$noneq" train "$oak" --reduce 4 --area 0,0,175,0 --preset texture $(minutes shared) \
    -o coarse.nq
extra - "$noneq" impute fine.nq "$oak" --mask 890,640,100,100 --coarse coarse.nq --draws 5 \
    --sheet inpainting.png
extra - "$noneq" impute fine.nq "$oak" --mask 718,462,100,100 --coarse coarse.nq --draws 5 \
    --sheet knots.png
