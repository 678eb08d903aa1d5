/* schedule.c - the schedule that options ask for: one of the kinds, or a file of rates. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/option/options.h"
#include "model/model.h"

static const char *const schedule_kinds[] = {"constant-fraction", "learned", "log-snr", "linear",
                                             "cosine"};
enum { SCHEDULE_KINDS = sizeof schedule_kinds / sizeof *schedule_kinds };

const char *nqi_schedule_name(size_t i)
{
    return i < SCHEDULE_KINDS ? schedule_kinds[i] : NULL;
}

int nqi_schedule_is_named(const char *kind)
{
    for (int i = 0; i < SCHEDULE_KINDS; i++)
        if (!strcmp(schedule_kinds[i], kind))
            return 1;
    return 0;
}

/* A file says all that the options could say. */
static nq_status open_schedule(nq_schedule *out, nq_context *context,
                               const nq_model_options *options)
{
    const char *path = options->schedule;
    const nq_status status = nq_schedule_open(out, context, path);
    if (status == NQ_ERROR_FILE && !strpbrk(path, "./"))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "unknown schedule \"%s\": expected constant-fraction, learned, log-snr, "
                        "linear, cosine or a file of rates",
                        path);
    if (status)
        return status;
    if (options->beta_1 > 0)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "\036beta_1 beside a schedule file: the first rate is that of %s, %g",
                        path, out->beta[0]);
    if (options->steps && options->steps != (nq_count)out->steps)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "\036steps %lld, but %s has %zu rates: leave \036steps out",
                        (long long)options->steps, path, out->steps);
    return NQ_OK;
}

/* Options that the schedule does not look at, but that were given. */
static nq_status check_schedule_options(nq_context *context, const nq_model_options *options)
{
    nq_model_options defaults;
    const char *kind = options->schedule;
    const int looks = !strcmp(kind, "log-snr") || !strcmp(kind, "learned");
    nq_model_options_init(&defaults, sizeof defaults);
    if (!looks && options->alpha_bar_last != defaults.alpha_bar_last)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "\036alpha_bar_last is for the schedules log-snr and learned, not for %s",
                        kind);
    return NQ_OK;
}

nq_status nqi_model_schedule(nq_schedule *out, nq_context *context,
                             const nq_model_options *options)
{
    const char *kind = options->schedule;
    const nqi_family *family = nqi_family_find(options->kernel);
    const nq_status status = check_schedule_options(context, options);
    if (status)
        return status;
    if (!nqi_schedule_is_named(kind))
        return open_schedule(out, context, options);
    if (!strcmp(kind, "learned") && !family->rates)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "schedule \"learned\": the %s kernel has no gradient by its rates; "
                        "expected constant-fraction, linear, cosine or a file",
                        family->name);
    if (!strcmp(kind, "learned") && options->steps == 1)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "\036schedule learned with \036steps 1: the first rate and the last are "
                        "not learned; expected more \036steps or another \036schedule");
    if (!strcmp(kind, "learned"))
        kind = "log-snr";
    if (!strcmp(kind, "constant-fraction"))
        kind = family->constant_fraction;
    return nq_schedule_new(out, context, kind, (size_t)options->steps, options->beta_1,
                           options->alpha_bar_last);
}

/* The exact form of constant-fraction is not in its rates (alpha_bar_t is a ratio of integers), so
 * that one is made anew. */
nq_status nqi_model_schedule_again(nq_schedule *out, nq_context *context,
                                   const nq_model_options *options, const double *beta,
                                   size_t steps)
{
    const char *exact = "constant-fraction";
    const nqi_family *family = nqi_family_find(options->kernel); /* NULL is refused later */
    if (!strcmp(options->schedule, exact) && family && !strcmp(family->constant_fraction, exact))
        return nq_schedule_new(out, context, exact, steps, 0, 0.5);
    return nq_schedule_from_beta(out, context, beta, steps);
}

/* A rate of 1 has no logit, which the network's variance is counted from. */
nq_status nqi_model_rates_check(const nq_schedule *schedule, nq_context *context,
                                const nqi_family *family)
{
    for (size_t i = 0; i < schedule->steps; i++)
        if (schedule->beta[i] > family->rate_most)
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "diffusion rate %zu of %zu is %.6g: of the %s kernel it is at most "
                            "%g (more steps make it smaller)",
                            i + 1, schedule->steps, schedule->beta[i], family->name,
                            family->rate_most);
    return NQ_OK;
}

nq_status nq_schedule_open(nq_schedule *out, nq_context *context, const char *path)
{
    memset(out, 0, sizeof *out);
    nq_dataset *data;
    nq_status status = nq_dataset_open(&data, context, path);
    if (status)
        return status;
    const size_t steps = data->rows * data->dim;
    double *row = calloc(data->dim, sizeof *row);
    double *beta = calloc(steps, sizeof *beta);
    if (!row || !beta)
        status = nqi_fail_memory(context, "a schedule", steps * sizeof *beta);
    for (size_t r = 0; !status && r < data->rows; r++) {
        nq_dataset_row(row, data, r);
        for (size_t i = 0; i < data->dim; i++)
            beta[r * data->dim + i] = row[i];
    }
    if (!status)
        status = nq_schedule_from_beta(out, context, beta, steps);
    free(row);
    free(beta);
    nq_dataset_free(data);
    return status;
}
