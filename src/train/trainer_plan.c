/* trainer_plan.c - a run of another length, and how long it will take. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <time.h>

#include "core/context.h"
#include "io/option/options.h"
#include "train/trainer.h"

static int64_t updates_of(const nq_trainer *trainer, const nq_train_options *wanted)
{
    const double rows = (double)nq_dataset_rows(trainer->data);
    if (wanted->updates > 0 || !(wanted->epochs > 0))
        return wanted->updates;
    return (int64_t)fmin(fmax(ceil(wanted->epochs * rows / (double)trainer->options.batch), 1),
                         1e15);
}

static nq_status check_wanted(const nq_trainer *trainer, const nq_train_options *wanted,
                              int64_t updates)
{
    const nq_train_options *o = &trainer->options;
    const nq_status status = nqi_train_options_check(trainer->context, wanted, NULL);
    if (status)
        return status;
    if (wanted->patience > 0 && (!trainer->valid || o->fit_updates > 0))
        return nqi_fail(trainer->context, NQ_ERROR_ARGUMENT,
                        "--patience: this run has no hold-out rows, or --fit-updates");
    if (o->fit_updates > 0 && updates && updates < o->fit_updates)
        return nqi_fail(trainer->context, NQ_ERROR_ARGUMENT,
                        "--updates %lld: the %lld of --fit-updates cannot be shortened",
                        (long long)updates, (long long)o->fit_updates);
    return NQ_OK;
}

static nq_status change_patience(nq_trainer *trainer, nq_count patience)
{
    if (patience < 0 || patience == trainer->options.patience)
        return NQ_OK;
    trainer->options.patience = trainer->plan.patience = patience;
    trainer->plan.waited = 0;
    return nqi_trainer_remember(trainer);
}

nq_status nq_trainer_replan(nq_trainer *trainer, const nq_train_options *options)
{
    nq_train_options *o = &trainer->options, wanted;
    nq_status status;
    nqi_train_options_copy(&wanted, options);
    const int64_t updates = updates_of(trainer, &wanted);
    if ((status = check_wanted(trainer, &wanted, updates)) ||
        (status = change_patience(trainer, wanted.patience)))
        return status;
    const int is_other_time =
        wanted.minutes > 0 && (wanted.minutes < o->minutes || wanted.minutes > o->minutes);
    if (!(updates && updates != o->updates) && !is_other_time)
        return NQ_OK;
    nqi_plan_change(&trainer->plan, updates, 60 * wanted.minutes, trainer->update,
                    nqi_trainer_seconds(trainer));
    trainer->plan.every = o->valid_every;
    o->updates = updates;
    o->epochs = wanted.epochs;
    o->minutes = wanted.minutes;
    trainer->done = nqi_trainer_progress(trainer) >= 1;
    if (!trainer->done || (status = nqi_trainer_judge(trainer)))
        return status;
    return nqi_trainer_check(trainer);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Seconds of a pass over one batch, gradient included. The first pass finds nothing in the caches;
 * all ranks make as many. */
static nq_status time_pass(nq_trainer *trainer, double *seconds)
{
    enum { MOST = 8 };
    const double enough = 0.05;
    *seconds = INFINITY;
    for (double spent = 0, passes = 0; passes < MOST && spent < enough; passes++) {
        const double began = now();
        const nq_status status = nqi_trainer_rehearse(trainer);
        if (status)
            return status;
        double took = now() - began;
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
    const double have = trainer->valid ? (double)nq_dataset_rows(trainer->valid) : 0;
    return pass / 3 * fmin(have, rows) * terms / (double)trainer->options.batch;
}

nq_status nq_trainer_estimate(double *seconds, nq_trainer *trainer)
{
    const nqi_plan *plan = &trainer->plan;
    const double left = plan->updates > 0 ? (double)(plan->updates - trainer->update) : INFINITY;
    /* Where rows have gaps, the network that fills them takes about as long again. */
    const double passes = trainer->options.fit_updates > 0 || trainer->filler.model ? 2 : 1;
    double pass;
    *seconds = plan->seconds > 0 ? plan->seconds - nqi_trainer_seconds(trainer) : INFINITY;
    if (trainer->done || left < 1 || !(plan->updates > 0)) {
        *seconds = trainer->done ? 0 : *seconds;
        return NQ_OK;
    }
    const nq_status status = time_pass(trainer, &pass);
    if (status)
        return status;
    const double judge = seconds_to_judge(trainer, pass, NQI_VALID_ROWS, NQI_VALID_TERMS);
    const double check = seconds_to_judge(trainer, pass, NQI_CHECK_ROWS, NQI_CHECK_TERMS);
    const double work = left * pass * passes + (left / (double)plan->every + 1) * judge + check;
    *seconds = fmin(*seconds, work);
    return NQ_OK;
}
