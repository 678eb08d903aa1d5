/* fitted_test.h - what tests of regressors without a gradient share: a network starts at what it
 * stands on, and bytes of a model become the same model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef TESTS_MATH_FITTED_TEST_H
#define TESTS_MATH_FITTED_TEST_H

#include "math/math_test.h"

/* Rows of a chain of bits: x_0 is one by half, each next one differs by a fifth. */
static inline nq_dataset *chain_of_bits(nq_context *context, size_t rows, size_t bits,
                                        uint64_t seed)
{
    const nqi_stream stream = {seed, NQI_DRAW_TEST, 0, 0};
    double *values = malloc(rows * bits * sizeof *values);
    nq_dataset *data;
    for (size_t i = 0; i < rows * bits; i++) {
        const double u = nqi_stream_uniform(&stream, i), before = i % bits ? values[i - 1] : 0;
        values[i] = i % bits ? (u < 0.2 ? 1 - before : before) : u < 0.5;
    }
    assert_ok(nq_dataset_from_array(&data, context, values, rows, bits, NULL), context);
    free(values);
    return data;
}

/* Both have the same K of some rows; frees them. */
static inline void check_same_start(nq_context *context, const nq_dataset *data,
                                    nq_model *const models[2])
{
    nq_bound bound[2];
    const nq_bound_options terms = {.terms = 20};
    for (int k = 0; k < 2; k++)
        assert_ok(nq_bound_estimate(&bound[k], context, models[k], data, &terms), context);
    assert_close("K", bound[1].bound, bound[0].bound, 1e-5);
    for (int k = 0; k < 2; k++) {
        nq_bound_free(&bound[k]);
        nq_model_free(models[k]);
    }
}

/* The model of its bytes draws the same rows; frees it. */
static inline void check_bytes(nq_context *context, nq_model *model)
{
    enum { DRAWN = 20, DIM_MOST = 32 };
    nq_model *again;
    double rows[2][DRAWN * DIM_MOST] = {{0}};
    void *bytes;
    size_t size;
    const nq_sample_options options = {.rows = DRAWN, .seed = 3};
    assert_true(nq_model_columns(model) <= DIM_MOST);
    assert_ok(nq_model_to_bytes(&bytes, &size, context, model), context);
    assert_ok(nq_model_from_bytes(&again, context, bytes, size), context);
    assert_ok(nq_sample(rows[0], context, model, &options), context);
    assert_ok(nq_sample(rows[1], context, again, &options), context);
    assert_memory_equal(rows[0], rows[1], sizeof rows[0]);
    nq_bytes_free(bytes);
    nq_model_free(again);
    nq_model_free(model);
}

#endif
