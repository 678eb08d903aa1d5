# row_heartbeat.sh - table 1, binary heartbeat.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck shell=sh disable=SC2046,SC2154
step - "$noneq" data heartbeat -n 10000 -o beat.npy
step - "$noneq" data heartbeat -n 10000 --seed 2 -o fresh.npy
step - "$noneq" train beat.npy --preset heartbeat $(minutes) -o model.nq
step eval.json "$noneq" eval model.nq fresh.npy --json
extra - "$noneq" plot model.nq beat.npy -o heartbeat.png
