#!/bin/sh
# demo.sh PROGRAM - trains the swiss roll of the paper's figure 1 and draws it into demo/.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -eu
cd "$(dirname "$0")/.."
noneq=${1:-build/release/noneq}
mkdir -p demo

echo "1. A swiss roll of 20,000 points, and as many fresh ones to judge by."
"$noneq" data swissroll -n 20000 -o demo/roll.npy
"$noneq" data swissroll -n 20000 --seed 2 -o demo/fresh.npy

echo "2. Training. Ctrl-C saves; the same command with --resume goes on."
"$noneq" train demo/roll.npy --preset swissroll -o demo/roll.nq

echo "3. The bound in bits, on the fresh points."
"$noneq" eval demo/roll.nq demo/fresh.npy

echo "4. The figure."
"$noneq" plot demo/roll.nq demo/roll.npy -o demo/roll.png
echo "See $(pwd)/demo/roll.png"
