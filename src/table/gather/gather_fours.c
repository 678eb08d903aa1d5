/* gather_fours.c - rows of float32 or float64 side by side, four columns at a time. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/gather/gather.h"

#include <string.h>

enum { FOUR = NQI_GATHER_COLUMNS, ROWS = NQI_GATHER_ROWS };

/* All four in one loop: compilers then read whole vectors and shuffle them. */
#define DEFINE_FOURS(name, type)                                                                 \
    void nqi_gather_##name(const nqi_place *rows, size_t column, const double shift[FOUR],       \
                           const double scale[FOUR], nqi_real *out, size_t stride)               \
    {                                                                                            \
        type taken[ROWS * FOUR];                                                                 \
        nqi_real *out0 = out, *out1 = out0 + stride, *out2 = out1 + stride,                      \
                 *out3 = out2 + stride;                                                          \
        for (size_t k = 0; k < ROWS; k++)                                                        \
            memcpy(taken + FOUR * k, rows[k].start + column * sizeof(type),                      \
                   FOUR * sizeof(type));                                                         \
        for (size_t k = 0; k < ROWS; k++) {                                                      \
            out0[k] = (nqi_real)taken[4 * k];                                                    \
            out1[k] = (nqi_real)taken[4 * k + 1];                                                \
            out2[k] = (nqi_real)taken[4 * k + 2];                                                \
            out3[k] = (nqi_real)taken[4 * k + 3];                                                \
        }                                                                                        \
        for (size_t j = 0; j < FOUR; j++, out += stride)                                         \
            for (size_t k = 0; k < ROWS && (shift[j] != 0 || scale[j] != 1); k++)                \
                out[k] = (nqi_real)(((double)taken[FOUR * k + j] - shift[j]) * scale[j]);        \
    }

DEFINE_FOURS(floats, float)
DEFINE_FOURS(doubles, double)
