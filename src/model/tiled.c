/* tiled.c - batches of few large pictures. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "model/tiled.h"

#include <string.h>

#include "core/context.h"
#include "core/thread/denormals.h"
#include "dist/comm.h"

static nq_status batch_new(nqi_batch *out, nq_context *context, const nq_model *model)
{
    const size_t numbers = model->process.dim * NQI_LANES;
    memset(out, 0, sizeof *out);
    nq_status status = nqi_tiles_tape_new(&out->tape, &model->graph, context->ops);
    if (!status)
        status = nqi_arena_new(&out->arena, nqi_arena_need(numbers, sizeof(nqi_real)));
    if (status) {
        nqi_batch_free(out);
        return nqi_fail_memory(context, "large pictures", numbers * sizeof(nqi_real));
    }
    out->noise = nqi_arena_take(&out->arena, numbers, sizeof(nqi_real));
    out->valid_rows = NQI_LANES;
    out->tape.params = model->params;
    return NQ_OK;
}

nq_status nqi_tiled_new(nqi_tiles **tiles, nqi_batch *batch, nq_context *context,
                        const nq_model *model, size_t rows)
{
    nqi_tile_plan plan;
    *tiles = NULL;
    if (rows > NQI_LANES || !nqi_tile_plan_make(&plan, &model->graph, rows))
        return NQ_OK;
    nq_status status =
        nqi_tiles_new(tiles, &model->graph, context->ops, &plan, nq_context_threads(context));
    if (status)
        return nqi_fail_memory(context, "tiles of a picture",
                               plan.down.length * plan.across.length * NQI_LANES);
    if ((status = batch_new(batch, context, model))) {
        nqi_tiles_free(*tiles);
        *tiles = NULL;
    }
    return status;
}

void nqi_tiled_forward(nqi_tiles *tiles, nqi_pool *pool, nqi_batch *batch)
{
    if (tiles)
        nqi_tiles_forward(tiles, pool, &batch->tape);
    else
        nqi_tape_forward(&batch->tape);
}

void nqi_tiled_run(nq_context *context, size_t blocks, nqi_work *work, void *state)
{
    const int rank = nq_context_rank(context), ranks = nq_context_ranks(context);
    const size_t end = nqi_part_first(blocks, rank + 1, ranks);
    const unsigned mode = nqi_denormals_flush();
    for (size_t block = nqi_part_first(blocks, rank, ranks); block < end; block++)
        work(state, block, 0);
    nqi_denormals_restore(mode);
}
