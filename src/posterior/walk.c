/* walk.c - a block of rows: what the model says of the next level, and draws of it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include <noneq/likelihood.h>

#include "core/context.h"
#include "posterior/posterior.h"

typedef struct piece {
    void **place;
    size_t count, size;
} piece;

static nq_status pieces_take(nqi_arena *arena, const piece *pieces, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += nqi_arena_need(pieces[i].count, pieces[i].size);
    const nq_status status = nqi_arena_new(arena, bytes);
    for (size_t i = 0; i < count && !status; i++)
        *pieces[i].place = nqi_arena_take(arena, pieces[i].count, pieces[i].size);
    return status;
}

static nq_status walk_alloc(nqi_walk *walk)
{
    const nqi_posterior_job *job = walk->job;
    const size_t dim = job->model->process.dim, rows = walk->rows, k = job->list.observations;
    const size_t columns = job->model->scaling.columns, filters = job->block_filters;
    void *target, *ancestor, *x, *base, *noise, *moment, *row, *slope, *mean, *variance, *tilt,
        *gradient, *log_weight, *custom, *spare, *small, *log_z, *ess, *resamplings;
    const piece pieces[] = {
        {&target, rows, sizeof(size_t)},
        {&ancestor, rows, sizeof(size_t)},
        {&x, dim * rows, sizeof(nqi_real)},
        {&base, dim * rows, sizeof(nqi_real)},
        {&noise, (dim + k) * rows, sizeof(nqi_real)},
        {&moment, 2 * dim * job->block_rows, sizeof(nqi_real)},
        {&row, columns, sizeof(double)},
        {&slope, columns, sizeof(double)},
        {&mean, dim * rows, sizeof(double)},
        {&variance, dim * rows, sizeof(double)},
        {&tilt, dim * rows, sizeof(double)},
        {&gradient, dim * rows, sizeof(double)},
        {&log_weight, rows, sizeof(double)},
        {&custom, rows, sizeof(double)},
        {&spare, rows, sizeof(double)},
        {&small, k * (k + 3), sizeof(double)},
        {&log_z, filters, sizeof(double)},
        {&ess, filters, sizeof(double)},
        {&resamplings, filters, sizeof(size_t)},
    };
    if (pieces_take(&walk->arena, pieces, sizeof pieces / sizeof *pieces))
        return nqi_fail_memory(job->context, "a block of particles", dim * rows * 40);
    walk->target = target;
    walk->ancestor = ancestor;
    walk->x = x;
    walk->base = base;
    walk->noise = noise;
    walk->moment = moment;
    walk->row = row;
    walk->slope = slope;
    walk->mean = mean;
    walk->variance = variance;
    walk->tilt = tilt;
    walk->gradient = gradient;
    walk->log_weight = log_weight;
    walk->custom = custom;
    walk->spare = spare;
    walk->small = small;
    walk->log_z = log_z;
    walk->ess = ess;
    walk->resamplings = resamplings;
    return NQ_OK;
}

/* The rows that the network sees at a time; where they are few and all there is, by tiles. */
static nq_status batch_new(nqi_walk *walk)
{
    nqi_posterior_job *job = walk->job;
    const nq_model *model = job->model;
    nq_status status = NQ_OK;
    if (job->blocks == 1)
        status = nqi_tiled_new(&job->tiles, &walk->batch, job->context, model,
                               walk->rows < NQI_LANES ? walk->rows : NQI_LANES);
    if (!status && !job->tiles)
        status = nqi_batch_new(&walk->batch, job->context, &model->process, &model->graph,
                               job->context->ops, job->block_rows, job->block_rows, 0);
    walk->batch.tape.params = model->params;
    return status;
}

nq_status nqi_walk_new(nqi_walk *out, nqi_posterior_job *job)
{
    nq_status status;
    memset(out, 0, sizeof *out);
    out->job = job;
    out->rows = job->block_filters * job->particles;
    if ((status = batch_new(out)) ||
        (status = nqi_linear_factor_new(&out->linear, job->context, &job->list,
                                        job->model->process.dim)))
        return status;
    return walk_alloc(out);
}

void nqi_walk_free(nqi_walk *walk)
{
    nqi_batch_free(&walk->batch);
    nqi_linear_factor_free(&walk->linear);
    nqi_arena_free(&walk->arena);
}

/* Filters past the last target repeat it, and are thrown away. */
void nqi_walk_open(nqi_walk *walk, size_t block)
{
    const nqi_posterior_job *job = walk->job;
    for (size_t r = 0; r < walk->rows; r++) {
        const size_t filter = block * job->block_filters + r / job->particles;
        const size_t target = filter / job->filters;
        walk->target[r] = target < job->targets ? target : job->targets - 1;
        walk->log_weight[r] = 0;
        walk->custom[r] = 0;
    }
    for (size_t f = 0; f < job->block_filters; f++) {
        walk->log_z[f] = 0;
        walk->ess[f] = 1;
        walk->resamplings[f] = 0;
    }
    walk->fault = 0;
    walk->undefined = 0;
}

void nqi_walk_prior(nqi_walk *walk)
{
    const nqi_process *process = &walk->job->model->process;
    for (size_t i = 0; i < process->dim; i++)
        for (size_t r = 0; r < walk->rows; r++) {
            const size_t j = i * walk->rows + r;
            walk->mean[j] = process->activity ? process->activity[i] : 0;
            walk->variance[j] = 1;
            walk->x[j] = (nqi_real)(process->activity && process->activity[i] > 0.5);
        }
}

/* A rate that has rounded to 0 or 1 in float32 is none that the model means. */
static double rate(double one)
{
    return fmin(fmax(one, 0x1p-26), 1 - 0x1p-26);
}

static void chunk_reverse(nqi_walk *walk, size_t t, size_t first)
{
    const nqi_process *process = &walk->job->model->process;
    const size_t left = walk->rows - first, ld = walk->job->block_rows;
    const size_t here = left < ld ? left : ld;
    nqi_batch *batch = &walk->batch;
    nqi_real *variance = walk->moment + process->dim * ld;
    for (size_t i = 0; i < process->dim; i++)
        for (size_t r = 0; r < ld; r++)
            nqi_batch_x_t(batch)[i * ld + r] =
                walk->x[i * walk->rows + first + (r < here ? r : 0)];
    batch->tape.time[0] = (uint32_t)t;
    if (t >= process->first_learned)
        nqi_tiled_forward(walk->job->tiles, walk->job->context->pool, batch);
    process->family->moments(process, batch, 0, walk->moment, variance);
    for (size_t i = 0; i < process->dim; i++)
        for (size_t r = 0; r < here; r++) {
            const double mean = (double)walk->moment[i * ld + r];
            walk->mean[i * walk->rows + first + r] = process->activity ? rate(mean) : mean;
            walk->variance[i * walk->rows + first + r] = (double)variance[i * ld + r];
        }
}

void nqi_walk_reverse(nqi_walk *walk, size_t t)
{
    for (size_t first = 0; first < walk->rows; first += walk->job->block_rows)
        chunk_reverse(walk, t, first);
}

static void draw_normals(nqi_walk *walk, size_t dim)
{
    for (size_t j = 0; j < dim * walk->rows; j++)
        walk->x[j] = (nqi_real)(walk->mean[j] + walk->tilt[j] +
                                sqrt(walk->variance[j]) * (double)walk->noise[j]);
    if (!walk->linear.flat)
        nqi_walk_linear_draw(walk);
}

/* P(x = 1) with the tilt added to its logit. */
static double tilted(double one, double tilt)
{
    return tilt == 0 ? one : 1 / (1 + (1 - one) / one * exp(-tilt));
}

static void draw_bits(nqi_walk *walk, size_t dim)
{
    const uint32_t *bits = (const uint32_t *)(const void *)walk->noise;
    for (size_t j = 0; j < dim * walk->rows; j++)
        walk->x[j] =
            (nqi_real)(((double)bits[j] + 0.5) * 0x1p-32 < tilted(walk->mean[j], walk->tilt[j]));
}

void nqi_walk_draw(nqi_walk *walk, size_t level, size_t block, size_t number)
{
    const nqi_posterior_job *job = walk->job;
    const nqi_process *process = &job->model->process;
    const nqi_ops *ops = job->context->ops;
    const size_t count = (process->dim + job->list.observations) * walk->rows;
    const nqi_stream stream = {job->seed, NQI_DRAW_POSTERIOR, (uint32_t)number,
                               (uint32_t)(job->first_block + block)};
    if (!process->family->is_density) {
        ops->random_bits((uint32_t *)(void *)walk->noise, &stream, 0, count);
        draw_bits(walk, process->dim);
    } else {
        ops->random_normal(walk->noise, &stream, 0, count);
        draw_normals(walk, process->dim);
    }
    if (job->list.custom_count && job->weighted)
        nqi_walk_custom_settle(walk, level);
}

/* Rows of a filter that its final weights pick. */
static void filter_close(nqi_walk *walk, size_t f, size_t filter, size_t block)
{
    nqi_posterior_job *job = walk->job;
    const size_t dim = job->model->process.dim, at = f * job->particles;
    const nqi_stream stream = {job->seed, NQI_DRAW_RESAMPLE, 0,
                               (uint32_t)(job->first_block + block)};
    nqi_real *out = job->candidates + filter * job->kept * dim;
    nqi_systematic(walk->ancestor, job->kept, walk->log_weight + at, job->particles,
                   nqi_stream_uniform(&stream, f));
    for (size_t k = 0; k < job->kept; k++)
        for (size_t i = 0; i < dim; i++)
            out[k * dim + i] = walk->x[i * walk->rows + at + walk->ancestor[k]];
    job->log_z[filter] =
        walk->log_z[f] + nq_log_mean_exp(walk->log_weight + at, job->particles, NULL);
    if (job->weighted && !isfinite(job->log_z[filter]) && !walk->fault) {
        walk->fault = walk->target[at] + 1;
        walk->undefined = !(job->log_z[filter] < 0);
    }
    job->ess[filter] = walk->ess[f];
    job->resamplings[filter] = walk->resamplings[f];
}

void nqi_walk_close(nqi_walk *walk, size_t block)
{
    nqi_posterior_job *job = walk->job;
    for (size_t f = 0; f < job->block_filters; f++) {
        const size_t filter = block * job->block_filters + f;
        if (filter < job->targets * job->filters)
            filter_close(walk, f, filter, block);
    }
    job->fault[block] = walk->fault;
    job->undefined[block] = (unsigned char)walk->undefined;
}
