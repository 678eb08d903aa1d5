/* ladder.c - memory, and the times of a chain by dynamic programming over costs of steps. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "model/ladder/ladder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

nq_status nqi_ladder_new(nqi_ladder *out, nq_context *context, size_t count, size_t width)
{
    *out = (nqi_ladder){.count = count};
    out->time = calloc(count, sizeof *out->time);
    out->cost = calloc(count * (count + 1) / 2, sizeof *out->cost);
    out->residual = calloc(count * width + 1, sizeof *out->residual);
    out->of = (nqi_residual){count, width, out->time, out->residual};
    if (out->time && out->cost && out->residual)
        return NQ_OK;
    nqi_ladder_free(out);
    return nqi_fail_memory(context, "costs of steps", count * (count + width) * sizeof(double));
}

/* All, or evenly spaced ones with the first. */
nq_status nqi_ladder_of(nqi_ladder *out, nq_context *context, size_t steps, size_t most,
                        size_t width)
{
    const size_t held = most < NQI_LADDER_MOST ? most : NQI_LADDER_MOST;
    const size_t count = steps <= held ? steps : held;
    const nq_status status = nqi_ladder_new(out, context, count, width);
    for (size_t k = 0; !status && k < count; k++)
        out->time[k] = count < 2
                           ? (uint32_t)steps
                           : 1 + (uint32_t)((k * (steps - 1) + (count - 1) / 2) / (count - 1));
    return status;
}

void nqi_ladder_free(nqi_ladder *ladder)
{
    free(ladder->time);
    free(ladder->cost);
    free(ladder->residual);
    memset(ladder, 0, sizeof *ladder);
}

nq_status nqi_ladder_copy(nqi_ladder *out, nq_context *context, const nqi_ladder *from)
{
    const size_t count = from->count;
    memset(out, 0, sizeof *out);
    const nq_status status = count ? nqi_ladder_new(out, context, count, from->of.width) : NQ_OK;
    if (status || !count)
        return status;
    memcpy(out->time, from->time, count * sizeof *out->time);
    memcpy(out->cost, from->cost, count * (count + 1) / 2 * sizeof *out->cost);
    memcpy(out->residual, from->residual, count * from->of.width * sizeof *out->residual);
    return NQ_OK;
}

/* A fixed last step is from x_1, and is not a long one. */
static void even_times(uint32_t *time, const nqi_process *process, size_t steps)
{
    const size_t fixed = process->first_learned > 1, left = process->schedule.steps - fixed;
    const size_t others = steps - fixed;
    time[0] = 0;
    if (fixed)
        time[1] = 1;
    for (size_t k = 1; k <= others; k++)
        time[fixed + k] = (uint32_t)(fixed + (2 * k * left + others) / (2 * others));
}

/* best [k - 1][t]: the least cost of k steps from time t to x_0; from: the time before on that
 * way. */
static void spread_costs(double *best, size_t *from, const nqi_ladder *ladder, int fixed,
                         size_t steps)
{
    const size_t width = ladder->count + 1;
    for (size_t t = 1; t < width; t++)
        best[t] = fixed && t > 1 ? INFINITY : *nqi_ladder_cost(ladder, 0, t);
    for (size_t k = 1; k < steps; k++)
        for (size_t t = 1; t < width; t++) {
            const double *before = best + (k - 1) * width;
            double *own = &best[k * width + t];
            *own = INFINITY;
            for (size_t s = k; s < t; s++) {
                const double sum = before[s] + *nqi_ladder_cost(ladder, s, t);
                if (sum < *own) {
                    *own = sum;
                    from[k * width + t] = s;
                }
            }
        }
}

static nq_status best_times(uint32_t *time, double *cost, nq_context *context,
                            const nqi_ladder *ladder, int fixed, size_t steps)
{
    const size_t width = ladder->count + 1;
    double *best = calloc(steps * width, sizeof *best);
    size_t *from = calloc(steps * width, sizeof *from);
    if (!best || !from) {
        free(best);
        free(from);
        return nqi_fail_memory(context, "times of a chain", steps * width * sizeof *best);
    }
    spread_costs(best, from, ladder, fixed, steps);
    if (cost)
        *cost = best[(steps - 1) * width + ladder->count];
    time[0] = 0;
    for (size_t k = steps, t = ladder->count; k > 0; k--) {
        time[k] = ladder->time[t - 1];
        t = from[(k - 1) * width + t];
    }
    free(best);
    free(from);
    return NQ_OK;
}

nq_status nqi_ladder_times(uint32_t *time, double *cost, nq_context *context,
                           const nqi_ladder *ladder, const nqi_process *process, size_t steps)
{
    if (cost)
        *cost = NAN;
    if (steps <= ladder->count)
        return best_times(time, cost, context, ladder, process->first_learned > 1, steps);
    even_times(time, process, steps);
    return NQ_OK;
}
