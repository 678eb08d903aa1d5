/* resample.c - which particles of a filter live on. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include <noneq/likelihood.h>

#include "posterior/posterior.h"

void nqi_systematic(size_t *ancestor, size_t count, const double *log_weight, size_t n, double u)
{
    double most = -INFINITY, total = 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, log_weight[i]);
    if (!(most > -INFINITY && most < INFINITY)) { /* nothing to choose by */
        for (size_t k = 0; k < count; k++)
            ancestor[k] = k % n;
        return;
    }
    for (size_t i = 0; i < n; i++)
        total += exp(log_weight[i] - most);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        sum += exp(log_weight[i] - most);
        while (k < count && (u + (double)k) * total < sum * (double)count)
            ancestor[k++] = i;
    }
    for (; k < count; k++) /* what rounding left over */
        ancestor[k] = k ? ancestor[k - 1] : 0;
}

/* x_t itself is not needed any more: what is drawn next depends on the proposal alone. */
static void filter_resample(nqi_worker *worker, size_t f, double u)
{
    const size_t count = worker->job->plan.particles, first = f * count;
    const nqi_proposal *all = &worker->walk.proposal;
    nqi_filters *filters = &worker->filters;
    double *log_weight = worker->particles.log_weight + first;
    nqi_systematic(filters->ancestor, count, log_weight, count, u);
    for (size_t i = 0; i < worker->walk.process->laws; i++) {
        const size_t j = i * all->rows + first;
        nqi_particles_move(all->mean + j, filters->ancestor, count, filters->spare);
        nqi_particles_move(all->variance + j, filters->ancestor, count, filters->spare);
    }
    for (size_t k = 0; k < count; k++)
        filters->spare[k] = (double)filters->start[first + filters->ancestor[k]];
    for (size_t k = 0; k < count; k++)
        filters->start[first + k] = (size_t)filters->spare[k];
    nqi_twists_resample(&worker->twists, &worker->particles, first, filters->ancestor, count);
    if (worker->job->twist == NQI_TWIST_LOOKAHEAD)
        nqi_lookahead_resample(&worker->ahead, first, filters->ancestor, count);
    memset(log_weight, 0, count * sizeof *log_weight);
    filters->resamplings[f]++;
}

/* Weights that sum to nothing, or to no number. */
static void filter_fault(nqi_worker *worker, size_t f, double mean)
{
    const size_t count = worker->job->plan.particles, first = f * count;
    nqi_particles *particles = &worker->particles;
    if (!particles->fault) {
        particles->fault = particles->target[first] + 1;
        particles->undefined = !(mean < 0);
    }
    memset(particles->log_weight + first, 0, count * sizeof *particles->log_weight);
}

void nqi_worker_resample(nqi_worker *worker, size_t level)
{
    const nqi_posterior_plan *plan = &worker->job->plan;
    nqi_filters *filters = &worker->filters;
    for (size_t f = 0; f < plan->batch_filters; f++) {
        double ess;
        const double mean =
            nq_log_mean_exp(&ess, worker->particles.log_weight + f * plan->particles,
                            plan->particles);
        if (!isfinite(mean)) {
            filter_fault(worker, f, mean);
            continue;
        }
        filters->ess[f] = fmin(filters->ess[f], ess / (double)plan->particles);
        if (ess >= 0.5 * (double)plan->particles)
            continue;
        filters->log_z[f] += mean;
        filter_resample(worker, f, nqi_worker_uniform(worker, f, (uint32_t)(level + 1)));
    }
}
