/* banks.c - runs of banks of an update, and spans of steps that share one. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/learn/banks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/context.h"

nq_status nqi_banks_new(nqi_banks *out, nq_context *context, const nqi_graph *graph, size_t steps,
                        size_t groups, int share)
{
    *out = (nqi_banks){.graph = graph, .steps = steps, .groups = groups};
    out->gradient = nqi_aligned_new(groups * graph->bank_size + 1, sizeof *out->gradient);
    out->runs = calloc(groups + 1, sizeof *out->runs);
    out->single = calloc(groups, sizeof *out->single);
    if (share)
        out->of_step = calloc(steps + 1, sizeof *out->of_step);
    if (!out->gradient || !out->runs || !out->single || (share && !out->of_step))
        return nqi_fail_memory(context, "gradients of readouts",
                               groups * graph->bank_size * sizeof *out->gradient);
    return NQ_OK;
}

void nqi_banks_free(nqi_banks *banks)
{
    nqi_aligned_free(banks->gradient);
    free(banks->runs);
    free(banks->single);
    free(banks->of_step);
}

void nqi_banks_group(nqi_banks *banks, const uint32_t *time)
{
    banks->run_count = 0;
    memset(banks->single, 0, banks->groups * sizeof *banks->single);
    for (size_t g = 0; banks->graph->banks && g < banks->groups; g++) {
        const size_t bank = banks->of_step ? banks->of_step[time[g]] : time[g] - 1;
        nqi_bank_run *last = &banks->runs[banks->run_count];
        if (g && last[-1].bank == bank)
            last[-1].count++;
        else
            banks->runs[banks->run_count++] = (nqi_bank_run){bank, g, 1};
    }
}

void nqi_banks_split(nqi_banks *banks)
{
    size_t kept = 0;
    for (size_t r = 0; r < banks->run_count; r++) {
        const nqi_bank_run *run = &banks->runs[r];
        if (run->count == 1)
            banks->single[run->first] = run->bank + 1;
        else
            banks->runs[kept++] = *run;
    }
    banks->run_count = kept;
}

/* Steps that share the first bank now: all of them before the first update. */
static double sharing(const nqi_banks *banks)
{
    double count = 0;
    for (size_t t = 1; t <= banks->steps; t++)
        count += banks->of_step[t] == 0;
    return count;
}

void nqi_banks_share(nqi_banks *banks, nqi_optimiser *optimiser, nqi_real *params, double span)
{
    if (!banks->of_step)
        return;
    const uint32_t steps = (uint32_t)fmax(ceil(fmin(span, sharing(banks))), 1);
    for (uint32_t t = 1; t <= banks->steps; t++) {
        const uint32_t before = banks->of_step[t], leader = (t - 1) / steps * steps;
        if (before != leader && leader == t - 1)
            nqi_optimiser_copy_bank(optimiser, params, before, leader);
        banks->of_step[t] = leader;
    }
}

void nqi_banks_spread(const nqi_banks *banks, nqi_real *params)
{
    const nqi_graph *graph = banks->graph;
    for (size_t t = 1; banks->of_step && t <= graph->banks; t++)
        if (banks->of_step[t] != t - 1)
            memcpy(params + graph->dense_count + (t - 1) * graph->bank_size,
                   params + graph->dense_count + banks->of_step[t] * graph->bank_size,
                   graph->bank_size * sizeof *params);
}

void nqi_banks_fields(nqi_banks *banks, nqi_fields *fields)
{
    nqi_fields_array(fields, 7, "train.bank_of", NQI_DTYPE_U8, banks->of_step,
                     (banks->steps + 1) * sizeof *banks->of_step);
}

const char *nqi_banks_wrong(const nqi_banks *banks)
{
    for (size_t i = 0; banks->of_step && i <= banks->steps; i++)
        if (banks->of_step[i] >= banks->graph->banks)
            return "train.bank_of";
    return NULL;
}
