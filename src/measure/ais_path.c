/* ais_path.c - forward trajectories and their log weights ([SD15] eq. 9).
 * Every term looks at x_{t-1} and x_t alone, so a thread keeps its rows through the whole
 * trajectory and nothing else. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "core/context.h"
#include "measure/ais.h"

nq_status nqi_ais_path_new(nqi_ais_path *out, nq_context *context, const nqi_process *process,
                           const nqi_regressor *regressor, const nqi_ops *ops, size_t rows)
{
    memset(out, 0, sizeof *out);
    const size_t numbers = process->dim * rows;
    nq_status status =
        nqi_batch_open(&out->batch, context, process, regressor, ops, rows, rows, 0);
    if (status)
        return status;
    status =
        nqi_arena_new(&out->arena, 2 * nqi_arena_need(numbers, sizeof(double)) +
                                       nqi_arena_need(rows, sizeof(double)) +
                                       nqi_arena_need(NQI_ROLES * numbers, sizeof(nqi_real)));
    if (status) {
        nqi_ais_path_free(out);
        return nqi_fail_memory(context, "trajectories", 2 * numbers * sizeof(double));
    }
    out->process = process;
    out->before = nqi_arena_take(&out->arena, numbers, sizeof(double));
    out->after = nqi_arena_take(&out->arena, numbers, sizeof(double));
    out->log_w = nqi_arena_take(&out->arena, rows, sizeof(double));
    out->roles = nqi_arena_take(&out->arena, NQI_ROLES * numbers, sizeof(nqi_real));
    return NQ_OK;
}

void nqi_ais_path_free(nqi_ais_path *path)
{
    if (!path)
        return;
    nqi_batch_free(&path->batch);
    nqi_arena_free(&path->arena);
    memset(path, 0, sizeof *path);
}

void nqi_ais_path_start(nqi_ais_path *path)
{
    memset(path->log_w, 0, path->batch.tape.ld * sizeof *path->log_w);
}

void nqi_ais_path_step(nqi_ais_path *path, size_t t, const nqi_stream *stream,
                       const double *given)
{
    const nqi_process *process = path->process;
    nqi_batch *batch = &path->batch;
    const size_t numbers = process->dim * batch->tape.ld;
    nqi_real *x_t = nqi_batch_x_t(batch);
    double *now = path->after;
    path->after = path->before;
    path->before = now;
    batch->tape.time[0] = (uint32_t)t;
    if (given) {
        memcpy(path->after, given, numbers * sizeof *given);
    } else {
        nqi_batch_draw(process, batch, stream);
        nqi_batch_forward_step(process, batch, path->after, path->before);
    }
    for (size_t j = 0; j < numbers; j++)
        x_t[j] = (nqi_real)path->after[j];
    if (batch->roles)
        nqi_batch_place_roles(batch, process->dim, 0);
    if (t >= process->first_learned)
        nqi_batch_forward(process, batch);
    nqi_batch_log_ratio(process, batch, path->log_w, path->before, path->after);
}

/* log pi(x_T) of the row's targets. */
static double target_prior(const nqi_ais_path *path, size_t row)
{
    const nqi_process *process = path->process;
    const size_t ld = path->batch.tape.ld;
    double sum = 0;
    for (size_t i = 0; i < process->dim; i++) {
        const nqi_block block = nqi_block_single(nqi_process_block(process, i), i);
        const nqi_real *x = nqi_batch_x_t(&path->batch) + i * ld + row;
        if (nqi_batch_is_target(&path->batch, process->dim, i, row))
            sum += block.family->account->log_prior(&block, x, ld);
    }
    return sum;
}

void nqi_ais_path_finish(nqi_ais_path *path)
{
    const nqi_batch *batch = &path->batch;
    const size_t ld = batch->tape.ld, dim = path->process->dim;
    for (size_t r = 0; r < ld; r++)
        path->log_w[r] +=
            batch->roles ? target_prior(path, r)
                         : nqi_process_log_prior(path->process, nqi_batch_x_t(batch) + r, ld);
    for (size_t j = 0; j < path->process->spread * ld; j++) /* of recorded cells */
        if (nqi_batch_is_target(batch, dim, j / ld, j % ld))
            path->log_w[j % ld] += batch->share[j];
}
