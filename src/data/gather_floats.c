/* gather_floats.c - rows of float32 side by side, four columns at a time. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "data/gather.h"

#include <string.h>

enum { FOUR = 4 };

typedef float floats __attribute__((vector_size(FOUR * sizeof(float))));
typedef double doubles __attribute__((vector_size(FOUR * sizeof(double))));
typedef nq_real reals __attribute__((vector_size(FOUR * sizeof(nq_real))));

/* out[j] is number j of each of four rows. */
static inline void columns_take(floats out[FOUR], const nqi_place *rows, size_t column)
{
    floats from[FOUR];
    for (size_t k = 0; k < FOUR; k++)
        memcpy(&from[k], rows[k].start + column * sizeof(float), sizeof from[k]);
    const floats ab0 = __builtin_shufflevector(from[0], from[1], 0, 4, 1, 5),
                 ab1 = __builtin_shufflevector(from[0], from[1], 2, 6, 3, 7),
                 cd0 = __builtin_shufflevector(from[2], from[3], 0, 4, 1, 5),
                 cd1 = __builtin_shufflevector(from[2], from[3], 2, 6, 3, 7);
    out[0] = __builtin_shufflevector(ab0, cd0, 0, 1, 4, 5);
    out[1] = __builtin_shufflevector(ab0, cd0, 2, 3, 6, 7);
    out[2] = __builtin_shufflevector(ab1, cd1, 0, 1, 4, 5);
    out[3] = __builtin_shufflevector(ab1, cd1, 2, 3, 6, 7);
}

static inline void reals_put(nq_real *out, reals x)
{
    memcpy(out, &x, sizeof x);
}

void nqi_gather_floats(const nqi_place *rows, size_t column, const double shift[FOUR],
                       const double scale[FOUR], nq_real *out, size_t stride)
{
    int is_plain = 1;
    for (size_t j = 0; j < FOUR; j++)
        is_plain &= shift[j] == 0 && scale[j] == 1;
    for (size_t k = 0; k < NQI_GATHER_ROWS; k += FOUR) {
        floats taken[FOUR];
        columns_take(taken, rows + k, column);
        for (size_t j = 0; j < FOUR && is_plain; j++)
            reals_put(out + j * stride + k, __builtin_convertvector(taken[j], reals));
        for (size_t j = 0; j < FOUR && !is_plain; j++) {
            const doubles x = __builtin_convertvector(taken[j], doubles);
            reals_put(out + j * stride + k,
                      __builtin_convertvector((x - shift[j]) * scale[j], reals));
        }
    }
}
