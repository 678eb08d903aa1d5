/* estimate.c - how long the rest of a run will take. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/context.h"
#include "train/update/update.h"

/* Seconds of a pass over one batch, gradient included. The first pass finds nothing in the caches;
 * all ranks make as many. */
static nq_status time_pass(nq_trainer *trainer, double *seconds)
{
    enum { MOST = 8 };
    const double enough = 0.05;
    *seconds = INFINITY;
    for (double spent = 0, passes = 0; passes < MOST && spent < enough; passes++) {
        const double began = nqi_clock_now();
        const nq_status status = nqi_pass_rehearse(trainer);
        if (status)
            return status;
        double took = nqi_clock_now() - began;
        const nq_status shared = nq_context_share(trainer->context, &took, sizeof took);
        if (shared)
            return shared;
        spent += took;
        *seconds = fmin(*seconds, took);
    }
    return NQ_OK;
}

/* Terms of K need no gradient, which is two thirds of a pass. */
static double seconds_to_judge(const nq_trainer *trainer, double pass, double rows, double terms)
{
    const double have = trainer->sets.valid ? (double)nq_dataset_rows(trainer->sets.valid) : 0;
    return pass / 3 * fmin(have, rows) * terms / (double)trainer->options.batch;
}

nq_status nq_trainer_estimate(double *seconds, nq_trainer *trainer)
{
    const nqi_plan *plan = &trainer->plan;
    const double left =
        plan->updates > 0 ? (double)(plan->updates - trainer->progress.update) : INFINITY;
    /* Where rows have gaps, the network that fills them takes about as long again. */
    const double passes = trainer->options.fit_updates > 0 || trainer->gaps.filler.model ? 2 : 1;
    double pass, made;
    const double beside = nqi_starts_updates(&made, trainer);
    *seconds = plan->seconds > 0 ? plan->seconds - nqi_clock_seconds(&trainer->clock) : INFINITY;
    if (trainer->progress.done || left < 1 || !(plan->updates > 0)) {
        *seconds = trainer->progress.done ? 0 : *seconds;
        return NQ_OK;
    }
    const nq_status status = time_pass(trainer, &pass);
    if (status)
        return status;
    const double judge = seconds_to_judge(trainer, pass, NQI_VALID_ROWS, NQI_VALID_TERMS);
    const double check = seconds_to_judge(trainer, pass, NQI_CHECK_ROWS, NQI_CHECK_TERMS);
    const double work =
        (beside - made + left) * pass * passes + (left / (double)plan->every + 1) * judge + check;
    *seconds = fmin(*seconds, work);
    return NQ_OK;
}
