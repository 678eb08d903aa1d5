/* shape.c - how the rows of an update are divided, and what its steps count. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "train/draw/draw.h"

/* Maps go through the network in groups whatever is chosen here. The weights of a dense pathway are
 * read once per microbatch, so that many rows are best, while each thread has some. */
static size_t picture_rows(const nqi_graph *graph, size_t batch)
{
    enum { SMALL = 1 << 16, LEAST = 16, MOST = 64, SHARE = 4 };
    size_t rows = LEAST;
    while (graph->dense_count > SMALL && rows < MOST && 2 * rows * SHARE <= batch)
        rows *= 2;
    return rows;
}

/* Wide networks take 64 rows, so that their activations stay in the core's cache; per-step readouts
 * work on at least 32 rows at a time. */
void nqi_draw_shape(nqi_draw *draw, const nqi_graph *graph, const nq_train_options *options)
{
    const size_t batch = (size_t)options->batch;
    size_t widest = 1;
    for (int i = 0; i < graph->node_count; i++)
        if (graph->nodes[i].width > widest)
            widest = graph->nodes[i].width;
    draw->seed = (uint64_t)options->seed;
    draw->group_rows = options->fit_updates ? 64 : graph->banks ? 32 : 16;
    draw->ld = widest <= 24 ? 256 : widest <= 80 ? 128 : 64;
    if (graph->nodes[graph->output].map.channels)
        draw->ld = picture_rows(graph, batch);
    while (draw->ld > draw->group_rows && draw->ld > batch)
        draw->ld /= 2;
    if (draw->group_rows > draw->ld)
        draw->group_rows = draw->ld;
    draw->micros = (batch + draw->ld - 1) / draw->ld;
    draw->groups = draw->micros * (draw->ld / draw->group_rows);
}

static nq_status alloc_weights(nqi_draw *draw, nq_context *context, size_t steps)
{
    draw->step_weight = calloc(steps, sizeof *draw->step_weight);
    return draw->step_weight
               ? NQ_OK
               : nqi_fail_memory(context, "weights of steps", steps * sizeof *draw->step_weight);
}

/* A learned p(x_0|x_1) is most of K, and its divergences spread most: one group has t = 1 in every
 * update, and the others share the rest (findings of a prototype, docs/tables.md). */
static nq_status weigh_first(nqi_draw *draw, nq_context *context, size_t steps)
{
    const double groups = (double)draw->groups, all = (double)steps;
    const nq_status status = alloc_weights(draw, context, steps);
    if (status)
        return status;
    draw->at_first = 1;
    draw->step_weight[0] = groups / all;
    for (size_t i = 1; i < steps; i++)
        draw->step_weight[i] = (all - 1) * groups / ((groups - 1) * all);
    return NQ_OK;
}

/* Of the blocks alike; 0: a step of some block has none. */
static double even_weight(const nqi_process *process, size_t t)
{
    const nqi_rates *rates = process->blocks[0].family->rates;
    for (size_t k = 1; k < process->block_count; k++)
        if (process->blocks[k].family->rates != rates)
            return 0;
    return rates && rates->even_weight ? rates->even_weight(&process->blocks[0], t) : 0;
}

static nq_status weigh_evenly(nqi_draw *draw, nq_context *context, const nqi_process *process)
{
    const size_t steps = process->schedule.steps;
    const nq_status status = alloc_weights(draw, context, steps);
    double sum = 0;
    if (status)
        return status;
    for (size_t i = 1; i < steps; i++) {
        draw->step_weight[i] = even_weight(process, i + 1);
        sum += draw->step_weight[i] / (double)(steps - 1);
    }
    for (size_t i = 1; i < steps; i++)
        draw->step_weight[i] /= sum;
    return NQ_OK;
}

nq_status nqi_draw_weigh(nqi_draw *draw, nq_context *context, const nqi_process *process,
                         const char *weighting, int fixed)
{
    const size_t steps = process->schedule.steps;
    if (!strcmp(weighting, "bound"))
        return fixed && process->first_learned == 1 && draw->groups > 1 && steps > 1
                   ? weigh_first(draw, context, steps)
                   : NQ_OK;
    if (strcmp(weighting, "v"))
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "\036weighting \"%s\": expected bound or v",
                        weighting);
    if (!(even_weight(process, 2) > 0))
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "\036weighting v: only for real numbers in the x0 form, without "
                        "\036learn_last");
    return weigh_evenly(draw, context, process);
}
