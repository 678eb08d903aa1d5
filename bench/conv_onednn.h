/* conv_onednn.h - the same convolutions by oneDNN, where its development files are there. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_BENCH_CONV_ONEDNN_H
#define NONEQ_BENCH_CONV_ONEDNN_H

#include <stddef.h>

typedef enum onednn_pass {
    ONEDNN_FORWARD,
    ONEDNN_BACKWARD_INPUT,
    ONEDNN_BACKWARD_WEIGHT
} onednn_pass;

/* Seconds of the best of several runs of a 3 x 3 convolution of `rows` pictures, in the layout that
 * oneDNN prefers (changes of layout are not counted) or channels last; 0 when it cannot. */
double onednn_seconds(onednn_pass pass, int channels_last, size_t out, size_t in, size_t side,
                      size_t rows);

#endif
