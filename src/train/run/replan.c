/* replan.c - a run of another length. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/context.h"
#include "core/option/options.h"
#include "train/best/judge.h"

static int64_t updates_of(const nq_trainer *trainer, const nq_train_options *wanted)
{
    const double rows = (double)nq_dataset_rows(trainer->sets.data);
    if (wanted->updates > 0 || !(wanted->epochs > 0))
        return wanted->updates;
    return (int64_t)fmin(fmax(ceil(wanted->epochs * rows / (double)trainer->options.batch), 1),
                         1e15);
}

static nq_status check_wanted(const nq_trainer *trainer, const nq_train_options *wanted,
                              int64_t updates)
{
    const nq_train_options *o = &trainer->options;
    if (wanted->patience > 0 && (!trainer->sets.valid || o->fit_updates > 0))
        return nqi_fail(trainer->context, NQ_ERROR_ARGUMENT,
                        "\036patience: this run has no hold-out rows, or \036fit_updates");
    if (o->fit_updates > 0 && updates && updates < o->fit_updates)
        return nqi_fail(trainer->context, NQ_ERROR_ARGUMENT,
                        "\036updates %lld: the %lld of \036fit_updates cannot be shortened",
                        (long long)updates, (long long)o->fit_updates);
    return NQ_OK;
}

static nq_status change_patience(nq_trainer *trainer, nq_count patience)
{
    if (patience < 0 || patience == trainer->options.patience)
        return NQ_OK;
    trainer->options.patience = trainer->plan.patience = patience;
    trainer->plan.waited = 0;
    return nqi_best_remember(&trainer->best, trainer->context, trainer->sets.valid, patience);
}

nq_status nq_trainer_replan(nq_trainer *trainer, const nq_train_options *options)
{
    nq_train_options *o = &trainer->options, wanted;
    nq_status status;
    if ((status = nqi_options_take(&wanted, trainer->context, &nqi_train_options, options)))
        return status;
    const int64_t updates = updates_of(trainer, &wanted);
    if ((status = check_wanted(trainer, &wanted, updates)) ||
        (status = change_patience(trainer, wanted.patience)))
        return status;
    const int is_other_time =
        wanted.minutes > 0 && (wanted.minutes < o->minutes || wanted.minutes > o->minutes);
    if (!(updates && updates != o->updates) && !is_other_time)
        return NQ_OK;
    nqi_plan_change(&trainer->plan, updates, 60 * wanted.minutes, trainer->progress.update,
                    nqi_clock_seconds(&trainer->clock));
    trainer->plan.every = o->valid_every;
    o->updates = updates;
    o->epochs = wanted.epochs;
    o->minutes = wanted.minutes;
    trainer->progress.done = nqi_trainer_part(trainer) >= 1;
    if (!trainer->progress.done || (status = nqi_judge_state(trainer)))
        return status;
    return nqi_judge_best(trainer);
}
