/* ais_walk.c - forward trajectories and their log weights ([SD15] eq. 9).
 * Every term looks at x_{t-1} and x_t alone, so a thread keeps its rows through the whole
 * trajectory and nothing else. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "core/context.h"
#include "measure/ais.h"

nq_status nqi_ais_walk_new(nqi_ais_walk *out, nq_context *context, const nqi_process *process,
                           const nqi_regressor *regressor, const nqi_ops *ops, size_t rows)
{
    memset(out, 0, sizeof *out);
    const size_t numbers = process->dim * rows;
    nq_status status =
        nqi_batch_open(&out->batch, context, process, regressor, ops, rows, rows, 0);
    if (status)
        return status;
    status = nqi_arena_new(&out->arena, 2 * nqi_arena_need(numbers, sizeof(double)) +
                                            nqi_arena_need(rows, sizeof(double)));
    if (status) {
        nqi_ais_walk_free(out);
        return nqi_fail_memory(context, "trajectories", 2 * numbers * sizeof(double));
    }
    out->process = process;
    out->before = nqi_arena_take(&out->arena, numbers, sizeof(double));
    out->after = nqi_arena_take(&out->arena, numbers, sizeof(double));
    out->log_w = nqi_arena_take(&out->arena, rows, sizeof(double));
    return NQ_OK;
}

void nqi_ais_walk_free(nqi_ais_walk *walk)
{
    if (!walk)
        return;
    nqi_batch_free(&walk->batch);
    nqi_arena_free(&walk->arena);
    memset(walk, 0, sizeof *walk);
}

void nqi_ais_walk_start(nqi_ais_walk *walk)
{
    memset(walk->log_w, 0, walk->batch.tape.ld * sizeof *walk->log_w);
}

void nqi_ais_walk_step(nqi_ais_walk *walk, size_t t, const nqi_stream *stream,
                       const double *given)
{
    const nqi_process *process = walk->process;
    nqi_batch *batch = &walk->batch;
    const size_t numbers = process->dim * batch->tape.ld;
    nqi_real *x_t = nqi_batch_x_t(batch);
    double *now = walk->after;
    walk->after = walk->before;
    walk->before = now;
    batch->tape.time[0] = (uint32_t)t;
    if (given) {
        memcpy(walk->after, given, numbers * sizeof *given);
    } else {
        nqi_batch_draw(process, batch, stream);
        nqi_batch_forward_step(process, batch, walk->after, walk->before);
    }
    for (size_t j = 0; j < numbers; j++)
        x_t[j] = (nqi_real)walk->after[j];
    if (t >= process->first_learned)
        nqi_batch_forward(process, batch);
    nqi_batch_log_ratio(process, batch, walk->log_w, walk->before, walk->after);
}

void nqi_ais_walk_finish(nqi_ais_walk *walk)
{
    const size_t ld = walk->batch.tape.ld;
    for (size_t r = 0; r < ld; r++)
        walk->log_w[r] +=
            nqi_process_log_prior(walk->process, nqi_batch_x_t(&walk->batch) + r, ld);
}
