/* scaling_pixels.c - mean and deviation of the pixels under crops, whose rows are too many. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/monitor.h"
#include "table/scaling/scaling.h"

/* Moments of numbers, merged as in T. F. Chan, G. H. Golub, R. J. LeVeque, Amer. Statist. 37 (1983)
 * 242. */
typedef struct moments {
    double count, mean, squares; /* squares: sum of squared deviations from the mean */
} moments;

static moments moments_of(const double *numbers, size_t count)
{
    moments m = {.count = (double)count};
    for (size_t i = 0; i < count; i++)
        m.mean += numbers[i] / m.count;
    for (size_t i = 0; i < count; i++)
        m.squares += (numbers[i] - m.mean) * (numbers[i] - m.mean);
    return m;
}

static void moments_merge(moments *all, const moments *more)
{
    const double count = all->count + more->count, apart = more->mean - all->mean;
    all->squares += more->squares + apart * apart * all->count * (more->count / count);
    all->mean += apart * (more->count / count);
    all->count = count;
}

static nq_status run_check(nq_context *context, const nqi_run *run, const double *numbers)
{
    for (size_t i = 0; i < run->count; i++)
        if (!isfinite(numbers[i]))
            return nqi_fail(context, NQ_ERROR_SHAPE,
                            "picture %zu, channel %zu, line %zu: expected numbers, found %s",
                            run->picture + 1, run->channel + 1, run->y + 1,
                            isnan(numbers[i]) ? "a missing value" : "an infinite one");
    return NQ_OK;
}

nq_status nqi_pixels_measure(double *mean, double *deviation, nq_context *context,
                             const nq_dataset *dataset)
{
    const nq_dataset *crops = nqi_dataset_crops(dataset);
    const uint64_t runs = nqi_crops_runs(crops);
    const size_t most = nqi_crops_run_most(crops);
    double *numbers = malloc(most * sizeof *numbers);
    moments all = {0};
    nq_status status = NQ_OK;
    if (!numbers)
        return nqi_fail_memory(context, "a line of a picture", most * sizeof *numbers);
    for (uint64_t i = 0; i < runs && !status; i++) {
        const nqi_run run = nqi_crops_run(crops, i);
        nqi_crops_read(crops, &run, numbers);
        const moments here = moments_of(numbers, run.count);
        moments_merge(&all, &here);
        status = run_check(context, &run, numbers);
        if (!status && i % NQI_TELL_ROWS == 0)
            status = nqi_tell_again(context);
    }
    free(numbers);
    *mean = all.mean;
    *deviation = sqrt(all.squares / all.count);
    return status;
}
