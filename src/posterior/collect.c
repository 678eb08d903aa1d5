/* collect.c - what is handed back: draws of each target, and its evidence. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/likelihood.h>

#include "posterior/posterior.h"

static nq_status out_alloc(nq_posterior *out, const nqi_posterior_job *job)
{
    out->targets = job->plan.targets;
    out->draws = job->plan.draws;
    out->particles = job->plan.particles;
    out->method = job->method->name;
    out->columns = nq_model_columns(job->model);
    out->samples =
        calloc(job->plan.targets * job->plan.draws, out->columns * sizeof *out->samples);
    out->log_evidence = calloc(job->plan.targets, sizeof *out->log_evidence);
    out->log_evidence_se = calloc(job->plan.targets, sizeof *out->log_evidence_se);
    out->ess = calloc(job->plan.targets, sizeof *out->ess);
    out->resamplings = calloc(job->plan.targets, sizeof *out->resamplings);
    out->starts = calloc(job->plan.targets, sizeof *out->starts);
    if (out->samples && out->log_evidence && out->log_evidence_se && out->ess &&
        out->resamplings && out->starts)
        return NQ_OK;
    return nqi_fail_memory(job->context, "posterior samples",
                           job->plan.targets * job->plan.draws * out->columns * sizeof(double));
}

/* In the data's units; known cells are the caller's own numbers. */
static void draw_restore(const nqi_posterior_job *job, const nqi_real *scaled, size_t target,
                         double *out)
{
    nqi_scaling_restore(&job->model->scaling, scaled, 1, 1, out);
    nqi_evidence_put_known(job->evidence, target, out);
}

/* How many particles at T a target's draws come from; mark: [filters][particles]. */
static void mark_start(const nqi_posterior_job *job, nq_posterior *out, size_t target,
                       size_t filter, size_t candidate, unsigned char *mark)
{
    const size_t at = target * job->plan.filters + filter;
    const size_t start = job->found.start[at * job->plan.kept + candidate];
    unsigned char *own = mark + filter * job->plan.particles + start;
    out->starts[target] += !*own;
    *own = 1;
}

/* Draws of a target: each filter gets as many as its share of the evidence. */
static void target_collect(const nqi_posterior_job *job, nq_posterior *out, size_t target,
                           size_t *chosen, unsigned char *mark)
{
    const size_t at = target * job->plan.filters, dim = job->model->process.dim;
    const nqi_stream stream = {job->seed, NQI_DRAW_RESAMPLE, UINT32_MAX,
                               (uint32_t)(job->plan.first + target)};
    if (job->method->weighted)
        nqi_systematic(chosen, job->plan.draws, job->found.log_z + at, job->plan.filters,
                       nqi_stream_uniform(&stream, 0));
    for (size_t d = 0; d < job->plan.draws && !job->method->weighted; d++)
        chosen[d] = d;
    memset(mark, 0, job->plan.filters * job->plan.particles);
    for (size_t d = 0; d < job->plan.draws; d++) {
        size_t first = d, last = d + 1;
        while (first > 0 && chosen[first - 1] == chosen[d])
            first--;
        while (last < job->plan.draws && chosen[last] == chosen[d])
            last++;
        const size_t candidate = (d - first) * job->plan.kept / (last - first);
        mark_start(job, out, target, chosen[d], candidate, mark);
        draw_restore(job,
                     job->found.candidates +
                         ((at + chosen[d]) * job->plan.kept + candidate) * dim,
                     target, out->samples + (target * job->plan.draws + d) * out->columns);
    }
}

/* Independent filters of which an error can be had: of two it would be off by its own size. */
enum { FILTERS_LEAST = 8 };

/* Standard error of the log of a mean of `count` independent estimates. */
static double log_mean_error(size_t count, double ess)
{
    return count < FILTERS_LEAST ? NAN
                                 : sqrt(fmax((double)count / ess - 1, 0) / ((double)count - 1));
}

static void target_report(const nqi_posterior_job *job, nq_posterior *out, size_t target)
{
    const size_t at = target * job->plan.filters;
    double ess;
    out->log_evidence[target] = nq_log_mean_exp(&ess, job->found.log_z + at, job->plan.filters) +
                                nqi_evidence_shift(job->evidence, target);
    out->log_evidence_se[target] = log_mean_error(job->plan.filters, ess);
    out->ess[target] = 1;
    for (size_t g = 0; g < job->plan.filters; g++) {
        out->ess[target] = fmin(out->ess[target], job->found.ess[at + g]);
        if (job->found.resamplings[at + g] > out->resamplings[target])
            out->resamplings[target] = job->found.resamplings[at + g];
    }
    if (!job->method->weighted)
        out->log_evidence[target] = out->log_evidence_se[target] = out->ess[target] = NAN;
}

/* A network that is asked far from its training rows may say nothing finite. Gaps of a table are no
 * numbers either, where they are levels. */
static nq_status target_check(const nqi_posterior_job *job, const nq_posterior *out,
                              size_t target)
{
    const double *samples = out->samples + target * out->draws * out->columns;
    for (size_t j = 0; !job->model->scaling.coding && j < out->draws * out->columns; j++)
        if (!isfinite(samples[j]))
            return nqi_fail(job->context, NQ_ERROR_DIVERGED,
                            "row %zu: what is drawn of column %zu is not finite; expected known "
                            "cells that are nearer to the training rows",
                            target + 1, j % out->columns + 1);
    return NQ_OK;
}

nq_status nqi_posterior_collect(nq_posterior *out, const nqi_posterior_job *job)
{
    nq_status status = out_alloc(out, job);
    if (status)
        return status;
    size_t *chosen = malloc(job->plan.draws * sizeof *chosen);
    unsigned char *mark = malloc(job->plan.filters * job->plan.particles);
    if (!chosen || !mark) {
        free(chosen);
        free(mark);
        return nqi_fail_memory(job->context, "draws", job->plan.draws * sizeof *chosen);
    }
    for (size_t r = 0; r < job->plan.targets && !status; r++) {
        target_collect(job, out, r, chosen, mark);
        target_report(job, out, r);
        status = target_check(job, out, r);
    }
    free(chosen);
    free(mark);
    return status;
}
