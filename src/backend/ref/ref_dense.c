/* ref_dense.c - y = W x + b and its two backward passes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/ref/ref.h"

/* y[rows] += a x[rows] */
static void add_scaled(nqi_real *y, nqi_real a, const nqi_real *x, size_t rows)
{
    for (size_t r = 0; r < rows; r++)
        y[r] += a * x[r];
}

static void fill(nqi_real *y, nqi_real value, size_t rows)
{
    for (size_t r = 0; r < rows; r++)
        y[r] = value;
}

void nqi_ref_dense_forward(nqi_real *y, size_t ldy, const nqi_real *w, size_t ldw,
                           const nqi_real *b, const nqi_real *x, size_t ldx, size_t out,
                           size_t in, size_t rows, int accumulate)
{
    for (size_t o = 0; o < out; o++) {
        nqi_real *y_o = y + o * ldy;
        if (!accumulate)
            fill(y_o, 0, rows);
        for (size_t i = 0; i < in; i++)
            add_scaled(y_o, w[o * ldw + i], x + i * ldx, rows);
        for (size_t r = 0; b && r < rows; r++)
            y_o[r] += b[o];
    }
}

void nqi_ref_dense_backward_input(nqi_real *dx, size_t lddx, const nqi_real *w, size_t ldw,
                                  const nqi_real *dy, size_t lddy, size_t out, size_t in,
                                  size_t rows, int accumulate)
{
    for (size_t i = 0; i < in; i++) {
        if (!accumulate)
            fill(dx + i * lddx, 0, rows);
        for (size_t o = 0; o < out; o++)
            add_scaled(dx + i * lddx, w[o * ldw + i], dy + o * lddy, rows);
    }
}

void nqi_ref_dense_backward_weight(nqi_real *dw, size_t lddw, nqi_real *db, const nqi_real *dy,
                                   size_t lddy, const nqi_real *x, size_t ldx, size_t out,
                                   size_t in, size_t rows, int accumulate, nqi_real *scratch)
{
    (void)scratch;
    for (size_t o = 0; o < out; o++) {
        const nqi_real *dy_o = dy + o * lddy;
        for (size_t i = 0; i < in; i++) {
            nqi_real sum = 0;
            for (size_t r = 0; r < rows; r++)
                sum += dy_o[r] * x[i * ldx + r];
            dw[o * lddw + i] = accumulate ? dw[o * lddw + i] + sum : sum;
        }
        nqi_real sum = 0;
        for (size_t r = 0; r < rows; r++)
            sum += dy_o[r];
        if (db)
            db[o] = accumulate ? db[o] + sum : sum;
    }
}
