/* worker.c - a thread's microbatch of rows given evidence: its memory, its start, its end. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include <noneq/likelihood.h>

#include "posterior/posterior.h"

static nq_status arrays_new(nqi_worker *worker, size_t rows)
{
    const size_t filters = worker->job->plan.batch_filters;
    const size_t roles = worker->job->method->of_roles ? NQI_ROLES * worker->walk.process->dim *
                                                             worker->predictor.batch.tape.ld
                                                       : 0;
    const size_t told =
        worker->job->model->options.squares > 0 ? roles / NQI_ROLES * NQI_TOLD : 0;
    const size_t bytes =
        nqi_arena_need(roles, sizeof(nqi_real)) + nqi_arena_need(told, sizeof(nqi_real)) +
        nqi_arena_need(rows, 1) + 3 * nqi_arena_need(rows, sizeof(size_t)) +
        2 * nqi_arena_need(rows, sizeof(double)) + 2 * nqi_arena_need(filters, sizeof(double)) +
        nqi_arena_need(filters, sizeof(size_t));
    if (nqi_arena_new(&worker->arena, bytes))
        return nqi_fail_memory(worker->job->context, "particles", bytes);
    worker->particles.target = nqi_arena_take(&worker->arena, rows, sizeof(size_t));
    worker->particles.log_weight = nqi_arena_take(&worker->arena, rows, sizeof(double));
    if (roles)
        worker->roles = nqi_arena_take(&worker->arena, roles, sizeof(nqi_real));
    if (told)
        worker->told = nqi_arena_take(&worker->arena, told, sizeof(nqi_real));
    worker->mirrors = nqi_arena_take(&worker->arena, rows, 1);
    if (worker->job->plan.paired)
        worker->walk.mirrors = worker->mirrors;
    worker->filters.ancestor = nqi_arena_take(&worker->arena, rows, sizeof(size_t));
    worker->filters.start = nqi_arena_take(&worker->arena, rows, sizeof(size_t));
    worker->filters.spare = nqi_arena_take(&worker->arena, rows, sizeof(double));
    worker->filters.log_z = nqi_arena_take(&worker->arena, filters, sizeof(double));
    worker->filters.ess = nqi_arena_take(&worker->arena, filters, sizeof(double));
    worker->filters.resamplings = nqi_arena_take(&worker->arena, filters, sizeof(size_t));
    return NQ_OK;
}

static nq_status predictor_new(nqi_worker *worker, size_t rows)
{
    const nqi_posterior_job *job = worker->job;
    const nq_model *model = job->model;
    const size_t few = rows < NQI_LANES ? rows : NQI_LANES;
    if (job->twist == NQI_TWIST_LOOKAHEAD)
        return nqi_predictor_new_both(&worker->predictor, job->context, &model->process,
                                      &model->regressor, job->plan.batch_rows);
    return nqi_predictor_new(&worker->predictor, job->context, &model->process, &model->regressor,
                             job->plan.batch_rows, job->plan.batches == 1 ? few : 0);
}

nq_status nqi_worker_new(nqi_worker *out, const nqi_posterior_job *job)
{
    const nq_model *model = job->model;
    const size_t rows = job->plan.batch_filters * job->plan.particles;
    const size_t seen = job->twist == NQI_TWIST_LOOKAHEAD ? job->plan.batch_rows : 0;
    nq_status status;
    memset(out, 0, sizeof *out);
    out->job = job;
    out->particles.walk = &out->walk;
    if ((status = predictor_new(out, rows)) ||
        (status = nqi_walk_new(&out->walk, job->context, &model->process, &out->predictor, rows,
                               nqi_twists_extra(job->evidence))) ||
        (status = nqi_twists_new(&out->twists, job->context, job->evidence, job->twist,
                                 rows + seen)) ||
        (status = arrays_new(out, rows)))
        return status;
    nqi_twists_follow(&out->twists, model);
    if (job->twist == NQI_TWIST_LOOKAHEAD)
        status = nqi_lookahead_new(&out->ahead, job->context, &out->walk, &out->twists,
                                   out->particles.target);
    return status;
}

void nqi_worker_free(nqi_worker *worker)
{
    nqi_lookahead_free(&worker->ahead);
    nqi_twists_free(&worker->twists);
    nqi_walk_free(&worker->walk);
    nqi_predictor_free(&worker->predictor);
    nqi_arena_free(&worker->arena);
}

/* Rows that go their own way are one run; of filters with particles each is one, of whole groups.
 */
nqi_stream nqi_worker_stream(const nqi_worker *worker, nqi_purpose purpose, uint32_t step)
{
    const nqi_posterior_plan *plan = &worker->job->plan;
    const uint64_t filter = plan->first_filter + worker->batch * plan->batch_filters;
    const uint64_t groups = (plan->particles + NQI_ROW_GROUP - 1) / NQI_ROW_GROUP;
    return nqi_row_stream(worker->job->seed, purpose, step,
                          plan->particles > 1 ? filter * groups * NQI_ROW_GROUP : filter);
}

double nqi_worker_uniform(const nqi_worker *worker, size_t f, uint32_t step)
{
    const nqi_posterior_plan *plan = &worker->job->plan;
    const nqi_stream stream = {worker->job->seed, NQI_DRAW_RESAMPLE, step,
                               (uint32_t)(plan->first_filter +
                                          worker->batch * plan->batch_filters + f)};
    return nqi_stream_uniform(&stream, 0);
}

/* Names the targets of the rows and puts weights to 1. Filters past the last target repeat it, and
 * are thrown away. */
static void begin(nqi_worker *worker, size_t batch)
{
    const nqi_posterior_plan *plan = &worker->job->plan;
    nqi_particles *particles = &worker->particles;
    worker->batch = batch;
    worker->walk.stream = nqi_worker_stream(worker, NQI_DRAW_POSTERIOR, 0);
    worker->walk.run = plan->particles > 1 ? plan->particles : 0;
    for (size_t r = 0; r < worker->walk.proposal.rows; r++) {
        const size_t filter = batch * plan->batch_filters + r / plan->particles;
        const size_t target = filter / plan->filters;
        particles->target[r] = target < plan->targets ? target : plan->targets - 1;
        particles->log_weight[r] = 0;
        worker->filters.start[r] = r % plan->particles;
        worker->mirrors[r] = filter % 2 && filter % plan->filters;
    }
    for (size_t f = 0; f < plan->batch_filters; f++) {
        worker->filters.log_z[f] = 0;
        worker->filters.ess[f] = 1;
        worker->filters.resamplings[f] = 0;
    }
    particles->fault = 0;
    particles->undefined = 0;
    nqi_twists_begin(&worker->twists, particles);
}

void nqi_worker_choose_levels(nqi_worker *worker, size_t level)
{
    if (level == 0 && worker->job->model->scaling.coding)
        nqi_twists_condition(&worker->twists, &worker->particles, level);
}

/* Rows of a filter that its final weights pick. */
static void filter_end(nqi_worker *worker, size_t f, size_t filter)
{
    const nqi_posterior_plan *plan = &worker->job->plan;
    const nqi_posterior_found *found = &worker->job->found;
    const size_t dim = worker->walk.process->dim, at = f * plan->particles;
    const double *log_weight = worker->particles.log_weight + at;
    const nqi_proposal *all = &worker->walk.proposal;
    nqi_real *out = found->candidates + filter * plan->kept * dim;
    nqi_systematic(worker->filters.ancestor, plan->kept, log_weight, plan->particles,
                   nqi_worker_uniform(worker, f, 0));
    for (size_t k = 0; k < plan->kept; k++) {
        const size_t from = at + worker->filters.ancestor[k];
        found->start[filter * plan->kept + k] = worker->filters.start[from];
        for (size_t i = 0; i < dim; i++)
            out[k * dim + i] = all->x[i * all->rows + from];
    }
    found->log_z[filter] =
        worker->filters.log_z[f] + nq_log_mean_exp(NULL, log_weight, plan->particles);
    if (worker->job->method->weighted && !isfinite(found->log_z[filter]) &&
        !worker->particles.fault) {
        worker->particles.fault = worker->particles.target[at] + 1;
        worker->particles.undefined = !(found->log_z[filter] < 0);
    }
    found->ess[filter] = worker->filters.ess[f];
    found->resamplings[filter] = worker->filters.resamplings[f];
}

static void end(nqi_worker *worker)
{
    const nqi_posterior_plan *plan = &worker->job->plan;
    const nqi_posterior_found *found = &worker->job->found;
    for (size_t f = 0; f < plan->batch_filters; f++) {
        const size_t filter = worker->batch * plan->batch_filters + f;
        if (filter < plan->targets * plan->filters)
            filter_end(worker, f, filter);
    }
    found->fault[worker->batch] = worker->particles.fault;
    found->undefined[worker->batch] = (unsigned char)worker->particles.undefined;
}

void nqi_worker_run(void *state, size_t batch, int thread)
{
    const nqi_posterior_job *job = state;
    nqi_worker *worker = &job->workers[thread];
    worker->predictor.batch.tape.map.hand = (nqi_hand){job->context->pool, thread};
    begin(worker, batch);
    job->method->run(worker);
    if (!nqi_hand_stops(&worker->predictor.batch.tape.map.hand))
        end(worker);
}
