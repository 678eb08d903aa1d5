# row_cifar10.sh - table 1, CIFAR-10: the pictures that are there, of which the last eighth is for
# the judging.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck shell=sh disable=SC2046,SC2154
needs cifar10/cifar10_first4000.bin.gz
record=3073 # bytes: a label and 3 x 32 x 32 grey levels
step all.bin gzip -dc "$data/cifar10/cifar10_first4000.bin.gz"
pictures=$(($(wc -c <all.bin) / record))
held=$((pictures / 8))
step train.bin head -c $(((pictures - held) * record)) all.bin
step test.bin tail -c $((held * record)) all.bin
step - "$noneq" train train.bin --preset cifar10 $(minutes shared) -o model.nq
step eval.json "$noneq" eval model.nq test.bin $(terms) --json
extra gaussian.json python3 "$tools/gaussian_pictures.py" "$noneq" model.nq train.bin test.bin \
    --mirror
extra - "$noneq" denoise model.nq test.bin --snr 1 --add-noise --rows 8 --draws 2 \
    --sheet denoising.png
extra - "$noneq" sample model.nq -n 64 -o samples.png
