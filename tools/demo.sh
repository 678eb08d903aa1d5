#!/bin/sh
# demo.sh PROGRAM - a table and the paper's swiss roll, each trained, sampled and drawn into demo/.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -eu
cd "$(dirname "$0")/.."
noneq=${1:-build/release/noneq}
mkdir -p demo

# 3000 orders of a shop that there is not: ids, towns, plans, dates, whole numbers, amounts with
# many zeros, and gaps. Plan and town go together, as do plan, orders and amount.
orders()
{
    awk 'function uniform() { state = state * 16807 % 2147483647; return state / 2147483647 }
        BEGIN {
            state = 11
            split("Bern Oslo Rome Lyon", towns, " ")
            split("basic plus pro", plans, " ")
            print "customer,town,plan,joined,orders,discount,amount,happy"
            for (i = 1; i <= 3000; i++) {
                town = int(4 * uniform() * sqrt(uniform())) + 1
                plan = int((uniform() + uniform()) * (town < 3 ? 1.2 : 1.5)) + 1
                normal = sqrt(-2 * log(1 - uniform())) * cos(6.2831853 * uniform())
                orders = int(3 + 3 * plan + 1.5 * normal)
                if (orders < 1) orders = 1
                discount = uniform() < .75 - .2 * plan ? 0 : 5 * int(1 + 5 * uniform())
                amount = orders * (12 + 9 * plan) * exp(.25 * normal + .1 * uniform())
                happy = uniform() < .35 + .2 * plan ? "yes" : "no"
                day = sprintf("2025-%02d-%02d", 1 + int(12 * uniform() ^ (plan / 2)),
                    1 + int(28 * uniform()))
                printf "C%05d,%s,%s,%s,%d,%s,%.2f,%s\n", 10000 + i,
                    uniform() < .06 ? "" : towns[town], plans[plan], uniform() < .1 ? "" : day,
                    orders, discount, amount, uniform() < .15 ? "" : happy
            }
        }'
}

echo "1. A table: 3000 orders of a shop, with gaps: demo/orders.csv"
orders >demo/orders.csv
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
