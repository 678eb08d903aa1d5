#!/usr/bin/env bash
# make.sh [PROGRAM] - makes the folder of the program's version: once for a release, never again.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -eu
noneq=$(realpath -- "${1:-build/release/noneq}")
cd "$(dirname "$0")"
version=$("$noneq" --version)
version=${version#noneq }
test ! -e "$version" || { echo "tests/frozen/$version is there, and stays as it is" >&2; exit 1; }
mkdir "$version"
cd "$version"

"$noneq" data swissroll -n 60 --noise 0.25 -o roll.csv
"$noneq" data heartbeat -n 80 --dim 10 --noise 0.05 -o beat.csv
awk 'function rand01() { state = state * 16807 % 2147483647; return state / 2147483647 }
    BEGIN {
        state = 3
        split("Bern Oslo Rome", town, " ")
        print "id,town,since,visits,amount,share"
        for (i = 0; i < 80; i++) {
            k = int(3 * rand01() * rand01()) + 1
            u = rand01() + rand01() + rand01() - 1.5
            printf "r%02d,%s,%s,%d,%s,%.3f\n", i, i % 9 == 4 ? "" : town[k],
                i % 7 == 3 ? "" : sprintf("2024-%02d-%02d", 1 + int(12 * rand01()),
                1 + int(28 * rand01())), int(6 + 2 * u + 2 * k),
                rand01() < .5 ? "0" : sprintf("%.2f", 90 * rand01() + 10 * k), u + k
        }
    }' >shop.csv

# train DATA MODEL OPTION...
train()
{
    local data=$1 model=$2
    shift 2
    "$noneq" train "$data" -o "$model" --valid 0 --quiet "$@"
}
train roll.csv gaussian_rbf.nq --kernel gaussian --regressor rbf --hidden 6 --steps 10 \
    --updates 400
train roll.csv gaussian_mlp.nq --kernel gaussian --hidden 8,8 --steps 10 --updates 400
train beat.csv binomial_mlp.nq --hidden 8 --wide 0 --offset none --steps 12 --updates 400
train beat.csv binomial_tree.nq --regressor tree --steps 10
train shop.csv mixed_table.nq --hidden 4 --steps 10 --updates 400 2>/dev/null

# What a later version must find in them.
value()
{
    "$noneq" info "$1" --json | tr -d '"' | sed -n "s/^\t$2:\t\\([a-z0-9]*\\),$/\\1/p"
}
{
    echo "# model data rows kernel regressor steps dim columns parameters K se"
    for model in *.nq; do
        case $model in binomial*) data=beat ;; gaussian*) data=roll ;; *) data=shop ;; esac
        "$noneq" eval "$model" $data.csv --json --terms 2000 -q >eval.json 2>/dev/null
        echo "$model $data.csv" "$(sed 's/^{"rows":\([0-9]*\),.*/\1/' eval.json)" \
            "$(value "$model" kernel)" "$(value "$model" regressor)" \
            "$(value "$model" steps)" "$(value "$model" dim)" "$(value "$model" columns)" \
            "$(value "$model" parameters)" \
            "$(sed 's/.*"bound":{"bits":\([-0-9.e]*\),"se":\([0-9.e-]*\),.*/\1 \2/' eval.json)"
    done
} >expected.txt
rm eval.json
