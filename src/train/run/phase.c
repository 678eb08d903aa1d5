/* phase.c - an exact fit, the descent, and the last leg when patience is over. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/run/phase.h"

#include <math.h>

#include "train/update/update.h"

enum { WARM_UPDATES = 100 };

/* Linear warm-up. */
static double warm(const nq_trainer *trainer)
{
    return fmin(1, ((double)trainer->progress.update + 1) / WARM_UPDATES);
}

/* Part of an exact fit that is over. */
static double fit_part(const nq_trainer *trainer)
{
    return (double)trainer->progress.update / (double)trainer->options.fit_updates;
}

/* An exact fit has half a cosine for each of its stages. */
static double fit_rate(const nq_trainer *trainer, double part)
{
    const double fitted = fit_part(trainer);
    nqi_plan plan = trainer->plan;
    plan.begin = 0;
    part = fitted < NQI_FIT_MOVES ? fitted / NQI_FIT_MOVES
                                  : (fitted - NQI_FIT_MOVES) / (1 - NQI_FIT_MOVES);
    return trainer->options.rate * warm(trainer) * nqi_plan_height(&plan, part);
}

/* As the plan says; the first update does not look at the clock. */
static double planned_rate(const nq_trainer *trainer, double part)
{
    const nq_train_options *o = &trainer->options;
    nqi_plan plan = trainer->plan;
    double height = 1;
    if (!trainer->progress.update)
        part = 0;
    if (o->fit_updates > 0) {
        plan.begin = fmax(plan.begin, (double)o->fit_updates / (double)o->updates);
        height = 0.01; /* the readouts are solved: more would unsettle them */
    }
    return o->rate * height * warm(trainer) * nqi_plan_height(&plan, part);
}

/* Spans of `share` steps, split at 15, 30 and 45 % (findings: 500, 100, 20, 1), of the updates
 * where there is a number of them. */
static double shared_span(const nq_trainer *trainer, double part)
{
    const double share = (double)trainer->options.share;
    if (trainer->plan.updates > 0)
        part = (double)trainer->progress.update / (double)trainer->plan.updates;
    return part < 0.15 ? share : part < 0.30 ? share / 5 : part < 0.45 ? share / 25 : 1;
}

static double no_span(const nq_trainer *trainer, double part)
{
    (void)trainer;
    (void)part;
    return 1;
}

static const nqi_phase fit_features = {"fit", fit_rate, shared_span, nqi_update_fit_features},
                       fit_variances = {"fit", fit_rate, shared_span, nqi_update_fit_variances},
                       fit_sums = {"fit", fit_rate, shared_span, nqi_update_fit_sums},
                       descend = {"descend", planned_rate, shared_span, nqi_update_descend},
                       anneal = {"anneal", planned_rate, no_span, nqi_update_descend};

const nqi_phase *nqi_phase_now(const nq_trainer *trainer)
{
    const int64_t left = trainer->options.fit_updates - trainer->progress.update;
    if (left <= 0)
        return trainer->plan.ends ? &anneal : &descend;
    if (left <= nqi_settle_updates(trainer->options.fit_updates))
        return &fit_sums;
    return fit_part(trainer) < NQI_FIT_MOVES ? &fit_features : &fit_variances;
}
