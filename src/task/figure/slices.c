/* slices.c - rows of a model at five times, forward from data and in reverse from noise. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/figure.h>
#include <noneq/sample.h>

#include "core/context.h"

static nq_status reverse_draw(nq_slices *slices, nq_context *context, const nq_model *model,
                              uint64_t seed)
{
    nq_sample_options options;
    nq_sampler *sampler = NULL;
    nq_sample_options_init(&options, sizeof options);
    options.rows = slices->rows;
    options.seed = seed;
    options.steps = nq_model_steps(model);
    nq_status status = nq_sampler_new(&sampler, context, model, &options);
    for (int k = NQ_SLICES - 1; k >= 0 && !status; k--)
        if (!(status = nq_sampler_run(sampler, slices->times[k])))
            status = nq_sampler_state(slices->reverse[k], sampler);
    nq_sampler_free(sampler);
    return status;
}

/* Data rows evenly spread over the set, or the samples. */
static void start_fill(nq_slices *slices, const nq_dataset *data)
{
    const size_t rows = slices->rows;
    if (!data) {
        memcpy(slices->forward[0], slices->reverse[0], rows * slices->columns * sizeof(double));
        return;
    }
    for (size_t i = 0; i < rows; i++)
        nq_dataset_row(slices->forward[0] + i * slices->columns, data,
                       i * (nq_dataset_rows(data) / rows));
}

static nq_status forward_draw(nq_slices *slices, nq_context *context, const nq_model *model,
                              uint64_t seed)
{
    nq_status status = NQ_OK;
    for (int k = 1; k < NQ_SLICES && !status; k++)
        status = nq_model_diffuse(slices->forward[k], context, model, slices->forward[0],
                                  slices->rows, slices->times[k], seed);
    return status;
}

static nq_status slices_alloc(nq_slices *out, nq_context *context)
{
    const size_t numbers = out->rows * out->columns;
    if (numbers && out->rows > SIZE_MAX / sizeof(double) / 2 / NQ_SLICES / out->columns)
        return nqi_fail(context, NQ_ERROR_MEMORY, "%zu rows of %zu numbers are more than memory",
                        out->rows, out->columns);
    double *memory = malloc((2 * NQ_SLICES * numbers + 1) * sizeof *memory);
    if (!memory)
        return nqi_fail_memory(context, "rows at five times",
                               2 * NQ_SLICES * numbers * sizeof *memory);
    for (size_t k = 0; k < NQ_SLICES; k++) {
        out->forward[k] = memory + k * numbers;
        out->reverse[k] = memory + (k + NQ_SLICES) * numbers;
    }
    return NQ_OK;
}

nq_status nq_slices_new(nq_slices *out, nq_context *context, const nq_model *model,
                        const nq_dataset *data, size_t rows, uint64_t seed)
{
    const size_t steps = nq_model_steps(model);
    *out =
        (nq_slices){.columns = nq_model_columns(model), .from_data = data != NULL, .rows = rows};
    if (data && nq_dataset_dim(data) != out->columns)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "the data have %zu columns; expected the model's %zu",
                        nq_dataset_dim(data), out->columns);
    if (data && nq_dataset_rows(data) < rows)
        out->rows = nq_dataset_rows(data);
    for (size_t k = 0; k < NQ_SLICES; k++)
        out->times[k] = (steps * k + (NQ_SLICES - 1) / 2) / (NQ_SLICES - 1);
    nq_status status = slices_alloc(out, context);
    if (!status && !(status = reverse_draw(out, context, model, seed))) {
        start_fill(out, data);
        status = forward_draw(out, context, model, seed);
    }
    if (status)
        nq_slices_free(out);
    return status;
}

void nq_slices_free(nq_slices *slices)
{
    if (!slices)
        return;
    free(slices->forward[0]); /* all stand behind it */
    memset(slices, 0, sizeof *slices);
}

size_t nq_slices_drift_time(const nq_slices *slices, size_t i)
{
    const size_t t = slices->times[i];
    return t >= 2 ? t : slices->times[NQ_SLICES - 1] < 2 ? 1 : 2;
}

void nq_slices_range(double *low, double *high, const nq_slices *slices, const nq_model *model,
                     size_t column)
{
    double mean, deviation, most = 0;
    nq_model_column_scaling(&mean, &deviation, model, column);
    if (!(deviation > 0))
        deviation = 1;
    for (size_t i = 0; i < slices->rows; i++) {
        const size_t at = i * slices->columns + column;
        most = fmax(most, fabs(slices->forward[0][at] - mean));
        most = fmax(most, fabs(slices->reverse[0][at] - mean));
    }
    /* The noise has one deviation; beyond five there are outliers only. */
    const double half = deviation * fmin(fmax(1.08 * most / deviation, 2.6), 5);
    *low = mean - half;
    *high = mean + half;
}

nq_status nq_model_drift(double *drift, nq_context *context, const nq_model *model,
                         const double *rows, size_t count, size_t t)
{
    const size_t columns = nq_model_columns(model);
    float *x = calloc(2 * count * columns + 1, sizeof *x), *to = x + count * columns;
    double centre, deviation;
    if (!x)
        return nqi_fail_memory(context, "the drift", 2 * count * columns * sizeof *x);
    for (size_t i = 0; i < count * columns; i++) {
        nq_model_column_scaling(&centre, &deviation, model, i % columns);
        x[i] = deviation > 0 ? (float)((rows[i] - centre) / deviation) : 0;
    }
    const nq_status status = nq_model_reverse(to, NULL, context, model, x, count, t);
    for (size_t i = 0; i < count * columns && !status; i++) {
        nq_model_column_scaling(&centre, &deviation, model, i % columns);
        drift[i] = (double)to[i] * deviation + centre - rows[i];
    }
    free(x);
    return status;
}
