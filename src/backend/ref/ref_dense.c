/* ref_dense.c - y = W x + b and its two backward passes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/ref/ref.h"

/* y[rows] += a x[rows] */
static void add_scaled(nq_real *y, nq_real a, const nq_real *x, size_t rows)
{
    for (size_t r = 0; r < rows; r++)
        y[r] += a * x[r];
}

static void fill(nq_real *y, nq_real value, size_t rows)
{
    for (size_t r = 0; r < rows; r++)
        y[r] = value;
}

void nqi_ref_dense_forward(nq_real *y, size_t ldy, const nq_real *w, size_t ldw, const nq_real *b,
                           const nq_real *x, size_t ldx, size_t out, size_t in, size_t rows,
                           int accumulate)
{
    for (size_t o = 0; o < out; o++) {
        nq_real *y_o = y + o * ldy;
        if (!accumulate)
            fill(y_o, 0, rows);
        for (size_t i = 0; i < in; i++)
            add_scaled(y_o, w[o * ldw + i], x + i * ldx, rows);
        for (size_t r = 0; b && r < rows; r++)
            y_o[r] += b[o];
    }
}

void nqi_ref_dense_backward_input(nq_real *dx, size_t lddx, const nq_real *w, size_t ldw,
                                  const nq_real *dy, size_t lddy, size_t out, size_t in,
                                  size_t rows, int accumulate)
{
    for (size_t i = 0; i < in; i++) {
        if (!accumulate)
            fill(dx + i * lddx, 0, rows);
        for (size_t o = 0; o < out; o++)
            add_scaled(dx + i * lddx, w[o * ldw + i], dy + o * lddy, rows);
    }
}

void nqi_ref_dense_backward_weight(nq_real *dw, size_t lddw, nq_real *db, const nq_real *dy,
                                   size_t lddy, const nq_real *x, size_t ldx, size_t out,
                                   size_t in, size_t rows, int accumulate, nq_real *scratch)
{
    (void)scratch;
    for (size_t o = 0; o < out; o++) {
        const nq_real *dy_o = dy + o * lddy;
        for (size_t i = 0; i < in; i++) {
            nq_real sum = 0;
            for (size_t r = 0; r < rows; r++)
                sum += dy_o[r] * x[i * ldx + r];
            dw[o * lddw + i] = accumulate ? dw[o * lddw + i] + sum : sum;
        }
        nq_real sum = 0;
        for (size_t r = 0; r < rows; r++)
            sum += dy_o[r];
        if (db)
            db[o] = accumulate ? db[o] + sum : sum;
    }
}
