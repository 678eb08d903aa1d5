# row_swissroll.sh - table 1, swiss roll.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck shell=sh disable=SC2046,SC2154
step - "$noneq" data swissroll -n 20000 -o roll.npy
step - "$noneq" data swissroll -n 20000 --seed 2 -o fresh.npy
step - "$noneq" train roll.npy --preset swissroll -o model.nq
step eval.json "$noneq" eval model.nq fresh.npy --json
extra - "$noneq" plot model.nq roll.npy -o roll.png
