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

void nqi_ref_dense_forward(nqi_matrix y, nqi_const_matrix w, const nqi_real *b,
                           nqi_const_matrix x, nqi_dense_size size, int accumulate)
{
    for (size_t o = 0; o < size.out; o++) {
        nqi_real *y_o = y.at + o * y.ld;
        if (!accumulate)
            fill(y_o, 0, size.rows);
        for (size_t i = 0; i < size.in; i++)
            add_scaled(y_o, w.at[o * w.ld + i], x.at + i * x.ld, size.rows);
        for (size_t r = 0; b && r < size.rows; r++)
            y_o[r] += b[o];
    }
}

void nqi_ref_dense_backward_input(nqi_matrix dx, nqi_const_matrix w, nqi_const_matrix dy,
                                  nqi_dense_size size, int accumulate)
{
    for (size_t i = 0; i < size.in; i++) {
        nqi_real *dx_i = dx.at + i * dx.ld;
        if (!accumulate)
            fill(dx_i, 0, size.rows);
        for (size_t o = 0; o < size.out; o++)
            add_scaled(dx_i, w.at[o * w.ld + i], dy.at + o * dy.ld, size.rows);
    }
}

void nqi_ref_dense_backward_weight(nqi_matrix dw, nqi_real *db, nqi_const_matrix dy,
                                   nqi_const_matrix x, nqi_dense_size size, int accumulate,
                                   nqi_real *scratch)
{
    (void)scratch;
    for (size_t o = 0; o < size.out; o++) {
        const nqi_real *dy_o = dy.at + o * dy.ld;
        for (size_t i = 0; i < size.in; i++) {
            nqi_real *dw_oi = dw.at + o * dw.ld + i, sum = 0;
            for (size_t r = 0; r < size.rows; r++)
                sum += dy_o[r] * x.at[i * x.ld + r];
            *dw_oi = accumulate ? *dw_oi + sum : sum;
        }
        nqi_real sum = 0;
        for (size_t r = 0; r < size.rows; r++)
            sum += dy_o[r];
        if (db)
            db[o] = accumulate ? db[o] + sum : sum;
    }
}
