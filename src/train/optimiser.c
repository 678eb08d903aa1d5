/* optimiser.c - one update of the parameters, part by part. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/optimiser.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

static const double beta1 = 0.9, beta2 = 0.999, adam_epsilon = 1e-8;
static const double rmsprop_decay = 0.99, rmsprop_epsilon = 1e-8;

nq_status nqi_optimiser_new(nqi_optimiser *out, nq_context *context, nqi_optimiser_kind kind,
                            const nqi_graph *graph, const nqi_ops *ops, const nq_real *params,
                            double decay, double keep)
{
    memset(out, 0, sizeof *out);
    out->kind = kind;
    out->graph = graph;
    out->ops = ops;
    out->count = nqi_graph_parameters(graph);
    out->decay = decay;
    out->keep = keep;
    out->first = nqi_aligned_new(out->count, sizeof(nq_real));
    out->second = nqi_aligned_new(out->count, sizeof(nq_real));
    out->bank_updates = calloc(graph->banks + 1, sizeof(uint64_t));
    out->bank_touched = calloc(graph->banks + 1, sizeof(uint64_t));
    if (keep < 1)
        out->average = nqi_aligned_new(out->count, sizeof(nq_real));
    if (!out->first || !out->second || !out->bank_updates || !out->bank_touched ||
        (keep < 1 && !out->average)) {
        nqi_optimiser_free(out);
        return nqi_fail_memory(context, "the optimiser", 3 * out->count * sizeof(nq_real));
    }
    if (out->average)
        memcpy(out->average, params, out->count * sizeof *params);
    return NQ_OK;
}

void nqi_optimiser_free(nqi_optimiser *optimiser)
{
    if (!optimiser)
        return;
    nqi_aligned_free(optimiser->first);
    nqi_aligned_free(optimiser->second);
    nqi_aligned_free(optimiser->average);
    free(optimiser->bank_updates);
    free(optimiser->bank_touched);
    optimiser->first = optimiser->second = optimiser->average = NULL;
    optimiser->bank_updates = optimiser->bank_touched = NULL;
}

void nqi_optimiser_begin(nqi_optimiser *optimiser)
{
    optimiser->updates++;
}

static void apply(const nqi_optimiser *optimiser, nq_real *params, const nq_real *gradient,
                  size_t at, size_t count, uint64_t updates, double rate)
{
    if (optimiser->kind == NQI_RMSPROP) {
        optimiser->ops->rmsprop(params + at, optimiser->second + at, gradient, count, rate,
                                rmsprop_decay, rmsprop_epsilon);
        return;
    }
    const double n = (double)updates;
    const nqi_adam adam = {
        rate, beta1, beta2, adam_epsilon, 1 - pow(beta1, n), 1 - pow(beta2, n), optimiser->decay};
    optimiser->ops->adam(params + at, optimiser->first + at, optimiser->second + at, gradient,
                         count, &adam);
}

/* The average forgets its start: early on it is the mean of few updates. */
static double average_keep(const nqi_optimiser *optimiser, uint64_t updates)
{
    const double n = (double)updates;
    return fmin(optimiser->keep, (1 + n) / (10 + n));
}

void nqi_optimiser_dense(nqi_optimiser *optimiser, nq_real *params, const nq_real *gradient,
                         size_t first, size_t count, double rate)
{
    apply(optimiser, params, gradient, first, count, optimiser->updates, rate);
    if (optimiser->average)
        optimiser->ops->average(optimiser->average + first, params + first, count,
                                average_keep(optimiser, optimiser->updates));
}

static size_t bank_position(const nqi_optimiser *optimiser, size_t bank)
{
    return optimiser->graph->dense_count + bank * optimiser->graph->bank_size;
}

/* While a bank rests its weights w are constant, so k averaging steps at once are
 * average = keep^k average + (1 - keep^k) w. */
static void catch_up(const nqi_optimiser *optimiser, const nq_real *params, size_t bank,
                     uint64_t until)
{
    const uint64_t rested = until - optimiser->bank_touched[bank];
    if (!optimiser->average || !rested)
        return;
    const size_t at = bank_position(optimiser, bank);
    const double keep = pow(average_keep(optimiser, optimiser->updates), (double)rested);
    optimiser->ops->average(optimiser->average + at, params + at, optimiser->graph->bank_size,
                            keep);
}

void nqi_optimiser_bank(nqi_optimiser *optimiser, nq_real *params, const nq_real *gradient,
                        size_t bank, double rate)
{
    const size_t at = bank_position(optimiser, bank), size = optimiser->graph->bank_size;
    catch_up(optimiser, params, bank, optimiser->updates - 1);
    apply(optimiser, params, gradient, at, size, ++optimiser->bank_updates[bank], rate);
    if (optimiser->average)
        optimiser->ops->average(optimiser->average + at, params + at, size,
                                average_keep(optimiser, optimiser->updates));
    optimiser->bank_touched[bank] = optimiser->updates;
}

void nqi_optimiser_settle(nqi_optimiser *optimiser, const nq_real *params)
{
    for (size_t b = 0; b < optimiser->graph->banks; b++) {
        catch_up(optimiser, params, b, optimiser->updates);
        optimiser->bank_touched[b] = optimiser->updates;
    }
}

void nqi_optimiser_copy_bank(nqi_optimiser *optimiser, nq_real *params, size_t from, size_t to)
{
    nq_real *const arrays[] = {params, optimiser->first, optimiser->second, optimiser->average};
    const size_t bytes = optimiser->graph->bank_size * sizeof(nq_real);
    for (int i = 0; i < 4; i++)
        if (arrays[i])
            memcpy(arrays[i] + bank_position(optimiser, to),
                   arrays[i] + bank_position(optimiser, from), bytes);
    optimiser->bank_updates[to] = optimiser->bank_updates[from];
    optimiser->bank_touched[to] = optimiser->bank_touched[from];
}
