# row_mnist.sh - table 2, MNIST: Parzen windows around 10,000 samples; and K, which [SD15] does not
# print.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck shell=sh disable=SC2046,SC2154
train=$data/mnist/train-images-idx3-ubyte.gz
test=$data/mnist/t10k-images-idx3-ubyte.gz
needs mnist/train-images-idx3-ubyte.gz mnist/t10k-images-idx3-ubyte.gz
step - "$noneq" train "$train" --preset mnist $(minutes shared) -o model.nq
step - "$noneq" sample model.nq -n "${SAMPLES:-10000}" --levels -o samples.npy
step eval.json "$noneq" eval model.nq "$test" --max-rows 1000 $(terms) --parzen samples.npy --json
extra - "$noneq" sample model.nq -n 100 -o samples.png

# What 10,000 training pictures reach as samples, under the same estimator: an IDX file of the first
# ones (magic number, 10000 x 28 x 28).
note "the first 10,000 pictures of the training file as first.idx" 0
printf '\000\000\010\003\000\000\047\020\000\000\000\034\000\000\000\034' >first.idx
gzip -dc "$train" | tail -c +17 | head -c 7840000 >>first.idx
extra perfect.json "$noneq" eval model.nq "$test" --max-rows 16 --terms 16 --parzen first.idx --json
