/* plot_slices.c - rows of a model at five times, forward from data and in reverse from noise. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"
#include "session.h"

static nq_status reverse_draw(plot_slices *slices, uint64_t seed)
{
    const nq_sample_options options = {.rows = slices->count,
                                       .seed = seed,
                                       .steps = nq_model_steps(slices->model)};
    nq_sampler *sampler = NULL;
    nq_status status = nq_sampler_new(&sampler, slices->context, slices->model, &options);

    for (int k = PLOT_TIMES - 1; k >= 0 && !status; k--)
        if (!(status = nq_sampler_run(sampler, slices->times[k])))
            status = nq_sampler_state(slices->reverse[k], sampler);
    nq_sampler_free(sampler);
    return status;
}

/* Data rows evenly spread over the file, or the samples. */
static void start_fill(plot_slices *slices, const nq_dataset *data)
{
    const size_t count = slices->count;

    if (!data) {
        memcpy(slices->forward[0], slices->reverse[0], count * slices->columns * sizeof(double));
        return;
    }
    for (size_t i = 0; i < count; i++)
        nq_dataset_row(slices->forward[0] + i * slices->columns, data,
                       i * (nq_dataset_rows(data) / count));
}

static nq_status forward_draw(plot_slices *slices, uint64_t seed)
{
    nq_status status = NQ_OK;

    for (int k = 1; k < PLOT_TIMES && !status; k++)
        status = nq_model_diffuse(slices->forward[k], slices->context, slices->model,
                                  slices->forward[0], slices->count, slices->times[k], seed);
    return status;
}

int plot_slices_new(plot_slices *out, nq_context *context, const nq_model *model,
                    const nq_dataset *data, size_t count, uint64_t seed)
{
    const size_t steps = nq_model_steps(model);
    nq_status status;

    *out = (plot_slices){.context = context,
                         .model = model,
                         .columns = nq_model_columns(model),
                         .from_data = data != NULL,
                         .count = count};
    if (data && nq_dataset_rows(data) < count)
        out->count = nq_dataset_rows(data);
    const size_t size = out->count * out->columns;
    if (!(out->memory = values_new(2 * PLOT_TIMES * out->count, out->columns)))
        return EXIT_FAILED;
    for (int k = 0; k < PLOT_TIMES; k++) {
        out->times[k] = (steps * (size_t)k + (PLOT_TIMES - 1) / 2) / (PLOT_TIMES - 1);
        out->forward[k] = out->memory + (size_t)k * size;
        out->reverse[k] = out->memory + (size_t)(k + PLOT_TIMES) * size;
    }
    status = reverse_draw(out, seed);
    start_fill(out, data);
    if (!status)
        status = forward_draw(out, seed);
    return status ? session_fail(context, status) : EXIT_DONE;
}

void plot_slices_free(plot_slices *slices)
{
    free(slices->memory);
    slices->memory = NULL;
}

size_t plot_drift_time(const plot_slices *slices, int column)
{
    const size_t t = slices->times[column];

    return t >= 2 ? t : slices->times[PLOT_TIMES - 1] < 2 ? 1 : 2;
}

void plot_column_range(const plot_slices *slices, size_t column, double *low, double *high)
{
    double mean, deviation, most = 0;

    nq_model_column_scaling(&mean, &deviation, slices->model, column);
    if (!(deviation > 0))
        deviation = 1;
    for (size_t i = 0; i < slices->count; i++) {
        const size_t at = i * slices->columns + column;

        most = fmax(most, fabs(slices->forward[0][at] - mean));
        most = fmax(most, fabs(slices->reverse[0][at] - mean));
    }
    /* The noise has one deviation; beyond five there are outliers only. */
    const double half = deviation * fmin(fmax(1.08 * most / deviation, 2.6), 5);
    *low = mean - half;
    *high = mean + half;
}

void plot_column_name(char *out, size_t size, const nq_model *model, size_t column)
{
    const char *name = nq_model_column_name(model, column);

    if (name)
        snprintf(out, size, "%.30s", name);
    else
        snprintf(out, size, "x%zu", column + 1);
}

nq_status plot_reverse(const plot_slices *slices, const double *rows, size_t count, size_t t,
                       double *mean)
{
    const size_t columns = slices->columns;
    float *x = calloc(2 * count * columns, sizeof *x), *to = x + count * columns;
    double centre, deviation;

    if (!x)
        return NQ_ERROR_MEMORY;
    for (size_t i = 0; i < count * columns; i++) {
        nq_model_column_scaling(&centre, &deviation, slices->model, i % columns);
        x[i] = deviation > 0 ? (float)((rows[i] - centre) / deviation) : 0;
    }
    const nq_status status =
        nq_model_reverse(to, NULL, slices->context, slices->model, x, count, t);
    for (size_t i = 0; i < count * columns && !status; i++) {
        nq_model_column_scaling(&centre, &deviation, slices->model, i % columns);
        mean[i] = (double)to[i] * deviation + centre;
    }
    free(x);
    return status;
}
