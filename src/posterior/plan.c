/* plan.c - how many particles, filters and microbatches serve what was asked for. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "posterior/posterior.h"

enum {
    PARTICLES = 512,
    PARTICLES_LARGE = 128, /* of rows of more than NQI_MANY_NUMBERS numbers */
    PARTICLES_MOST = 1 << 20
};

static size_t at_least(size_t n, size_t least)
{
    return n > least ? n : least;
}

/* As many as the network sees at a time, a power of two. Few large pictures are not filled up: what
 * is done to each of their numbers beside the network takes time too. */
static size_t batch_filters_choose(const nqi_posterior_job *job)
{
    const size_t all = job->plan.targets * job->plan.filters;
    const int is_large = job->model->process.dim > NQI_LARGE_PICTURE;
    size_t count = 1;
    while (2 * count * job->plan.particles <= job->plan.batch_rows && !(is_large && count >= all))
        count *= 2;
    return count;
}

/* A filter gives about half as many draws as it has particles: drawn from one filter they share
 * ancestors. It hands on twice that, for the choice between filters by their evidence. */
nq_status nqi_posterior_plan_make(nqi_posterior_job *job, const nq_posterior_options *options)
{
    const size_t usual = job->model->process.dim > NQI_MANY_NUMBERS ? PARTICLES_LARGE : PARTICLES;
    const size_t wanted = options->particles ? options->particles : usual;
    job->plan.draws = at_least(options->draws, 1);
    job->plan.jumps = options->jumps ? options->jumps : *options->method ? 1 : job->method->jumps;
    job->plan.batch_rows = nqi_sample_rows(job->model);
    job->plan.particles = 1;
    job->plan.filters = job->plan.draws;
    job->plan.kept = 1;
    /* of few draws pairs would be too much of what differs between them */
    job->plan.paired = job->method->of_roles && job->plan.draws >= NQ_PAIRED_DRAWS;
    if (job->method->weighted && (wanted < 2 || wanted > PARTICLES_MOST))
        return nqi_fail(job->context, NQ_ERROR_ARGUMENT, "%zu particles: expected 2 to %d",
                        wanted, PARTICLES_MOST);
    if (options->first % NQI_SAMPLE_ROWS)
        return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                        "first target %zu: expected a multiple of %d", options->first,
                        NQI_SAMPLE_ROWS);
    if (job->method->weighted) {
        const size_t half = at_least(wanted / 2, 1);
        job->plan.particles = wanted;
        job->plan.filters =
            job->plan.draws == 1 ? 1 : at_least((job->plan.draws + half - 1) / half, 2);
        job->plan.kept = 2 * ((job->plan.draws + job->plan.filters - 1) / job->plan.filters);
        job->plan.kept = job->plan.kept < wanted ? job->plan.kept : wanted;
    }
    job->plan.batch_filters = batch_filters_choose(job);
    job->plan.batches = (job->plan.targets * job->plan.filters + job->plan.batch_filters - 1) /
                        job->plan.batch_filters;
    job->plan.first = options->first;
    job->plan.first_filter = options->first * job->plan.filters;
    return NQ_OK;
}
