/* posterior.c - nq_posterior_sample: options, the run over all blocks, and what is handed back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "posterior/posterior.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/likelihood.h>

#include "core/context.h"
#include "dist/comm.h"

enum {
    PARTICLES = 512,
    PARTICLES_LARGE = 128, /* of rows of more than LARGE numbers */
    LARGE =
        256, /* with more numbers, one particle soon outweighs all others (docs/posterior.md) */
    PARTICLES_MOST = 1 << 20,
    JUMPS = 4 /* where `noised` was chosen here */
};

void nq_posterior_options_init(nq_posterior_options *options)
{
    memset(options, 0, sizeof *options);
}

void nq_posterior_free(nq_posterior *posterior)
{
    if (!posterior)
        return;
    free(posterior->samples);
    free(posterior->log_evidence);
    free(posterior->log_evidence_se);
    free(posterior->ess);
    free(posterior->resamplings);
    memset(posterior, 0, sizeof *posterior);
}

/* All that is known are cells. */
static int is_clamp(const nqi_evidence_list *list)
{
    for (size_t i = 0; i < list->cell_count; i++)
        if (!list->cells[i]->known)
            return 0;
    return !list->linear_count && !list->custom_count;
}

static nq_status method_choose(nqi_posterior_job *job, const char *method)
{
    static const char *const names[] = {"noised", "particles", "paper"};
    if (!*method)
        method = job->model->process.dim <= LARGE ? "particles"
                 : is_clamp(&job->list)           ? "noised"
                                                  : "paper";
    job->noised = !strcmp(method, "noised");
    job->weighted = !strcmp(method, "particles");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(method, names[i])) {
            job->method = names[i];
            return NQ_OK;
        }
    return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                    "method \"%s\" is unknown: expected paper, noised or particles", method);
}

static nq_status twist_choose(nqi_posterior_job *job, const char *twist)
{
    static const char *const names[] = {"constant", "annealed", "informed"};
    job->twist = job->weighted ? NQI_TWIST_INFORMED : NQI_TWIST_ANNEALED;
    for (int i = 0; i < 3; i++)
        if (!strcmp(twist, names[i])) {
            job->twist = (nqi_twist)i;
            return NQ_OK;
        }
    if (!*twist)
        return NQ_OK;
    return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                    "twist \"%s\" is unknown: expected constant, annealed or informed", twist);
}

/* Evidence that is exact in a cell somewhere: a clamp, or a bit of which d is 0 or 1. */
static int is_exact(const nq_evidence *part)
{
    const size_t numbers = part->targets * part->model->process.dim;
    if (part->known)
        return 1;
    for (size_t j = 0; j < numbers && !part->variance; j++)
        if (part->value[j] == 0 || part->value[j] == 1)
            return 1;
    return 0;
}

/* A particle filter needs r_t > 0 wherever x_t may be, and the noised method knows clamps. */
static nq_status evidence_check(const nqi_posterior_job *job)
{
    const nqi_evidence_list *list = &job->list;
    for (size_t i = 0; i < list->cell_count; i++)
        if (job->weighted && job->twist != NQI_TWIST_INFORMED && is_exact(list->cells[i]))
            return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                            "known cells in a particle filter need the twist informed: any other "
                            "lets no x_t but the cell's own value live");
    if (job->noised && !is_clamp(list))
        return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                        "the method noised takes known cells only; expected method paper or "
                        "particles for other evidence");
    return NQ_OK;
}

static size_t at_least(size_t n, size_t least)
{
    return n > least ? n : least;
}

/* As many as fit a block, a power of two. Few large pictures are not filled up: what is done to
 * each of their numbers beside the network takes time too. */
static size_t block_filters_choose(const nqi_posterior_job *job)
{
    const size_t all = job->targets * job->filters;
    const int is_large = job->model->process.dim > NQI_LARGE_PICTURE;
    size_t count = 1;
    while (2 * count * job->particles <= job->block_rows && !(is_large && count >= all))
        count *= 2;
    return count;
}

/* A filter gives about half as many draws as it has particles: drawn from one filter they share
 * ancestors. It hands on twice that, for the choice between filters by their evidence. */
static nq_status sizes_choose(nqi_posterior_job *job, const nq_posterior_options *options)
{
    const size_t usual = job->model->process.dim > LARGE ? PARTICLES_LARGE : PARTICLES;
    const size_t wanted = options->particles ? options->particles : usual;
    job->draws = at_least(options->draws, 1);
    job->jumps = options->jumps ? options->jumps : *options->method ? 1 : JUMPS;
    job->block_rows = nqi_sample_rows(job->model);
    job->particles = 1;
    job->filters = job->draws;
    job->kept = 1;
    if (job->weighted && (wanted < 2 || wanted > PARTICLES_MOST))
        return nqi_fail(job->context, NQ_ERROR_ARGUMENT, "%zu particles: expected 2 to %d",
                        wanted, PARTICLES_MOST);
    if (options->first % NQI_SAMPLE_ROWS)
        return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                        "first target %zu: expected a multiple of %d", options->first,
                        NQI_SAMPLE_ROWS);
    if (job->weighted) {
        const size_t half = at_least(wanted / 2, 1);
        job->particles = wanted;
        job->filters = job->draws == 1 ? 1 : at_least((job->draws + half - 1) / half, 2);
        job->kept = 2 * ((job->draws + job->filters - 1) / job->filters);
        job->kept = job->kept < wanted ? job->kept : wanted;
    }
    job->block_filters = block_filters_choose(job);
    job->blocks = (job->targets * job->filters + job->block_filters - 1) / job->block_filters;
    job->first = options->first;
    job->first_block = options->first * job->filters / job->block_filters;
    return NQ_OK;
}

static nq_status job_alloc(nqi_posterior_job *job)
{
    /* whole blocks, of which ranks pass on the results */
    const size_t filters = job->blocks * job->block_filters, dim = job->model->process.dim;
    const int threads = job->blocks > 1 ? nq_context_threads(job->context) : 1;
    nq_status status = NQ_OK;
    job->candidates = calloc(filters * job->kept, dim * sizeof(nqi_real));
    job->log_z = calloc(filters, sizeof *job->log_z);
    job->ess = calloc(filters, sizeof *job->ess);
    job->resamplings = calloc(filters, sizeof *job->resamplings);
    job->fault = calloc(job->blocks, sizeof *job->fault);
    job->undefined = calloc(job->blocks, 1);
    job->walks = calloc((size_t)threads, sizeof *job->walks);
    if (!job->candidates || !job->log_z || !job->ess || !job->resamplings || !job->fault ||
        !job->undefined || !job->walks)
        return nqi_fail_memory(job->context, "posterior samples",
                               filters * job->kept * dim * sizeof(nqi_real));
    for (; job->walk_count < threads && !status; job->walk_count++)
        status = nqi_walk_new(&job->walks[job->walk_count], job);
    return status;
}

static void job_free(nqi_posterior_job *job)
{
    for (int i = 0; i < job->walk_count; i++)
        nqi_walk_free(&job->walks[i]);
    nqi_tiles_free(job->tiles);
    nqi_evidence_list_free(&job->list);
    free(job->walks);
    free(job->candidates);
    free(job->log_z);
    free(job->ess);
    free(job->resamplings);
    free(job->fault);
    free(job->undefined);
}

static nq_status blocks_run(nqi_posterior_job *job)
{
    const size_t filters = job->block_filters, dim = job->model->process.dim;
    const nqi_result results[] = {
        {job->candidates, filters * job->kept * dim * sizeof *job->candidates},
        {job->log_z, filters * sizeof *job->log_z},
        {job->ess, filters * sizeof *job->ess},
        {job->resamplings, filters * sizeof *job->resamplings},
        {job->fault, sizeof *job->fault},
        {job->undefined, sizeof *job->undefined},
    };
    nqi_work *work = job->noised ? nqi_posterior_noised_block : nqi_posterior_block;
    if (job->tiles)
        nqi_tiled_run(job->context, job->blocks, work, job);
    else
        nqi_ranks_run(job->context, job->blocks, work, job);
    return nqi_ranks_gather(job->context, job->blocks, results, sizeof results / sizeof *results);
}

static nq_status job_run(nqi_posterior_job *job)
{
    const nq_status status = blocks_run(job);
    if (status)
        return status;
    for (size_t b = 0; b < job->blocks; b++) {
        if (!job->fault[b])
            continue;
        return nqi_fail(
            job->context, NQ_ERROR_DIVERGED,
            job->undefined[b]
                ? "row %zu: its evidence or the model gave a value that is no number; "
                  "expected finite logarithms (or -infinity) and gradients"
                : "row %zu: no particle agrees with its evidence; expected rows that "
                  "the model can produce",
            job->first + job->fault[b]);
    }
    return NQ_OK;
}

static nq_status out_alloc(nq_posterior *out, const nqi_posterior_job *job)
{
    out->targets = job->targets;
    out->draws = job->draws;
    out->method = job->method;
    out->columns = nq_model_columns(job->model);
    out->samples = calloc(job->targets * job->draws, out->columns * sizeof *out->samples);
    out->log_evidence = calloc(job->targets, sizeof *out->log_evidence);
    out->log_evidence_se = calloc(job->targets, sizeof *out->log_evidence_se);
    out->ess = calloc(job->targets, sizeof *out->ess);
    out->resamplings = calloc(job->targets, sizeof *out->resamplings);
    if (out->samples && out->log_evidence && out->log_evidence_se && out->ess && out->resamplings)
        return NQ_OK;
    return nqi_fail_memory(job->context, "posterior samples",
                           job->targets * job->draws * out->columns * sizeof(double));
}

/* In the data's units; known cells are the caller's own numbers, bit for bit. */
static void draw_restore(const nqi_posterior_job *job, const nqi_real *scaled, size_t target,
                         double *out)
{
    const size_t columns = nq_model_columns(job->model);
    nqi_scaling_restore(&job->model->scaling, scaled, 1, 1, out);
    for (size_t p = 0; p < job->list.cell_count; p++) {
        const double *known = job->list.cells[p]->known;
        for (size_t c = 0; known && c < columns; c++)
            if (!isnan(known[target * columns + c]))
                out[c] = known[target * columns + c];
    }
}

/* Draws of a target: each filter gets as many as its share of the evidence. */
static void target_collect(const nqi_posterior_job *job, nq_posterior *out, size_t target,
                           size_t *chosen)
{
    const size_t at = target * job->filters, dim = job->model->process.dim;
    const nqi_stream stream = {job->seed, NQI_DRAW_RESAMPLE, UINT32_MAX,
                               (uint32_t)(job->first + target)};
    if (job->weighted)
        nqi_systematic(chosen, job->draws, job->log_z + at, job->filters,
                       nqi_stream_uniform(&stream, 0));
    for (size_t d = 0; d < job->draws; d++) {
        size_t first = d, last = d + 1;
        if (!job->weighted)
            chosen[d] = d;
        while (first > 0 && chosen[first - 1] == chosen[d])
            first--;
        while (last < job->draws && chosen[last] == chosen[d])
            last++;
        const size_t candidate = (d - first) * job->kept / (last - first);
        draw_restore(job, job->candidates + ((at + chosen[d]) * job->kept + candidate) * dim,
                     target, out->samples + (target * job->draws + d) * out->columns);
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
    const size_t at = target * job->filters;
    double ess;
    out->log_evidence[target] = nq_log_mean_exp(job->log_z + at, job->filters, &ess) +
                                nqi_evidence_shift(&job->list, target);
    out->log_evidence_se[target] = log_mean_error(job->filters, ess);
    out->ess[target] = 1;
    for (size_t g = 0; g < job->filters; g++) {
        out->ess[target] = fmin(out->ess[target], job->ess[at + g]);
        out->resamplings[target] = at_least(out->resamplings[target], job->resamplings[at + g]);
    }
    if (!job->weighted)
        out->log_evidence[target] = out->log_evidence_se[target] = out->ess[target] = NAN;
}

static nq_status collect(nq_posterior *out, const nqi_posterior_job *job)
{
    size_t *chosen = malloc(job->draws * sizeof *chosen);
    if (!chosen)
        return nqi_fail_memory(job->context, "draws", job->draws * sizeof *chosen);
    for (size_t r = 0; r < job->targets; r++) {
        target_collect(job, out, r, chosen);
        target_report(job, out, r);
    }
    free(chosen);
    return NQ_OK;
}

nq_status nq_posterior_sample(nq_posterior *out, nq_context *context, const nq_model *model,
                              const nq_evidence *evidence, const nq_posterior_options *options)
{
    static const nq_posterior_options defaults = {0};
    if (!options)
        options = &defaults;
    nqi_posterior_job job = {.context = context,
                             .model = model,
                             .targets = evidence->targets,
                             .seed = options->seed};
    nq_status status;
    memset(out, 0, sizeof *out);
    if (evidence->model != model)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "the evidence was made for another model: expected this one's");
    if ((status = nqi_evidence_list_new(&job.list, context, evidence)) ||
        (status = method_choose(&job, options->method)) ||
        (status = twist_choose(&job, options->twist)) || (status = evidence_check(&job)) ||
        (status = sizes_choose(&job, options)) || (status = job_alloc(&job)) ||
        (status = job_run(&job)) || (status = out_alloc(out, &job)) ||
        (status = collect(out, &job)))
        nq_posterior_free(out);
    job_free(&job);
    return status;
}
