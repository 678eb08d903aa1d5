/* looking.c - rows at some times of a chain. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "measure/steps/looking.h"

#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/monitor.h"

nq_status nqi_looking_new(nqi_looking *l)
{
    const size_t threads = (size_t)nq_context_threads(l->context);
    const size_t laws = 2 * l->process->laws * l->rows;
    l->batches = calloc(threads, sizeof *l->batches);
    l->law = nqi_aligned_new(threads * laws, sizeof *l->law);
    l->cost = calloc(l->count, sizeof *l->cost);
    l->scored = calloc(l->count * (l->count + 1) / 2, sizeof *l->scored);
    l->failed = calloc(threads, sizeof *l->failed);
    nq_status status =
        l->batches && l->law && l->cost && l->scored && l->failed
            ? NQ_OK
            : nqi_fail_memory(l->context, "costs of steps", threads * laws * sizeof *l->law);
    for (size_t i = 0; i < threads && !status; i++)
        status = nqi_batch_open(&l->batches[i], l->context, l->process, &l->model->regressor,
                                l->context->ops, l->rows, NQI_LOOKING_GROUP, 0);
    return status;
}

void nqi_looking_free(nqi_looking *l)
{
    for (int i = 0; l->batches && i < nq_context_threads(l->context); i++)
        nqi_batch_free(&l->batches[i]);
    free(l->batches);
    nqi_aligned_free(l->law);
    free(l->cost);
    free(l->scored);
    free(l->failed);
}

nq_status nqi_looking_run(nqi_looking *l, void (*run)(void *, size_t, int))
{
    nq_status status = nqi_tell_region(l->context, "measuring steps", 0, 1, 1);
    if (!status)
        status = nqi_pool_run(l->context->pool, l->count, run, l);
    if (status)
        return status;
    for (int i = 0; i < nq_context_threads(l->context); i++)
        if (l->failed[i])
            return nqi_fail_memory(l->context, "scores of steps", l->count * sizeof *l->scored);
    return NQ_OK;
}

void nqi_look(const nqi_looking *l, nqi_batch *batch, size_t k, uint32_t draw)
{
    const size_t all = nq_dataset_rows(l->data), count = all < l->rows ? all : l->rows;
    const nqi_stream grains =
        nqi_row_stream(nqi_seed_child(l->seed, NQI_DRAW_TRY), NQI_DRAW_DEQUANT, draw, 0);
    const nqi_stream noise = nqi_row_stream(l->seed, NQI_DRAW_TRY, draw, 0);
    uint64_t rows[NQI_LOOKING_ROWS];
    for (size_t r = 0; r < count; r++)
        rows[r] = (uint64_t)r * all / count;
    nqi_model_gather(l->model, l->context->ops, l->data, rows, count, batch, &grains);
    for (size_t g = 0; g < l->rows / NQI_LOOKING_GROUP; g++)
        batch->tape.time[g] = l->time[k];
    nqi_batch_score(l->process, batch, &noise, 1, 0);
}

size_t nqi_looking_groups(double rows, const nq_dataset *data)
{
    const double all = (double)nq_dataset_rows(data);
    const double some = fmin(fmin(rows, NQI_LOOKING_ROWS), all);
    return some < NQI_LOOKING_GROUP ? NQI_LOOKING_GROUP
                                    : (size_t)some / NQI_LOOKING_GROUP * NQI_LOOKING_GROUP;
}
