/* filter.c - the reverse process multiplied by evidence, as a particle filter with
 * twisting functions r_t: exact as particles grow. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* A row's weight is Z_T prod_t Z_{t-1}(x_t) / r_t(x_t), Z_{t-1}(x_t) = E[r_{t-1}(x_{t-1})] over the
 * model's step from x_t; the mean over rows estimates E[r(x_0)] over the model. Weights of a step
 * are known before its draw, so rows are resampled first (N. Whiteley, A. Lee: Twisted particle
 * filters, Annals of Statistics 42 (2014) 115). */
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

static void permute(double *values, const size_t *ancestor, size_t count, double *spare)
{
    for (size_t k = 0; k < count; k++)
        spare[k] = values[ancestor[k]];
    memcpy(values, spare, count * sizeof *values);
}

/* x_t itself is not needed any more: what is drawn next depends on the proposal alone. */
static void filter_resample(nqi_walk *walk, size_t f, double u)
{
    const nqi_posterior_job *job = walk->job;
    const size_t count = job->particles, at = f * count;
    nqi_systematic(walk->ancestor, count, walk->log_weight + at, count, u);
    for (size_t i = 0; i < job->model->process.dim; i++) {
        const size_t j = i * walk->rows + at;
        permute(walk->mean + j, walk->ancestor, count, walk->spare);
        permute(walk->variance + j, walk->ancestor, count, walk->spare);
        if (job->list.custom_count)
            permute(walk->tilt + j, walk->ancestor, count, walk->spare);
    }
    permute(walk->custom + at, walk->ancestor, count, walk->spare);
    memset(walk->log_weight + at, 0, count * sizeof *walk->log_weight);
    walk->resamplings[f]++;
}

void nqi_walk_resample(nqi_walk *walk, size_t block, size_t number)
{
    const nqi_posterior_job *job = walk->job;
    const nqi_stream stream = {job->seed, NQI_DRAW_RESAMPLE, (uint32_t)number,
                               (uint32_t)(job->first_block + block)};
    for (size_t f = 0; f < job->block_filters; f++) {
        double ess, *log_weight = walk->log_weight + f * job->particles;
        const double mean = nq_log_mean_exp(log_weight, job->particles, &ess);
        if (!isfinite(mean)) {
            if (!walk->fault) {
                walk->fault = walk->target[f * job->particles] + 1;
                walk->undefined = !(mean < 0);
            }
            memset(log_weight, 0, job->particles * sizeof *log_weight);
            continue;
        }
        walk->ess[f] = fmin(walk->ess[f], ess / (double)job->particles);
        if (ess >= 0.5 * (double)job->particles)
            continue;
        walk->log_z[f] += mean;
        filter_resample(walk, f, nqi_stream_uniform(&stream, f));
    }
}

static void level_pass(nqi_walk *walk, size_t level, size_t block)
{
    nqi_walk_condition(walk, level);
    if (walk->job->weighted)
        nqi_walk_resample(walk, block, level + 1);
    nqi_walk_draw(walk, level, block, level + 1);
}

void nqi_posterior_block(void *state, size_t block, int thread)
{
    nqi_posterior_job *job = state;
    nqi_walk *walk = &job->walks[thread];
    nqi_walk_open(walk, block);
    nqi_walk_prior(walk);
    level_pass(walk, job->model->process.schedule.steps, block);
    for (size_t t = job->model->process.schedule.steps; t > 0; t--) {
        nqi_walk_reverse(walk, t);
        if (job->weighted)
            nqi_walk_untwist(walk, t);
        level_pass(walk, t - 1, block);
    }
    nqi_walk_close(walk, block);
}
