# row_deadleaves.sh - tables 1 and 2, dead leaves: pictures of our own generator.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck shell=sh disable=SC2046,SC2154
step - "$noneq" data deadleaves -n 500 --radius-least 2 --size 256 -o leaves.npy
step - "$noneq" data deadleaves -n 32 --radius-least 2 --size 256 --seed 2 -o fresh.npy
step - "$noneq" train leaves.npy --preset deadleaves $(minutes shared) -o model.nq
step eval.json "$noneq" eval model.nq fresh.npy --max-rows 1024 $(terms) --json
extra gaussian.json python3 "$tools/gaussian_pictures.py" "$noneq" model.nq leaves.npy fresh.npy \
    --mirror
extra - "$tools/paper/venv.sh" ../venv scikit-learn
extra mixture.json ../venv/bin/python3 "$tools/paper/mixture_pictures.py" "$noneq" model.nq \
    leaves.npy fresh.npy --mirror
extra - "$noneq" data deadleaves -n 1 --radius-least 2 --size 256 --seed 3 -o data.png
extra - "$noneq" sample model.nq -n 1 --size 256x256 -o sample.png

# Figure 4 again, of leaves that are less unlike in size, by two models: one draws the means of
# 2 x 2 pixels, the other, which is told of them, the pixels. What is round is decided by the first,
# in which leaves are 8 to 16 pixels across; of means of 4 x 4 it learns their shape too slowly.
leaves="--radius-least 8 --radius-most 16 --size 256"
# shellcheck disable=SC2086
extra - "$noneq" data deadleaves -n 1000 $leaves --seed 4 -o discs.npy
extra - "$noneq" train discs.npy --preset shapes --roles 1 --squares 2 --updates 8000 \
    $(minutes shared) -o fine.nq
extra - "$noneq" train discs.npy --preset shapes --reduce 2 --updates 60000 \
    $(minutes shared) -o coarse.nq
# shellcheck disable=SC2086
extra - "$noneq" data deadleaves -n 1 $leaves --seed 5 -o discs_data.png
extra - "$noneq" sample fine.nq -n 1 --size 256x256 --coarse coarse.nq -o discs.png
