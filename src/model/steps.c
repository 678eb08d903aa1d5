/* steps.c - one forward jump and one reverse step of a model, for pictures and tests. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "model/model.h"

typedef struct single_step {
    const nq_model *model;
    nqi_batch batch;
    nqi_real *mean, *variance; /* [dim][NQI_SAMPLE_ROWS] */
} single_step;

static nq_status single_new(single_step *out, nq_context *context, const nq_model *model)
{
    memset(out, 0, sizeof *out);
    out->model = model;
    const nq_status status =
        nqi_batch_open(&out->batch, context, &model->process, &model->regressor, context->ops,
                       NQI_SAMPLE_ROWS, NQI_SAMPLE_ROWS, 0);
    if (status)
        return status;
    const size_t numbers = model->process.laws * NQI_SAMPLE_ROWS;
    out->mean = nqi_aligned_new(2 * numbers, sizeof *out->mean);
    if (!out->mean)
        return nqi_fail_memory(context, "moments", 2 * numbers * sizeof *out->mean);
    out->variance = out->mean + numbers;
    return NQ_OK;
}

static void single_free(single_step *single)
{
    nqi_batch_free(&single->batch);
    nqi_aligned_free(single->mean);
}

/* The same of a table of columns of several kinds. */
static void load_coded(const nq_model *model, const double *rows, size_t count, nqi_batch *batch)
{
    const nqi_coding *coding = model->scaling.coding;
    for (size_t r = 0; r < NQI_SAMPLE_ROWS; r++) {
        const size_t from = r < count ? r : count - 1;
        nqi_coding_levels_of(coding, rows + from * coding->columns, batch->x_0 + r,
                             NQI_SAMPLE_ROWS, batch->raw + r, NQI_SAMPLE_ROWS);
    }
    nqi_coding_score(coding, batch->x_0, NULL, batch->raw, NULL, NQI_SAMPLE_ROWS,
                     NQI_SAMPLE_ROWS);
}

static nq_status check_rows(nq_context *context, const nq_model *model, const double *rows,
                            size_t count)
{
    const nqi_coding *coding = model->scaling.coding;
    for (size_t r = 0; coding && r < count; r++) {
        const size_t c = nqi_coding_fault(coding, rows + r * coding->columns);
        if (c < coding->columns)
            return nqi_fail(context, NQ_ERROR_SHAPE,
                            "row %zu, column %zu: expected a value that training rows had, found "
                            "%.9g",
                            r + 1, c + 1, rows[r * coding->columns + c]);
    }
    return NQ_OK;
}

/* Row-major data rows to scaled feature-major numbers. */
static void load(const nq_model *model, const double *rows, size_t count, nqi_real *out)
{
    const nqi_scaling *scaling = &model->scaling;
    for (size_t i = 0; i < scaling->active; i++) {
        const size_t column = scaling->active_index[i];
        const double mean = scaling->mean[column], deviation = scaling->deviation[column];
        for (size_t r = 0; r < NQI_SAMPLE_ROWS; r++) {
            const size_t from = r < count ? r : count - 1;
            out[i * NQI_SAMPLE_ROWS + r] =
                (nqi_real)((rows[from * scaling->columns + column] - mean) / deviation);
        }
    }
}

/* The same of rows that are scaled already. */
static void load_scaled(const nq_model *model, const float *rows, size_t count, nqi_real *out)
{
    const nqi_scaling *scaling = &model->scaling;
    for (size_t i = 0; i < scaling->active; i++)
        for (size_t r = 0; r < NQI_SAMPLE_ROWS; r++) {
            const size_t from = r < count ? r : count - 1;
            out[i * NQI_SAMPLE_ROWS + r] =
                (nqi_real)rows[from * scaling->columns + scaling->active_index[i]];
        }
}

static void store_scaled(const nq_model *model, const nqi_real *x, size_t count, float *out)
{
    const nqi_scaling *scaling = &model->scaling;
    memset(out, 0, count * scaling->columns * sizeof *out);
    for (size_t i = 0; i < scaling->active; i++)
        for (size_t r = 0; r < count; r++)
            out[r * scaling->columns + scaling->active_index[i]] =
                (float)x[i * NQI_SAMPLE_ROWS + r];
}

static nq_status check_time(nq_context *context, const nq_model *model, size_t t, size_t least)
{
    if (t >= least && t <= nq_model_steps(model))
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_ARGUMENT, "time %zu: expected %zu to %zu", t, least,
                    nq_model_steps(model));
}

nq_status nq_model_diffuse(double *out, nq_context *context, const nq_model *model,
                           const double *rows, size_t count, size_t t, uint64_t seed)
{
    const nqi_process *process = &model->process;
    const size_t columns = model->scaling.columns;
    single_step single;
    nq_status status = check_time(context, model, t, 0);
    if (status || (status = check_rows(context, model, rows, count)))
        return status;
    if (t == 0) {
        memmove(out, rows, count * columns * sizeof *out);
        return NQ_OK;
    }
    status = single_new(&single, context, model);
    for (size_t first = 0; first < count && !status; first += NQI_SAMPLE_ROWS) {
        const size_t left = count - first;
        const size_t here = left < NQI_SAMPLE_ROWS ? left : NQI_SAMPLE_ROWS;
        status = nqi_tell(context, "diffusing rows", (double)first, (double)count);
        const nqi_stream stream = nqi_row_stream(seed, NQI_DRAW_PLOT, (uint32_t)t, first);
        if (model->scaling.coding)
            load_coded(model, rows + first * columns, here, &single.batch);
        else
            load(model, rows + first * columns, here, single.batch.x_0);
        single.batch.tape.time[0] = (uint32_t)t;
        nqi_batch_draw(process, &single.batch, &stream);
        nqi_batch_corrupt(process, &single.batch, 0);
        nqi_scaling_restore(&model->scaling, nqi_batch_x_t(&single.batch), NQI_SAMPLE_ROWS, here,
                            out + first * columns);
    }
    single_free(&single);
    return status;
}

nq_status nq_model_reverse(float *mean, float *variance, nq_context *context,
                           const nq_model *model, const float *x_t, size_t count, size_t t)
{
    const size_t columns = model->scaling.columns;
    single_step single;
    nq_status status = check_time(context, model, t, 1);
    if (!status && (model->scaling.coding || model->process.laws > model->process.dim))
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "a step of a model of levels has no mean and variance of columns: "
                        "expected a model of one kernel");
    if (!status)
        status = single_new(&single, context, model);
    else
        return status;
    for (size_t first = 0; first < count && !status; first += NQI_SAMPLE_ROWS) {
        const size_t left = count - first;
        const size_t here = left < NQI_SAMPLE_ROWS ? left : NQI_SAMPLE_ROWS;
        status = nqi_tell(context, "asking the network", (double)first, (double)count);
        load_scaled(model, x_t + first * columns, here, nqi_batch_x_t(&single.batch));
        single.batch.tape.time[0] = (uint32_t)t;
        nqi_batch_forward(&model->process, &single.batch);
        nqi_batch_moments(&model->process, &single.batch, 0, single.mean, single.variance);
        store_scaled(model, single.mean, here, mean + first * columns);
        if (variance)
            store_scaled(model, single.variance, here, variance + first * columns);
    }
    single_free(&single);
    return status;
}
