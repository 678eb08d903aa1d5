/* exact.c - log P of rows by the law that a regressor without a gradient keeps. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include <noneq/likelihood.h>

#include "core/arena.h"
#include "core/context.h"
#include "core/monitor.h"
#include "measure/usable.h"
#include "model/model.h"

/* As many rows at a time as there are lanes. */
typedef struct exact_job {
    const nq_model *model;
    const nqi_regressor *fitted;
    nqi_row_reader reader;
    nqi_real *said; /* [2][laws][NQI_LANES], then scratch */
    const nqi_ops *ops;
} exact_job;

static nq_status exact_new(exact_job *out, nq_context *context, const nq_model *model)
{
    const nqi_regressor *fitted = nqi_model_exact(model);
    *out = (exact_job){.model = model, .fitted = fitted, .ops = context->ops};
    if (!fitted)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "the model keeps no exact law of rows: expected \036regressor tree or "
                        "kernel, or one of these as \036offset, and columns of bits and "
                        "categories alone");
    const size_t numbers =
        2 * model->process.laws * NQI_LANES + fitted->type->opening.scratch(fitted, NQI_LANES);
    if (!(out->said = nqi_aligned_new(numbers, sizeof *out->said)))
        return nqi_fail_memory(context, "rows", numbers * sizeof *out->said);
    return nqi_row_reader_new(&out->reader, context, model);
}

static void exact_free(exact_job *job)
{
    nqi_row_reader_free(&job->reader);
    nqi_aligned_free(job->said);
}

/* -INFINITY: a level that training rows did not have. */
static void rows_law(double *law, exact_job *job, const nq_dataset *data, size_t first,
                     size_t rows)
{
    const size_t laws = job->model->process.laws * NQI_LANES;
    const nqi_question question = {.ops = job->ops,
                                   .said = job->said,
                                   .said_variance = job->said + laws,
                                   .scratch = job->said + 2 * laws,
                                   .rows = rows,
                                   .ld = NQI_LANES};
    for (size_t r = 0; r < rows; r++) {
        (void)nqi_row_reader_read(&job->reader, data, first + r, 0);
        for (size_t i = 0; i < job->fitted->cells; i++) {
            const nqi_variate *cell = &job->fitted->cell[i];
            nqi_real *said = job->said + cell->law * NQI_LANES + r;
            nqi_variate_say(cell, said, said + laws, NQI_LANES, job->reader.x_0[i], 1);
        }
    }
    job->fitted->type->log_law(job->fitted, &question, law);
}

/* Mean and standard error of the mean. */
static nq_status laws_sum(nq_exact *out, nq_context *context, exact_job *job,
                          const nqi_usable *usable)
{
    double mean = 0, squares = 0, law[NQI_LANES];
    nq_status status = NQ_OK;
    for (size_t r = 0; r < usable->rows && !status; r++) {
        const size_t left = usable->rows - r;
        if (r % NQI_LANES == 0) {
            status = nqi_tell(context, "adding up laws", (double)r, (double)usable->rows);
            rows_law(law, job, usable->data, r, left < NQI_LANES ? left : NQI_LANES);
        }
        const double off = law[r % NQI_LANES] - mean;
        mean += off / (double)(r + 1);
        squares += off * (law[r % NQI_LANES] - mean);
    }
    const double rows = (double)usable->rows;
    *out =
        (nq_exact){usable->rows, mean, rows > 1 ? sqrt(squares / (rows - 1) / rows) : INFINITY};
    return status;
}

nq_status nq_exact_compute(nq_exact *out, nq_context *context, const nq_model *model,
                           const nq_dataset *data)
{
    exact_job job;
    nqi_usable usable = {0};
    *out = (nq_exact){0};
    nq_status status = exact_new(&job, context, model);
    if (!status)
        status = nqi_usable_find(&usable, context, model, data);
    if (!status && usable.rows)
        status = laws_sum(out, context, &job, &usable);
    nqi_usable_free(&usable);
    exact_free(&job);
    return status;
}
