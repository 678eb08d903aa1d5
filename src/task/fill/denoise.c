/* denoise.c - the noise that rows have: which kind, and adding it to clean data. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/option/options.h"
#include "task/fill/job.h"
#include "task/fill/noise.h"

static int is_given(double number)
{
    return number >= 0;
}

static int is_noisy(const nq_noise_options *noise)
{
    return is_given(noise->sigma) || is_given(noise->snr) || is_given(noise->flip);
}

nq_status nqi_fill_noise_take(nqi_fill_job *job, const nq_noise_options *options)
{
    nq_noise_options *noise = &job->noise.options;
    nq_context *context = job->context;
    const nq_status status = nqi_options_take(noise, context, &nqi_noise_options, options);
    if (status)
        return status;
    if (!is_noisy(noise) && !job->plan.options.given && !job->plan.options.observe)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "the noise is missing: expected " NQI_OPTION "sigma S, " NQI_OPTION
                        "snr R or " NQI_OPTION "flip P, or " NQI_OPTION "observe or " NQI_OPTION
                        "given");
    if (!is_noisy(noise) && noise->add_noise)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "add_noise needs " NQI_OPTION "sigma S, " NQI_OPTION
                                   "snr R or " NQI_OPTION "flip P");
    if (is_given(noise->sigma) && is_given(noise->snr))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "sigma and " NQI_OPTION
                                   "snr are two measures of the same noise; give one");
    return NQ_OK;
}

/* Noise is in the data's units, and a model of several kinds knows them of real columns alone. */
static nq_status kinds_check(const nqi_fill_job *job)
{
    const nq_model *model = job->models[0];
    const size_t columns = nq_model_is_recorded(model) ? nq_model_columns(model) : 0;
    for (size_t c = 0; c < columns; c++)
        if (!nq_model_column_is_density(model, c) || nq_model_levels(model, c))
            return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                            "column %zu of the model is of kind %s: noise can be in real numbers "
                            "alone; a model by " NQI_OPTION "kernel gaussian has it in all",
                            c + 1, nq_model_column_kind(model, c));
    return NQ_OK;
}

static nq_status flips_choose(nqi_fill_job *job)
{
    const nq_noise_options *noise = &job->noise.options;
    if (!is_given(noise->flip) || is_given(noise->sigma) || is_given(noise->snr) ||
        noise->flip >= 0.5)
        return nqi_fail(job->context, NQ_ERROR_SHAPE,
                        "a model of bits takes " NQI_OPTION "flip P with P below 0.5, and "
                        "no " NQI_OPTION "sigma or " NQI_OPTION "snr");
    if (!job->rows.is_model_size)
        return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                        "noisy pictures of bits must have the size that the model was made for");
    job->noise.kind = NQI_FILL_NOISE_FLIPS;
    job->noise.flip = noise->flip;
    return NQ_OK;
}

static nq_status normal_choose(nqi_fill_job *job)
{
    const nq_noise_options *noise = &job->noise.options;
    const nq_model *model = job->models[0];
    const size_t columns = nq_model_columns(model);
    const double size = is_given(noise->sigma) ? noise->sigma : noise->snr;
    if (!(size > 0) || is_given(noise->flip))
        return nqi_fail(job->context, NQ_ERROR_SHAPE,
                        "a model of real numbers takes " NQI_OPTION "sigma S or " NQI_OPTION
                        "snr R above 0, and no " NQI_OPTION "flip");
    if (!(job->noise.sigma = nqi_numbers_new(job->context, columns, 1)))
        return NQ_ERROR_MEMORY;
    for (size_t c = 0; c < columns; c++) {
        double deviation = 1;
        nq_model_column_scaling(NULL, &deviation, model, c);
        job->noise.sigma[c] =
            is_given(noise->sigma) ? noise->sigma : (deviation > 0 ? deviation : 1) / noise->snr;
    }
    job->noise.kind = NQI_FILL_NOISE_NORMAL;
    return NQ_OK;
}

/* Missing cells stay missing; constant columns have no deviation and get no noise by snr that
 * anybody would look at. */
static void noise_add(nqi_fill_job *job)
{
    const nqi_fill_rows *rows = &job->rows;
    const uint64_t seed = job->plan.options.seed;
    for (size_t i = 0; i < rows->count * rows->columns; i++) {
        double *x = &rows->known[i], low = 0, high = 1;
        if (job->noise.kind == NQI_FILL_NOISE_NORMAL) {
            *x += job->noise.sigma[rows->is_model_size ? i % rows->columns : 0] *
                  nqi_noise_normal(seed, i);
            continue;
        }
        (void)nq_model_pair(&low, &high, job->models[0], i % rows->columns);
        if (!isnan(*x) && nqi_noise_uniform(seed, i) < job->noise.flip)
            *x = low + high - *x;
    }
}

nq_status nqi_fill_noise_prepare(nqi_fill_job *job)
{
    if (!is_noisy(&job->noise.options))
        return NQ_OK; /* cells that are there are known */
    nq_status status = kinds_check(job);
    if (!status)
        status = nq_model_is_density(job->models[0]) ? normal_choose(job) : flips_choose(job);
    if (status || !job->noise.options.add_noise)
        return status;
    if (!job->rows.truth && (status = nqi_fill_keep_truth(job)))
        return status;
    noise_add(job);
    return NQ_OK;
}
