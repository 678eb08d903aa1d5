/* chain_table.h - rows of a chain of normal numbers, and what is known of them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_CHAIN_TABLE_H
#define NQI_TESTS_CHAIN_TABLE_H

#include "core/rng.h"
#include "math/math_test.h"

/* Rows of an AR(1) law: each number is .9 of the one before, and noise. */
enum { CHAIN = 4, CHAIN_ROWS = 6000 };
static inline nq_dataset *chain_rows(nq_context *context, size_t rows, uint32_t seed)
{
    const nqi_stream law = {seed, NQI_DRAW_TEST, 0, 0};
    nq_dataset *data;
    double *x = malloc(rows * CHAIN * sizeof *x);
    for (size_t j = 0; j < rows * CHAIN; j++)
        x[j] = (j % CHAIN ? 0.9 * x[j - 1] + sqrt(0.19) * nqi_stream_normal(&law, j)
                          : nqi_stream_normal(&law, j));
    assert_ok(nq_dataset_from_array(&data, context, x, rows, CHAIN, NULL), context);
    free(x);
    return data;
}

/* Of a chain only the neighbours count: numbers 2 and 4 given 1 and 3. */
static inline double chain_truth(const double *x)
{
    const double middle = 0.9 / 1.81, spread = 1 - 2 * 0.81 / 1.81;
    const double a = x[1] - middle * (x[0] + x[2]), b = x[3] - 0.9 * x[2];
    return -0.5 * (a * a / spread + b * b / 0.19 + log(spread * 0.19)) -
           log(2 * 3.14159265358979);
}

#endif
