/* regressor_kernel.c - x_0 as the training rows have it that may lie behind the noise: nothing is
 * trained, how far a row reaches is chosen by leaving rows out. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>

#include "regressor/kernel/kernel.h"
#include "regressor/lesson.h"

static nq_status kernel_build(nqi_graph *graph, nq_context *context,
                              const nqi_regressor_shape *shape, const nq_model_options *options)
{
    (void)context;
    (void)options;
    nqi_numbers_part(graph, shape, "kernel");
    return NQ_OK;
}

static nq_status kernel_learn(nqi_real **out, size_t *count, nq_context *context,
                              const nqi_regressor *regressor, nqi_lesson *lesson)
{
    nqi_kernel kernel;
    nq_status status = nqi_kernel_new(&kernel, context, regressor->cell, regressor->cells,
                                      lesson->sample, lesson->rows);
    if (!status)
        status = nqi_kernel_fit(&kernel, context, lesson->sample);
    if (!status)
        status = nqi_kernel_pack(out, count, context, &kernel);
    nqi_kernel_free(&kernel);
    return status;
}

static nq_status kernel_open(nqi_regressor *regressor, nq_context *context)
{
    return nqi_kernel_unpack(regressor->opened, context, regressor->params,
                             nqi_graph_parameters(&regressor->graph), regressor->cell,
                             regressor->cells);
}

static void kernel_close(nqi_regressor *regressor)
{
    nqi_kernel_free(regressor->opened);
}

static size_t kernel_scratch(const nqi_regressor *regressor, size_t rows)
{
    const nqi_kernel *kernel = regressor->opened;
    (void)rows; /* one after another */
    return kernel->scratch;
}

static nqi_kernel_pass pass_of(const nqi_regressor *regressor, const nqi_question *question,
                               size_t row)
{
    return (nqi_kernel_pass){.kernel = regressor->opened,
                             .question = question,
                             .row = row,
                             .self = question->self ? question->self[row] : NQI_NO_ROW,
                             .scratch = question->scratch};
}

static void kernel_predict(const nqi_regressor *regressor, const nqi_question *question,
                           nqi_real *mean, nqi_real *variance)
{
    for (size_t r = 0; r < question->rows; r++) {
        nqi_kernel_pass pass = pass_of(regressor, question, r);
        nqi_kernel_weigh(&pass);
        nqi_kernel_sum(&pass);
        nqi_kernel_believe(&pass, mean, variance);
    }
}

/* In nats; of rows without noise it is the law's own P(row). */
static void kernel_log_law(const nqi_regressor *regressor, const nqi_question *question,
                           double *out)
{
    for (size_t r = 0; r < question->rows; r++) {
        nqi_kernel_pass pass = pass_of(regressor, question, r);
        nqi_kernel_weigh(&pass);
        out[r] = pass.log_law;
    }
}

static void kernel_describe(char *out, size_t size, const nqi_regressor *regressor)
{
    const nqi_kernel *kernel = regressor->opened;
    if (kernel->distinct < kernel->rows)
        snprintf(out, size, "%zu rows, %zu of them distinct", kernel->rows, kernel->distinct);
    else
        snprintf(out, size, "%zu rows", kernel->rows);
}

const nqi_regressor_type nqi_regressor_kernel = {
    .name = "kernel",
    .options = " ",
    .readout = "embedding",
    .takes_roles = 1,
    .build = kernel_build,
    .learn = kernel_learn,
    .opening = {sizeof(nqi_kernel), kernel_open, kernel_close, kernel_scratch},
    .predict = kernel_predict,
    .log_law = kernel_log_law,
    .fitted_by = "by keeping its rows; how far each reaches was chosen by leaving it out",
    .describe = kernel_describe,
    .rows = {.most = NQI_KERNEL_ROWS, .numbers_most = NQI_KERNEL_NUMBERS, .are_kept = 1},
    .tensor = "kernel.numbers"};
