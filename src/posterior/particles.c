/* particles.c - the reverse process multiplied by evidence, as a particle filter with twisting
 * functions r_t: exact as particles grow. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* A row's weight is Z_T prod_t Z_{t-1}(x_t) / r_t(x_t), Z_{t-1}(x_t) = E[r_{t-1}(x_{t-1})] over the
 * model's step from x_t; the mean over rows estimates E[r(x_0)] over the model. Weights of a step
 * are known before its draw, so rows are resampled first (N. Whiteley, A. Lee: Twisted particle
 * filters, Annals of Statistics 42 (2014) 115). */
#include "posterior/posterior.h"

static void proposed(void *state, size_t level)
{
    nqi_worker *worker = state;
    if (level < worker->walk.process->schedule.steps)
        nqi_twists_untwist(&worker->twists, &worker->particles, level + 1);
    nqi_twists_condition(&worker->twists, &worker->particles, level);
    nqi_worker_resample(worker, level);
}

static void drawn(void *state, size_t level)
{
    nqi_worker *worker = state;
    nqi_twists_drawn(&worker->twists, &worker->particles, level, 1);
}

static void ahead_proposed(void *state, size_t level)
{
    nqi_worker *worker = state;
    nqi_lookahead_weigh(&worker->ahead, &worker->particles, level);
    nqi_worker_resample(worker, level);
}

static void ahead_drawn(void *state, size_t level)
{
    nqi_worker *worker = state;
    nqi_lookahead_drawn(&worker->ahead, &worker->particles, level);
}

static void run(nqi_worker *worker)
{
    const int looks = worker->job->twist == NQI_TWIST_LOOKAHEAD;
    const nqi_guide guide = {.state = worker,
                             .proposed = looks ? ahead_proposed : proposed,
                             .drawn = looks ? ahead_drawn : drawn};
    if (looks)
        nqi_lookahead_begin(&worker->ahead);
    nqi_walk_begin(&worker->walk, &guide);
    nqi_walk_down(&worker->walk, &guide, worker->walk.process->schedule.steps, 0);
}

/* It needs r_t > 0 wherever x_t may be. */
static nq_status check(const nqi_posterior_job *job)
{
    if (job->twist >= NQI_TWIST_INFORMED || !nqi_evidence_is_exact(job->evidence))
        return NQ_OK;
    return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                    "known cells in a particle filter need the twist lookahead or informed: any "
                    "other lets no x_t but the cell's own value live");
}

const nqi_method nqi_method_particles = {.name = "particles",
                                         .weighted = 1,
                                         .twist = NQI_TWIST_LOOKAHEAD,

                                         .check = check,
                                         .run = run};
