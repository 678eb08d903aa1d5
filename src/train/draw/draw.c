/* draw.c - memory of an update's microbatches; its times and rows, which come from counters. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/draw/draw.h"

#include <math.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/context.h"

static nq_status open_batch(nqi_draw *draw, nqi_batch *batch, nq_context *context,
                            const nq_model *model, const nqi_draw_needs *needs)
{
    const nq_status status =
        nqi_batch_open(batch, context, &model->process, &model->regressor, needs->ops, draw->ld,
                       draw->group_rows, needs->rates ? 2 : 1);
    if (status)
        return status;
    batch->step_weight = draw->step_weight;
    if (!needs->marks && !draw->roles)
        return NQ_OK;
    batch->observed = nqi_aligned_new(model->process.dim * draw->ld, sizeof *batch->observed);
    return batch->observed ? NQ_OK : nqi_fail_memory(context, "marks of missing cells", draw->ld);
}

nq_status nqi_draw_new(nqi_draw *draw, nq_context *context, const nq_model *model,
                       const nqi_draw_needs *needs)
{
    const size_t threads = (size_t)nq_context_threads(context);
    const int has_roles = model->options.roles > 0, is_told = model->options.squares > 0;
    nq_status status = NQ_OK;
    draw->threads = threads;
    draw->time = calloc(draw->groups, sizeof *draw->time);
    draw->losses = calloc(draw->micros, sizeof *draw->losses);
    draw->batches = calloc(threads, sizeof *draw->batches);
    if (has_roles)
        draw->roles = nqi_aligned_new(threads * NQI_ROLES * model->process.dim * draw->ld,
                                      sizeof *draw->roles);
    if (is_told)
        draw->told = nqi_aligned_new(threads * NQI_TOLD * model->process.dim * draw->ld,
                                     sizeof *draw->told);
    if (!draw->time || !draw->losses || !draw->batches || (has_roles && !draw->roles) ||
        (is_told && !draw->told))
        return nqi_fail_memory(context, "microbatches", threads);
    for (size_t i = 0; i < threads && !status; i++)
        status = open_batch(draw, &draw->batches[i], context, model, needs);
    return status;
}

void nqi_draw_free(nqi_draw *draw)
{
    for (size_t i = 0; draw->batches && i < draw->threads; i++)
        nqi_batch_free(&draw->batches[i]);
    free(draw->batches);
    free(draw->time);
    free(draw->losses);
    free(draw->step_weight);
    nqi_aligned_free(draw->roles);
    nqi_aligned_free(draw->told);
}

void nqi_draw_times(nqi_draw *draw, const nqi_ops *ops, const nqi_process *process,
                    int64_t update)
{
    enum { DRAWN = 32 }; /* at a time */
    const nqi_stream stream = {draw->seed, NQI_DRAW_TIMES, (uint32_t)update, 0};
    const size_t first = draw->at_first, begin = first ? 2 : process->first_learned;
    const double steps = (double)(process->schedule.steps + 1 - begin);
    uint32_t bits[2 * DRAWN];
    for (size_t g = 0; g < draw->groups; g++) {
        const size_t k = g % DRAWN;
        if (k == 0)
            ops->random.bits(bits, &stream, 2 * g, 2 * DRAWN);
        const double u = nqi_uniform_of_bits(bits[2 * k], bits[2 * k + 1]);
        const double position =
            ((double)g - (double)first + u) * steps / (double)(draw->groups - first);
        draw->time[g] = g < first ? 1 : (uint32_t)(fmin(position, steps - 1) + (double)begin);
    }
}

void nqi_draw_rows(uint64_t *out, const nqi_draw *draw, const nqi_ops *ops, uint64_t rows,
                   uint64_t position, size_t count)
{
    for (size_t done = 0, n; done < count; done += n) {
        const uint64_t at = position + done, left = rows - at % rows;
        const nqi_stream stream = {draw->seed, NQI_DRAW_ROWS, (uint32_t)(at / rows), 0};
        n = count - done < left ? count - done : (size_t)left;
        ops->random.permute(out + done, &stream, at % rows, n, rows);
    }
}

double nqi_draw_loss(const nqi_draw *draw)
{
    double sum = 0;
    for (size_t m = 0; m < draw->micros; m++)
        sum += draw->losses[m];
    return sum / (double)nqi_draw_batch(draw);
}
