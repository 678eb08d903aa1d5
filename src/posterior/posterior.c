/* posterior.c - nq_posterior_sample: options, and the run over all microbatches. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "posterior/posterior.h"

#include <stdlib.h>
#include <string.h>

#include "core/monitor.h"
#include "core/option/options.h"
#include "dist/comm.h"

void nq_posterior_free(nq_posterior *posterior)
{
    if (!posterior)
        return;
    free(posterior->samples);
    free(posterior->log_evidence);
    free(posterior->log_evidence_se);
    free(posterior->ess);
    free(posterior->resamplings);
    free(posterior->starts);
    memset(posterior, 0, sizeof *posterior);
}

/* One that looks ahead weighs rows by what it saw. */
static nq_status twist_check(const nqi_posterior_job *job)
{
    if (job->twist != NQI_TWIST_LOOKAHEAD && nqi_evidence_is_condition(job->evidence))
        return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                        "conditions are for the method particles with the twist lookahead; "
                        "expected no other method and twist");
    if (job->twist != NQI_TWIST_LOOKAHEAD || job->method->weighted)
        return NQ_OK;
    return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                    "the twist lookahead is of the method particles; the method is %s",
                    job->method->name);
}

const char *nqi_twist_name(size_t i)
{
    static const char *const names[] = {"constant", "annealed", "informed", "lookahead"};
    return i < sizeof names / sizeof *names ? names[i] : NULL;
}

static nq_status twist_choose(nqi_posterior_job *job, const char *twist)
{
    job->twist = job->method->twist;
    if (job->method->weighted && job->model->process.dim > NQI_MANY_NUMBERS &&
        !nqi_evidence_is_condition(job->evidence))
        job->twist = NQI_TWIST_INFORMED; /* the way back through large pictures takes memory */
    for (size_t i = 0; nqi_twist_name(i); i++)
        if (!strcmp(twist, nqi_twist_name(i))) {
            job->twist = (nqi_twist)i;
            return twist_check(job);
        }
    if (!*twist)
        return twist_check(job);
    return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                    "twist \"%s\" is unknown: expected constant, annealed, informed or lookahead",
                    twist);
}

static nq_status found_alloc(nqi_posterior_found *out, nq_context *context,
                             const nqi_posterior_plan *plan, size_t dim)
{
    /* whole microbatches, of which ranks pass on the results */
    const size_t filters = plan->batches * plan->batch_filters;
    out->candidates = calloc(filters * plan->kept, dim * sizeof(nqi_real));
    out->log_z = calloc(filters, sizeof *out->log_z);
    out->ess = calloc(filters, sizeof *out->ess);
    out->resamplings = calloc(filters, sizeof *out->resamplings);
    out->start = calloc(filters * plan->kept, sizeof *out->start);
    out->fault = calloc(plan->batches, sizeof *out->fault);
    out->undefined = calloc(plan->batches, 1);
    if (out->candidates && out->log_z && out->ess && out->resamplings && out->start &&
        out->fault && out->undefined)
        return NQ_OK;
    return nqi_fail_memory(context, "posterior samples",
                           filters * plan->kept * dim * sizeof(nqi_real));
}

static nq_status job_alloc(nqi_posterior_job *job)
{
    const int threads = job->plan.batches > 1 ? nq_context_threads(job->context) : 1;
    nq_status status =
        found_alloc(&job->found, job->context, &job->plan, job->model->process.dim);
    if (status)
        return status;
    job->workers = calloc((size_t)threads, sizeof *job->workers);
    if (!job->workers)
        return nqi_fail_memory(job->context, "posterior samples",
                               (size_t)threads * sizeof *job->workers);
    for (; job->worker_count < threads && !status; job->worker_count++)
        status = nqi_worker_new(&job->workers[job->worker_count], job);
    return status;
}

static void job_free(nqi_posterior_job *job)
{
    for (int i = 0; i < job->worker_count; i++)
        nqi_worker_free(&job->workers[i]);
    free(job->workers);
    free(job->found.candidates);
    free(job->found.log_z);
    free(job->found.ess);
    free(job->found.resamplings);
    free(job->found.start);
    free(job->found.fault);
    free(job->found.undefined);
}

static nq_status batches_run(nqi_posterior_job *job)
{
    const nqi_posterior_found *found = &job->found;
    const size_t filters = job->plan.batch_filters, dim = job->model->process.dim;
    const nqi_result results[] = {
        {found->candidates, filters * job->plan.kept * dim * sizeof *found->candidates},
        {found->log_z, filters * sizeof *found->log_z},
        {found->ess, filters * sizeof *found->ess},
        {found->resamplings, filters * sizeof *found->resamplings},
        {found->start, filters * job->plan.kept * sizeof *found->start},
        {found->fault, sizeof *found->fault},
        {found->undefined, sizeof *found->undefined},
    };
    nq_status status = nqi_tell_region(job->context, "drawing rows", 0, 1, 1);
    if (!status)
        status = nqi_predictor_run(&job->workers[0].predictor, job->context, job->plan.batches,
                                   nqi_worker_run, job);
    if (status)
        return status;
    return nqi_ranks_gather(job->context, job->plan.batches, results,
                            sizeof results / sizeof *results);
}

static nq_status job_run(nqi_posterior_job *job)
{
    const nq_status status = batches_run(job);
    if (status)
        return status;
    for (size_t b = 0; b < job->plan.batches; b++) {
        if (!job->found.fault[b])
            continue;
        return nqi_fail(
            job->context, NQ_ERROR_DIVERGED,
            job->found.undefined[b]
                ? "row %zu: its evidence or the model gave a value that is no number; "
                  "expected finite logarithms (or -infinity) and gradients"
                : "row %zu: no particle agrees with its evidence; expected rows that "
                  "the model can produce",
            job->found.fault[b]);
    }
    return NQ_OK;
}

/* What stands in rows at every level goes with the methods that place it there, which take nothing
 * else. */
static nq_status places_check(const nqi_posterior_job *job)
{
    const int has_squares = nqi_evidence_has_squares(job->evidence);
    if (job->method->places && !nqi_evidence_kinds_known(job->evidence))
        return nqi_fail(
            job->context, NQ_ERROR_UNSUPPORTED,
            "the method %s takes known cells only; expected method particles or paper "
            "for other evidence",
            job->method->name);
    if (has_squares && !job->method->places)
        return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                        "means of squares are for the methods noised and roles; the method is %s",
                        job->method->name);
    return has_squares ? nqi_squares_check(job->evidence, job->context) : NQ_OK;
}

/* Method, twist, and what they make of the evidence. */
static nq_status job_choose(nqi_posterior_job *job, const nq_posterior_options *options)
{
    nq_status status;
    if ((status = nqi_method_choose(&job->method, job->context, options->method, job->model,
                                    nqi_evidence_kinds_known(job->evidence))) ||
        (status = twist_choose(job, options->twist)) ||
        (status = job->method->check ? job->method->check(job) : NQ_OK))
        return status;
    return places_check(job);
}

/* Methods that change each step lose by longer ones. */
static nq_status steps_choose(nqi_posterior_job *job, nq_model **owned,
                              const nq_posterior_options *options)
{
    const size_t usual = job->method->of_roles ? nq_model_usual_steps(job->model) : 0;
    return nqi_model_with_steps(&job->model, owned, job->context, job->model,
                                options->steps ? options->steps : usual);
}

nq_status nq_posterior_sample(nq_posterior *out, nq_context *context, const nq_model *model,
                              const nq_evidence *evidence, const nq_posterior_options *options)
{
    nq_posterior_options own;
    nqi_posterior_job job = {.context = context, .model = model, .evidence = evidence};
    nq_status status;
    memset(out, 0, sizeof *out);
    if ((status = nqi_options_take(&own, context, &nqi_posterior_options, options)))
        return status;
    options = &own;
    if (evidence->model != model)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "the evidence was made for another model: expected this one's");
    nq_model *owned = NULL;
    job.seed = options->seed;
    job.plan.targets = evidence->targets;
    if ((status = job_choose(&job, options)) || (status = steps_choose(&job, &owned, options)) ||
        (status = nqi_posterior_plan_make(&job, options)) || (status = job_alloc(&job)) ||
        (status = job_run(&job)) || (status = nqi_posterior_collect(out, &job)))
        nq_posterior_free(out);
    job_free(&job);
    nq_model_free(owned);
    return status;
}
