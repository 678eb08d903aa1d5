/* math_test.h - what tests of theorems share: options by name, models, comparisons. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_MATH_TEST_H
#define NQI_TESTS_MATH_TEST_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <noneq.h>

/* One field and its value as text; lists end with {NULL, NULL}. */
typedef struct setting {
    const char *field, *value;
} setting;

static inline void assert_close(const char *what, double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance))
        fail_msg("%s is %.17g: expected %.17g within %.3g", what, got, expected, tolerance);
}

static inline void assert_ok(nq_status status, const nq_context *context)
{
    if (status)
        fail_msg("%s: %s", nq_status_name(status), nq_context_message(context));
}

static inline nq_context *context_open(int threads)
{
    nq_context *context;
    const nq_context_options options = {.threads = threads};
    assert_int_equal(nq_context_new(&context, &options), NQ_OK);
    return context;
}

static inline void apply_settings(void *options, const nq_option *table, size_t rows,
                                  const setting *settings)
{
    for (; settings->field; settings++) {
        size_t i = 0;
        while (i < rows && strcmp(table[i].field, settings->field))
            i++;
        if (i == rows || nq_option_set(options, NULL, &table[i], settings->value))
            fail_msg("option %s = %s is refused", settings->field, settings->value);
    }
}

/* The paper's last step, unless it is set. */
static inline nq_model_options model_options(const setting *settings)
{
    nq_model_options options;
    size_t rows;
    const nq_option *table = nq_model_options_table(&rows);
    nq_model_options_init(&options, sizeof options);
    options.learn_last = 0;
    apply_settings(&options, table, rows, settings);
    return options;
}

static inline nq_train_options train_options(const setting *settings)
{
    nq_train_options options;
    size_t rows;
    const nq_option *table = nq_train_options_table(&rows);
    nq_train_options_init(&options, sizeof options);
    apply_settings(&options, table, rows, settings);
    return options;
}

static inline nq_dataset *dataset_of(nq_context *context, const double *values, size_t rows,
                                     size_t dim)
{
    nq_dataset *data;
    assert_ok(nq_dataset_from_array(&data, context, values, rows, dim, NULL), context);
    return data;
}

static inline nq_dataset *dataset_made(nq_context *context, const char *name, size_t rows,
                                       size_t dim, uint64_t seed)
{
    nq_dataset *data;
    const nq_generate_options options = {.rows = rows, .dim = dim, .seed = seed};
    assert_ok(nq_dataset_generate(&data, context, name, &options), context);
    return data;
}

static inline nq_model *model_of(nq_context *context, const nq_dataset *data,
                                 const setting *settings)
{
    nq_model *model;
    const nq_model_options options = model_options(settings);
    assert_ok(nq_model_new(&model, context, data, &options), context);
    return model;
}

#endif
