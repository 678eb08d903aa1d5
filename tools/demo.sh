#!/bin/sh
# demo.sh PROGRAM - a table and the paper's swiss roll, each trained, sampled and drawn into demo/.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -eu
cd "$(dirname "$0")/.."
noneq=${1:-build/release/noneq}
mkdir -p demo

echo "1. A table: 3000 orders of a shop, with gaps: demo/orders.csv"
awk -f examples/orders.awk >demo/orders.csv
head -n 4 demo/orders.csv
echo "   How it is read:"
"$noneq" info demo/orders.csv

echo "2. Training. Ctrl-C saves; the same command with --resume goes on."
"$noneq" train demo/orders.csv -o demo/orders.nq --updates 1200 --restart

echo "3. New orders, which nobody made: demo/new_orders.csv"
"$noneq" sample demo/orders.nq -n 1000 -o demo/new_orders.csv
head -n 6 demo/new_orders.csv
echo "   Gaps filled with what belongs there: demo/filled.csv"
"$noneq" impute demo/orders.nq demo/orders.csv --rows 500 -o demo/filled.csv

echo "4. Each column beside its samples: demo/orders.png"
"$noneq" plot demo/orders.nq demo/orders.csv -o demo/orders.png

echo "5. The swiss roll of the paper's first figure: training, and the bound on fresh points."
"$noneq" data swissroll -n 20000 -o demo/roll.npy
"$noneq" data swissroll -n 20000 --seed 2 -o demo/fresh.npy
"$noneq" train demo/roll.npy --preset swissroll --starts 1 -o demo/roll.nq --restart
"$noneq" eval demo/roll.nq demo/fresh.npy
"$noneq" plot demo/roll.nq demo/roll.npy -o demo/roll.png

echo "What was made, in $(pwd)/demo:"
echo "  orders.csv new_orders.csv filled.csv   the table, new rows, and rows without gaps"
echo "  orders.png roll.png                    the figures"
echo "  orders.nq roll.nq                      the models: see 'noneq info demo/orders.nq'"
