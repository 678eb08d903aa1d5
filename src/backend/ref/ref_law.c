/* ref_law.c - laws of some outcomes, multiplied and divided. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/ref/ref.h"

static nqi_real at_least(nqi_real x)
{
    return x > NQI_LAW_LEAST ? x : NQI_LAW_LEAST;
}

void nqi_ref_law_mix(nqi_real *y, const nqi_real *w, const nqi_real *x, nqi_dense_size size,
                     int transposed)
{
    const nqi_matrix to = {y, size.rows};
    const nqi_const_matrix from = {x, size.rows};
    const nqi_dense_size turned = {size.in, size.out, size.rows};
    if (transposed)
        nqi_ref_dense_backward_input(to, (nqi_const_matrix){w, size.out}, from, turned, 0);
    else
        nqi_ref_dense_forward(to, (nqi_const_matrix){w, size.in}, NULL, from, size, 0);
}

void nqi_ref_law_multiply(nqi_real *y, const nqi_real *x, nqi_real *sum, size_t count,
                          size_t rows)
{
    for (size_t r = 0; r < rows; r++) {
        nqi_real all = 0;
        for (size_t at = r; at < count * rows; at += rows)
            all += y[at] *= x[at];
        sum[r] = at_least(all);
        for (size_t at = r; at < count * rows; at += rows)
            y[at] /= sum[r];
    }
}

void nqi_ref_law_divide(nqi_real *y, const nqi_real *x, size_t count, size_t rows)
{
    for (size_t i = 0; i < count * rows; i++)
        y[i] = x[i] / at_least(y[i]);
}
