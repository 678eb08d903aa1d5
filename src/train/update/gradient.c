/* gradient.c - strands, slices and the norm of a gradient. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/update/gradient.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "dist/comm.h"

/* From here on a bound on the gradient's norm is none. */
static const double most_never = 1e30;

static int is_large(const nqi_graph *graph)
{
    enum { LARGE = 1 << 20 };
    return graph->dense_count > LARGE;
}

static void divide(nqi_gradient *gradient, const nq_context *context, const nqi_graph *graph,
                   size_t micros)
{
    enum { STRANDS_OF_LARGE = 8 };
    const int rank = nq_context_rank(context), size = nq_context_ranks(context);
    gradient->strands = is_large(graph) ? STRANDS_OF_LARGE : NQI_STRANDS_MAX;
    if (gradient->strands > micros)
        gradient->strands = micros;
    gradient->first = nqi_part_first(gradient->strands, rank, size);
    gradient->count = nqi_part_first(gradient->strands, rank + 1, size) - gradient->first;
    gradient->buffers = gradient->count + (rank > 0);
}

/* Ranks hand on sums of slices, for which all strands are there. */
static nq_status choose_turns(nqi_gradient *gradient, nq_context *context, const nqi_graph *graph)
{
    const size_t buffers = (size_t)nq_context_threads(context) + 1;
    if (context->comm || !is_large(graph) || buffers >= gradient->buffers)
        return NQ_OK;
    gradient->buffers = buffers;
    return nqi_order_new(&gradient->order)
               ? nqi_fail_memory(context, "an order of threads", sizeof gradient->order)
               : NQ_OK;
}

nq_status nqi_gradient_new(nqi_gradient *out, nq_context *context, const nqi_graph *graph,
                           size_t steps, size_t micros, size_t groups, double most)
{
    *out = (nqi_gradient){.size = graph->dense_count, .most = most, .scale = 1};
    out->slices = (out->size + NQI_SLICE - 1) / NQI_SLICE;
    divide(out, context, graph, micros);
    const nq_status status = choose_turns(out, context, graph);
    if (status)
        return status;
    out->dense = nqi_aligned_raw(out->buffers * out->size + 1, sizeof *out->dense);
    out->squares = calloc(out->slices + groups, sizeof *out->squares);
    out->group_rates = calloc(groups, sizeof *out->group_rates);
    out->step_rates = calloc(steps, sizeof *out->step_rates);
    if (!out->dense || !out->squares || !out->group_rates || !out->step_rates)
        return nqi_fail_memory(context, "gradients",
                               out->buffers * out->size * sizeof *out->dense);
    return NQ_OK;
}

void nqi_gradient_free(nqi_gradient *gradient)
{
    nqi_order_free(gradient->order);
    nqi_aligned_free(gradient->dense);
    free(gradient->squares);
    free(gradient->group_rates);
    free(gradient->step_rates);
}

int nqi_gradient_is_bounded(const nqi_gradient *gradient)
{
    return gradient->most < most_never;
}

void nqi_gradient_bound(nqi_gradient *gradient, size_t first, size_t end)
{
    double squares = 0;
    for (size_t i = first; i < end; i++)
        squares += gradient->squares[i];
    const double norm = sqrt(squares);
    gradient->scale = norm > gradient->most ? gradient->most / norm : 1;
}

nqi_real *nqi_gradient_strand(const nqi_gradient *gradient, size_t item, int thread)
{
    size_t buffer = gradient->buffers - gradient->count + item;
    if (gradient->order)
        buffer = item ? (size_t)thread + 1 : 0;
    return gradient->dense + buffer * gradient->size;
}

size_t nqi_gradient_slice(size_t *at, const nqi_gradient *gradient, size_t slice)
{
    *at = slice * NQI_SLICE;
    const size_t left = gradient->size - *at;
    return left < NQI_SLICE ? left : NQI_SLICE;
}

void nqi_gradient_sum_slice(nqi_gradient *gradient, const nqi_ops *ops, size_t slice)
{
    size_t at;
    const size_t count = nqi_gradient_slice(&at, gradient, slice);
    for (size_t strand = 1; strand < gradient->buffers; strand++)
        ops->vadd(gradient->dense + at, gradient->dense + strand * gradient->size + at, count);
}

void nqi_gradient_sum_rates(nqi_gradient *gradient, const uint32_t *time, size_t groups,
                            size_t steps)
{
    memset(gradient->step_rates, 0, steps * sizeof *gradient->step_rates);
    for (size_t g = 0; g < groups; g++) {
        nqi_step_gradient *sum = &gradient->step_rates[time[g] - 1];
        const nqi_step_gradient *from = &gradient->group_rates[g];
        for (int k = 0; k < NQI_RATE_SUMS; k++)
            sum->sum[k] += from->sum[k];
    }
}
