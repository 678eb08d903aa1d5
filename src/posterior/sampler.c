/* sampler.c - ancestral sampling: x_T from pi, then one reverse step after another.
 * A thread keeps its rows through the whole trajectory, and so does a rank: rows meet when they are
 * asked for. Few large pictures share all threads. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/sample.h>

#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "dist/comm.h"
#include "model/tiled.h"

struct nq_sampler {
    nq_context *context;
    const nq_model *model;
    nq_sample_options options;
    size_t time, blocks, target;
    size_t block_rows;
    nqi_batch *batches; /* one for each thread; one block is the caller's */
    int batch_count;
    nqi_tiles *tiles; /* of the only block, or NULL */
    nqi_real *rows;   /* [blocks][dim][block_rows], scaled, feature-major */
};

static size_t block_numbers(const nq_sampler *sampler)
{
    return sampler->model->process.dim * sampler->block_rows;
}

static uint32_t block_name(const nq_sampler *sampler, size_t block)
{
    return (uint32_t)(sampler->options.first / sampler->block_rows + block);
}

static void start_block(void *state, size_t block, int thread)
{
    const nq_sampler *sampler = state;
    const nqi_process *process = &sampler->model->process;
    nqi_batch *batch = &sampler->batches[thread];
    const nqi_stream stream = {sampler->options.seed, NQI_DRAW_START, 0,
                               block_name(sampler, block)};
    process->family->draw(process, batch, &stream);
    process->family->start(process, batch);
    memcpy(sampler->rows + block * block_numbers(sampler), nqi_batch_x_t(batch),
           block_numbers(sampler) * sizeof(nqi_real));
}

static void run_block(void *state, size_t block, int thread)
{
    const nq_sampler *sampler = state;
    const nqi_process *process = &sampler->model->process;
    nqi_batch *batch = &sampler->batches[thread];
    nqi_real *rows = sampler->rows + block * block_numbers(sampler);
    const size_t bytes = block_numbers(sampler) * sizeof(nqi_real);
    memcpy(nqi_batch_x_t(batch), rows, bytes);
    for (size_t t = sampler->time; t > sampler->target; t--) {
        const nqi_stream stream = {sampler->options.seed, NQI_DRAW_REVERSE, (uint32_t)t,
                                   block_name(sampler, block)};
        batch->tape.time[0] = (uint32_t)t;
        if (t >= process->first_learned)
            nqi_tiled_forward(sampler->tiles, sampler->context->pool, batch);
        process->family->draw(process, batch, &stream);
        process->family->reverse(process, batch, 0);
    }
    memcpy(rows, nqi_batch_x_t(batch), bytes);
}

static void run_blocks(nq_sampler *sampler)
{
    if (sampler->tiles)
        nqi_tiled_run(sampler->context, sampler->blocks, run_block, sampler);
    else
        nqi_ranks_run(sampler->context, sampler->blocks, run_block, sampler);
}

static nq_status sampler_alloc(nq_sampler *sampler)
{
    const int threads = sampler->blocks > 1 ? nq_context_threads(sampler->context) : 1;
    nq_status status;
    sampler->rows = nqi_aligned_new(sampler->blocks * block_numbers(sampler), sizeof(nqi_real));
    sampler->batches = calloc((size_t)threads, sizeof *sampler->batches);
    sampler->batch_count = threads;
    if (!sampler->rows || !sampler->batches)
        return nqi_fail_memory(sampler->context, "samples",
                               sampler->blocks * block_numbers(sampler) * sizeof(nqi_real));
    if ((status = nqi_tiled_new(&sampler->tiles, &sampler->batches[0], sampler->context,
                                sampler->model, sampler->options.rows)) ||
        sampler->tiles)
        return status;
    for (int i = 0; i < threads; i++) {
        status = nqi_batch_new(&sampler->batches[i], sampler->context, &sampler->model->process,
                               &sampler->model->graph, sampler->context->ops, sampler->block_rows,
                               sampler->block_rows, 0);
        if (status)
            return status;
        sampler->batches[i].tape.params = sampler->model->params;
    }
    return NQ_OK;
}

nq_status nq_sampler_new(nq_sampler **out, nq_context *context, const nq_model *model,
                         const nq_sample_options *options)
{
    static const nq_sample_options defaults = {0};
    *out = NULL;
    if (!options)
        options = &defaults;
    if (!options->rows)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "0 samples: expected at least 1");
    if (options->first % NQI_SAMPLE_ROWS)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "first sample %zu: expected a multiple of %d",
                        options->first, NQI_SAMPLE_ROWS);
    nq_sampler *sampler = calloc(1, sizeof *sampler);
    if (!sampler)
        return nqi_fail_memory(context, "a sampler", sizeof *sampler);
    sampler->context = context;
    sampler->model = model;
    sampler->options = *options;
    sampler->time = nq_model_steps(model);
    sampler->block_rows = nqi_sample_rows(model);
    sampler->blocks = (options->rows + sampler->block_rows - 1) / sampler->block_rows;
    const nq_status status = sampler_alloc(sampler);
    if (status) {
        nq_sampler_free(sampler);
        return status;
    }
    nqi_ranks_run(context, sampler->blocks, start_block, sampler);
    *out = sampler;
    return NQ_OK;
}

nq_status nq_sampler_run(nq_sampler *sampler, size_t t)
{
    if (t > sampler->time)
        return nqi_fail(sampler->context, NQ_ERROR_ARGUMENT,
                        "time %zu is above the present time %zu", t, sampler->time);
    sampler->target = t;
    if (t < sampler->time)
        run_blocks(sampler);
    sampler->time = t;
    return NQ_OK;
}

size_t nq_sampler_time(const nq_sampler *sampler)
{
    return sampler->time;
}

nq_status nq_sampler_state(const nq_sampler *sampler, double *out)
{
    const size_t columns = nq_model_columns(sampler->model);
    const nqi_result result = {sampler->rows, block_numbers(sampler) * sizeof *sampler->rows};
    const nq_status status = nqi_ranks_gather(sampler->context, sampler->blocks, &result, 1);
    if (status)
        return status;
    for (size_t b = 0; b < sampler->blocks; b++) {
        const size_t first = b * sampler->block_rows, left = sampler->options.rows - first;
        nqi_scaling_restore(&sampler->model->scaling, sampler->rows + b * block_numbers(sampler),
                            sampler->block_rows,
                            left < sampler->block_rows ? left : sampler->block_rows,
                            out + first * columns);
    }
    return NQ_OK;
}

void nq_sampler_free(nq_sampler *sampler)
{
    if (!sampler)
        return;
    for (int i = 0; sampler->batches && i < sampler->batch_count; i++)
        nqi_batch_free(&sampler->batches[i]);
    free(sampler->batches);
    nqi_tiles_free(sampler->tiles);
    nqi_aligned_free(sampler->rows);
    free(sampler);
}

nq_status nq_sample(nq_context *context, const nq_model *model, const nq_sample_options *options,
                    double *out)
{
    nq_sampler *sampler;
    nq_status status = nq_sampler_new(&sampler, context, model, options);
    if (!status && !(status = nq_sampler_run(sampler, 0)))
        status = nq_sampler_state(sampler, out);
    nq_sampler_free(sampler);
    return status;
}
