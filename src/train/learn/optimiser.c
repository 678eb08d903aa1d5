/* optimiser.c - one update of the parameters, part by part. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/learn/optimiser.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/context.h"

static const double beta1 = 0.9, beta2 = 0.999, adam_epsilon = 1e-8;
/* After so many, 1 - beta1^n is 1 in every digit. */
static const uint64_t beta1_updates = 400;
static const double rmsprop_decay = 0.99, rmsprop_epsilon = 1e-8;

nq_status nqi_optimiser_new(nqi_optimiser *out, nq_context *context, nqi_optimiser_kind kind,
                            const nqi_graph *graph, const nqi_ops *ops, const nqi_real *params,
                            double decay, double keep)
{
    memset(out, 0, sizeof *out);
    out->kind = kind;
    out->graph = graph;
    out->ops = ops;
    out->count = nqi_graph_parameters(graph);
    out->decay = decay;
    out->keep = keep;
    out->first = nqi_aligned_new(out->count, sizeof(nqi_real));
    out->second = nqi_aligned_new(out->count, sizeof(nqi_real));
    out->bank_updates = calloc(graph->banks + 1, sizeof(uint64_t));
    out->bank_touched = calloc(graph->banks + 1, sizeof(uint64_t));
    if (keep < 1)
        out->average = nqi_aligned_new(out->count, sizeof(nqi_real));
    if (!out->first || !out->second || !out->bank_updates || !out->bank_touched ||
        (keep < 1 && !out->average)) {
        nqi_optimiser_free(out);
        return nqi_fail_memory(context, "the optimiser", 3 * out->count * sizeof(nqi_real));
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

/* The average forgets its start: early on it is the mean of few updates. */
static double average_keep(const nqi_optimiser *optimiser, uint64_t updates)
{
    const double n = (double)updates;
    return fmin(optimiser->keep, (1 + n) / (10 + n));
}

static void apply_rmsprop(const nqi_optimiser *o, nqi_real *params, const nqi_real *gradient,
                          size_t at, size_t count, double rate)
{
    o->ops->rmsprop(params + at, o->second + at, gradient, count, rate, rmsprop_decay,
                    rmsprop_epsilon);
    if (o->average)
        o->ops->average(o->average + at, params + at, count, average_keep(o, o->updates));
}

/* Parameters at..at+count-1, which have had `updates` updates with this one, and their average. */
static void apply(const nqi_optimiser *o, nqi_real *params, const nqi_real *gradient, size_t at,
                  size_t count, uint64_t updates, double rate)
{
    const double n = (double)updates;
    const double left1 = updates < beta1_updates ? pow(beta1, n) : 0;
    const nqi_adam adam = {rate,    beta1, beta2, adam_epsilon, 1 - left1, 1 - pow(beta2, n),
                           o->decay};
    if (o->kind == NQI_RMSPROP)
        apply_rmsprop(o, params, gradient, at, count, rate);
    else if (o->average)
        o->ops->adam_average(params + at, o->first + at, o->second + at, o->average + at,
                             gradient, count, &adam, average_keep(o, o->updates));
    else
        o->ops->adam(params + at, o->first + at, o->second + at, gradient, count, &adam);
}

void nqi_optimiser_dense(nqi_optimiser *optimiser, nqi_real *params, const nqi_real *gradient,
                         size_t first, size_t count, double rate)
{
    const size_t fixed = optimiser->graph->fixed_count;
    const size_t skipped = first >= fixed ? 0 : fixed - first < count ? fixed - first : count;
    if (skipped < count)
        apply(optimiser, params, gradient + skipped, first + skipped, count - skipped,
              optimiser->updates, rate);
}

static size_t bank_position(const nqi_optimiser *optimiser, size_t bank)
{
    return optimiser->graph->dense_count + bank * optimiser->graph->bank_size;
}

/* Product of average_keep over updates from + 1..until. While the average is young its factors
 * (1 + n) / (10 + n) cancel but for nine at each end; then they are powers. */
static double average_kept(const nqi_optimiser *optimiser, uint64_t from, uint64_t until)
{
    const double keep = optimiser->keep, a = (double)from;
    const double young = fmax(ceil((10 * keep - 1) / (1 - keep)) - 1, 0); /* last such update */
    const double b = fmin(fmax(young, a), (double)until);
    double kept = pow(keep, (double)until - b);
    for (int i = 2; i <= 10 && b > a; i++)
        kept *= (a + i) / (b + i);
    return kept;
}

/* While a bank rests its weights w are constant, so all averaging steps that it missed are one:
 * average = kept average + (1 - kept) w, kept being the product of what each would have kept. */
static void catch_up(const nqi_optimiser *optimiser, nqi_real *average, const nqi_real *params,
                     size_t bank, uint64_t until)
{
    const uint64_t touched = optimiser->bank_touched[bank];
    if (!average || touched == until)
        return;
    const size_t at = bank_position(optimiser, bank);
    optimiser->ops->average(average + at, params + at, optimiser->graph->bank_size,
                            average_kept(optimiser, touched, until));
}

void nqi_optimiser_bank(nqi_optimiser *optimiser, nqi_real *params, const nqi_real *gradient,
                        size_t bank, double rate)
{
    const size_t at = bank_position(optimiser, bank), size = optimiser->graph->bank_size;
    catch_up(optimiser, optimiser->average, params, bank, optimiser->updates - 1);
    apply(optimiser, params, gradient, at, size, ++optimiser->bank_updates[bank], rate);
    optimiser->bank_touched[bank] = optimiser->updates;
}

/* By reading, as processors drop prefetches where there are many; of all arrays in turn, so that
 * many are on their way together. */
void nqi_optimiser_bank_await(const nqi_optimiser *optimiser, const nqi_real *params, size_t bank)
{
    enum { LINE = 64 / sizeof(nqi_real), IN_CACHE = 1 << 15 }; /* parameters */
    if (optimiser->count < IN_CACHE)
        return;
    const size_t at = bank_position(optimiser, bank), size = optimiser->graph->bank_size;
    const nqi_real *const arrays[] = {params, optimiser->first, optimiser->second};
    for (size_t i = 0; i < size; i += LINE)
        for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
            (void)*(const volatile nqi_real *)(arrays[k] + at + i);
}

void nqi_optimiser_settle(nqi_optimiser *optimiser, const nqi_real *params)
{
    for (size_t b = 0; b < optimiser->graph->banks; b++) {
        catch_up(optimiser, optimiser->average, params, b, optimiser->updates);
        optimiser->bank_touched[b] = optimiser->updates;
    }
}

void nqi_optimiser_present(const nqi_optimiser *optimiser, nqi_real *out, const nqi_real *params)
{
    memcpy(out, optimiser->average ? optimiser->average : params, optimiser->count * sizeof *out);
    for (size_t b = 0; optimiser->average && b < optimiser->graph->banks; b++)
        catch_up(optimiser, out, params, b, optimiser->updates);
}

void nqi_optimiser_restart(nqi_optimiser *optimiser, nqi_real *params, const nqi_real *from)
{
    const size_t bytes = optimiser->count * sizeof *from;
    memcpy(params, from, bytes);
    if (optimiser->average)
        memcpy(optimiser->average, from, bytes);
    memset(optimiser->first, 0, bytes);
    for (size_t b = 0; b < optimiser->graph->banks; b++)
        optimiser->bank_touched[b] = optimiser->updates;
}

void nqi_optimiser_copy_bank(nqi_optimiser *optimiser, nqi_real *params, size_t from, size_t to)
{
    nqi_real *const arrays[] = {params, optimiser->first, optimiser->second, optimiser->average};
    const size_t bytes = optimiser->graph->bank_size * sizeof(nqi_real);
    for (int i = 0; i < 4; i++)
        if (arrays[i])
            memcpy(arrays[i] + bank_position(optimiser, to),
                   arrays[i] + bank_position(optimiser, from), bytes);
    optimiser->bank_updates[to] = optimiser->bank_updates[from];
    optimiser->bank_touched[to] = optimiser->bank_touched[from];
}

void nqi_optimiser_fields(nqi_optimiser *optimiser, nqi_fields *fields)
{
    const size_t banks = optimiser->graph->banks;
    nqi_fields_count(fields, 19, "dense_updates", (int64_t *)&optimiser->updates);
    nqi_fields_reals(fields, 1, "train.first", optimiser->first, optimiser->count);
    nqi_fields_reals(fields, 2, "train.second", optimiser->second, optimiser->count);
    nqi_fields_reals(fields, 4, "train.average", optimiser->average, optimiser->count);
    if (!banks)
        return;
    nqi_fields_array(fields, 5, "train.bank_updates", NQI_DTYPE_U64, optimiser->bank_updates,
                     banks);
    nqi_fields_array(fields, 6, "train.bank_touched", NQI_DTYPE_U64, optimiser->bank_touched,
                     banks);
}

const char *nqi_optimiser_wrong(const nqi_optimiser *optimiser, int64_t updates)
{
    if ((int64_t)optimiser->updates > updates)
        return NQI_COUNTS_MORE;
    for (size_t b = 0; b < optimiser->graph->banks; b++)
        if (optimiser->bank_updates[b] > optimiser->updates ||
            optimiser->bank_touched[b] > optimiser->updates)
            return "a readout counts more than all updates";
    for (size_t i = 0; i < optimiser->count; i++)
        if (optimiser->second[i] < 0)
            return "train.second";
    return NULL;
}
