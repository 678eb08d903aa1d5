/* predictor.c - the regressor on rows that are drawn: memory, passes, and who makes them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "diffusion/predictor.h"

#include <string.h>

#include "diffusion/stepper.h"
#include "dist/comm.h"

static nq_status tiles_batch_new(nqi_batch *out, nq_context *context, const nqi_process *process,
                                 const nqi_graph *graph)
{
    const size_t numbers = process->dim * NQI_LANES;
    memset(out, 0, sizeof *out);
    nq_status status = nqi_tiles_tape_new(&out->tape, graph, context->ops);
    out->tape.map.trained = process->time;
    if (!status)
        status = nqi_arena_new(&out->arena, 2 * nqi_arena_need(numbers, sizeof(nqi_real)));
    if (status) {
        nqi_batch_free(out);
        return nqi_fail_memory(context, "large pictures", numbers * sizeof(nqi_real));
    }
    out->noise = nqi_arena_take(&out->arena, numbers, sizeof(nqi_real));
    out->x_0 = nqi_arena_take(&out->arena, numbers, sizeof(nqi_real));
    out->valid_rows = NQI_LANES;
    return NQ_OK;
}

/* Where `all` pictures are all there is, and tiles take less time. */
static nq_status tiles_new(nqi_predictor *out, nq_context *context, const nqi_process *process,
                           const nqi_graph *graph, size_t all)
{
    nqi_tile_plan plan;
    if (!all || all > NQI_LANES || !nqi_tile_plan_make(&plan, graph, all))
        return NQ_OK;
    nq_status status =
        nqi_tiles_new(&out->tiles, graph, context->ops, &plan, nq_context_threads(context));
    if (status)
        return nqi_fail_memory(context, "tiles of a picture",
                               plan.down.length * plan.across.length * NQI_LANES);
    return tiles_batch_new(&out->batch, context, process, graph);
}

nq_status nqi_predictor_equip(nqi_predictor *predictor, nq_context *context)
{
    const nqi_stepper *stepper = nqi_stepper_find(NULL);
    const size_t numbers =
        stepper->scratch ? stepper->scratch(predictor->process, predictor->batch.tape.ld) : 0;
    if (!numbers)
        return NQ_OK;
    predictor->scratch = nqi_aligned_new(numbers, sizeof *predictor->scratch);
    return predictor->scratch
               ? NQ_OK
               : nqi_fail_memory(context, "a stepper", numbers * sizeof *predictor->scratch);
}

nq_status nqi_predictor_new(nqi_predictor *out, nq_context *context, const nqi_process *process,
                            const nqi_regressor *regressor, size_t ld, size_t all)
{
    memset(out, 0, sizeof *out);
    out->pool = context->pool;
    out->process = process;
    nq_status status =
        regressor->offset ? NQ_OK : tiles_new(out, context, process, &regressor->graph, all);
    if (!status && !out->tiles)
        status =
            nqi_batch_open(&out->batch, context, process, regressor, context->ops, ld, ld, 0);
    out->batch.tape.params = regressor->params;
    return status ? status : nqi_predictor_equip(out, context);
}

/* A parameter whose gradient is made whether it is asked for or not. */
static int insists(const nqi_graph *graph)
{
    int any = 0;
    for (int i = 0; i < graph->node_count; i++)
        for (int k = 0; k < graph->nodes[i].param_count; k++)
            any |= !graph->nodes[i].op->overwrites &&
                   !graph->params[graph->nodes[i].param[k]].banked;
    return any;
}

nq_status nqi_predictor_new_both(nqi_predictor *out, nq_context *context,
                                 const nqi_process *process, const nqi_regressor *regressor,
                                 size_t ld)
{
    const size_t dense = regressor->graph.dense_count;
    memset(out, 0, sizeof *out);
    out->pool = context->pool;
    out->process = process;
    const nq_status status =
        nqi_batch_open(&out->batch, context, process, regressor, context->ops, ld, ld, 2);
    if (status)
        return status;
    out->batch.tape.params = regressor->params;
    if (insists(&regressor->graph) && !(out->spare = nqi_aligned_new(dense, sizeof *out->spare)))
        return nqi_fail_memory(context, "gradients", dense * sizeof *out->spare);
    out->batch.tape.dense_grad = out->spare;
    return nqi_predictor_equip(out, context);
}

void nqi_predictor_back(nqi_predictor *predictor)
{
    nqi_tape *tape = &predictor->batch.tape;
    const nqi_regressor *regressor = predictor->batch.regressor;
    if (regressor && &regressor->graph == tape->graph)
        memset(tape->grad[tape->graph->input], 0,
               tape->graph->nodes[tape->graph->input].width * tape->ld * sizeof(nqi_real));
    else
        nqi_tape_backward(tape);
}

void nqi_predictor_free(nqi_predictor *predictor)
{
    if (!predictor)
        return;
    nqi_tiles_free(predictor->tiles);
    nqi_batch_free(&predictor->batch);
    nqi_aligned_free(predictor->scratch);
    nqi_aligned_free(predictor->spare);
    memset(predictor, 0, sizeof *predictor);
}

void nqi_predictor_forward(nqi_predictor *predictor)
{
    if (predictor->tiles) {
        (void)nqi_tiles_forward(predictor->tiles, predictor->pool, &predictor->batch.tape);
        nqi_batch_read(predictor->process, &predictor->batch);
    } else
        nqi_batch_forward(predictor->process, &predictor->batch);
}

static nq_status run_here(nq_context *context, size_t items, nqi_work *work, void *state)
{
    const int rank = nq_context_rank(context), ranks = nq_context_ranks(context);
    return nqi_pool_run_alone(context->pool, nqi_part_first(items, rank, ranks),
                              nqi_part_first(items, rank + 1, ranks), work, state);
}

nq_status nqi_predictor_run(const nqi_predictor *predictor, nq_context *context, size_t items,
                            nqi_work *work, void *state)
{
    return predictor->tiles ? run_here(context, items, work, state)
                            : nqi_ranks_run(context, items, work, state);
}
