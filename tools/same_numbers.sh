#!/bin/bash
# same_numbers.sh NONEQ OUT - the files that a fixed list of commands writes, into the folder OUT.
#     tools/same_numbers.sh build/old/noneq before
#     tools/same_numbers.sh build/release/noneq after
#     diff -r before after          # says nothing where every byte is the same
# The presets, tables of reals, of bits and with gaps, every question that a model can be asked, by
# one thread and by two. Data are built in, and where $NONEQ_DATA is there three tables more.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -e
noneq=$(realpath "$1") data=$(realpath "${NONEQ_DATA:-../shared/data}" 2>/dev/null || true)
mkdir -p "$2"
cd "$2"
N() {
    echo "noneq $*" >>said.txt
    "$noneq" "$@" --quiet >>said.txt 2>&1 || echo "failed: $*" | tee -a failed.txt
}
rm -f said.txt failed.txt

# data
N data swissroll -n 600 --noise 0.25 -o roll.npy
N data heartbeat -n 600 -o beat.npy
N data gaussian -n 400 --dim 5 --noise 0.6 -o normal.csv
N data mixture -n 400 --dim 2 -o mixture.csv
N data deadleaves -n 40 --size 32 -o leaves.npy
N data deadleaves -n 3 --size 32 --seed 7 -o few.npy
N data deadleaves -n 1 --size 64 --seed 9 -o large.pgm
awk -F, 'NR > 1 && NR % 3 == 0 { $2 = "" } NR > 1 && NR % 5 == 0 { $4 = "" } { print }' OFS=, \
    normal.csv >gaps.csv
head -9 gaps.csv >gaps8.csv
head -7 normal.csv >six.csv
N data heartbeat -n 6 --seed 4 -o beats.csv
awk -F, 'NR > 1 { $3 = ""; $7 = ""; $12 = "" } { print }' OFS=, beats.csv >beatgaps.csv

# models: presets, schedules, readouts, networks
N train roll.npy -o roll.nq --preset swissroll --updates 60 --fit-updates 30
N train beat.npy -o beat.nq --preset heartbeat --updates 40 --steps 100
N train beat.npy -o beat1.nq --updates 60 --steps 40 --learn-last 1 --threads 2
N train normal.csv -o normal.nq --updates 120 --steps 60
N train normal.csv -o learned.nq --updates 80 --steps 30 --schedule learned
N train normal.csv -o fraction.nq --updates 40 --steps 30 --schedule constant-fraction \
    --readout per-step --hidden 20,20 --mean-form forward
N train normal.csv -o cosine.nq --updates 40 --steps 30 --schedule cosine --dropout 0.1 \
    --dequantize 0.1 --learn-last 1 --threads 2
N train gaps.csv -o gaps.nq --updates 80 --steps 30
N train beatgaps.csv -o beatgaps.nq --updates 40 --steps 20 --valid 0
N train mixture.csv -o mixture.nq --updates 60 --steps 40 --regressor rbf --hidden 8
N train mixture.csv -o again.nq --updates 60 --init mixture.nq --weighting v
N train leaves.npy -o leaves.nq --preset deadleaves --minutes 0 --updates 4 --steps 20 --channels 8
N train leaves.npy -o mnist.nq --preset mnist --minutes 0 --updates 4 --steps 20 \
    --hidden 32,32 --image 1x32x32 --threads 2
N train leaves.npy -o cifar.nq --preset cifar10 --minutes 0 --updates 3 --steps 20 --channels 8 \
    --hidden 16,16 --image 1x32x32
N train leaves.npy -o crops.nq --preset bark --minutes 0 --updates 3 --steps 20 --channels 8 \
    --image 1x16x16
N train leaves.npy -o bumps.nq --regressor image --readout bumps --updates 3 --steps 20 \
    --layers 2 --scales 2 --channels 8 --features 2 --hidden 16
if [ -d "$data/tables" ]; then
    N train "$data/tables/wine.txt" -o wine.nq --updates 120 --steps 60
    N train "$data/tables/concrete.txt" -o concrete.nq --updates 80 --steps 60 --threads 2
    N train "$data/binary/nltcs.ts.data.gz" -o nltcs.nq --updates 80 --steps 60
    N eval wine.nq "$data/tables/wine.txt" --terms 64 --units data -o wine.eval.json
    N eval concrete.nq "$data/tables/concrete.txt" --ais 4 -o concrete.eval.json
    N eval nltcs.nq "$data/binary/nltcs.test.data.gz" --max-rows 500 --terms 64 -o nltcs.eval.json
fi

# questions
for m in roll:roll.npy beat:beat.npy beat1:beat.npy normal:normal.csv learned:normal.csv \
    fraction:normal.csv cosine:normal.csv gaps:normal.csv mixture:mixture.csv; do
    name=${m%:*} rows=${m#*:}
    N info $name.nq --json -o $name.info.json
    N sample $name.nq -n 300 -o $name.sample.csv
    N sample $name.nq -n 40 --trajectory 5 --threads 2 --seed 3 -o $name.way.npy
    N eval $name.nq $rows --terms 40 --max-rows 200 -o $name.eval.json
    N eval $name.nq $rows --ais 8 --max-rows 40 --threads 2 -o $name.ais.json
    N eval $name.nq $rows --entropy --terms 20 --max-rows 100 -o $name.entropy.json
    N score $name.nq $rows --terms 32 --threads 2 -o $name.score.csv
    N score $name.nq $rows --ais 4 --top 7 -o $name.aisscore.csv
    N plot $name.nq $rows -n 60 -o $name.svg
    N plot $name.nq $rows --entropy -o $name.entropy.svg
done
N eval roll.nq roll.npy --ais 4 --target-se 0.2 --most 32 --max-rows 20 -o roll.target.json
N eval normal.nq normal.csv --parzen 100 --white 1 -o normal.parzen.json
for method in particles paper noised; do
    N impute normal.nq gaps8.csv --method $method -n 7 --seed 5 -o normal.$method.csv
    N impute gaps.nq gaps8.csv --method $method -n 3 --threads 2 -o gaps.$method.csv
    N impute beat.nq beatgaps.csv --method $method -n 3 -o beat.$method.csv
    N impute beat1.nq beatgaps.csv --method $method -n 3 -o beat1.$method.csv
done
N impute cosine.nq gaps8.csv --method noised --jumps 3 -n 2 -o cosine.jumps.csv
N impute fraction.nq gaps8.csv -n 3 --particles 40 --quantiles 0.1,0.9 -o fraction.quantiles.csv
for twist in constant annealed informed; do
    N denoise normal.nq six.csv --sigma 0.5 --method particles --twist $twist -n 5 \
        -o normal.noisy.$twist.csv
    N denoise normal.nq gaps8.csv --sigma 0.5 --method paper --twist $twist -n 5 \
        -o normal.paper.$twist.csv
    N denoise beat.nq beats.csv --flip 0.1 --method particles --twist $twist -n 4 \
        -o beat.noisy.$twist.csv
    N denoise beat1.nq beats.csv --flip 0.1 --method paper --twist $twist -n 4 \
        -o beat1.paper.$twist.csv
done
N denoise normal.nq normal.csv --rows 40 --snr 2 --add-noise --score -o normal.snr.csv

# pictures
for name in leaves mnist cifar bumps; do
    N info $name.nq --json -o $name.info.json
    N sample $name.nq -n 20 -o $name.sample.npy
    N eval $name.nq few.npy --terms 8 -o $name.eval.json
    N eval $name.nq few.npy --ais 1 --max-rows 1 -o $name.ais.json
    N impute $name.nq few.npy --mask 8,8,9,7 -n 2 -o $name.hole.png
    N denoise $name.nq few.npy --sigma 20 --add-noise -n 2 -o $name.noisy.png
done
N sample leaves.nq -n 2 --size 80x64 -o leaves.large.npy
N sample leaves.nq -n 1 --size 200x200 --threads 2 -o leaves.larger.npy
N impute leaves.nq large.pgm --mask 20,20,12,9 -n 2 --threads 2 -o leaves.windows.npy
N denoise leaves.nq large.pgm --sigma 20 -o leaves.clean.npy
N impute crops.nq large.pgm --mask 20,20,12,9 --method paper -o crops.windows.npy
N eval crops.nq large.pgm --terms 8 -o crops.eval.json
cat failed.txt 2>/dev/null || echo "all ran"
