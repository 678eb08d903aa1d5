/* levels.c - processes whose columns have rates of their own, and their single steps. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "golden/levels.h"

#include <string.h>

#include "core/arena.h"
#include "inside.h"
#include "kernels.h"

static void rates_read(nq_schedule *out, golden_case *c, const cJSON *b)
{
    const cJSON *steps = cJSON_GetObjectItemCaseSensitive(b, "constant_fraction");
    size_t count;
    if (steps) {
        const double wanted = golden_value(c, steps, "constant_fraction");
        if (!(wanted >= 2 && wanted <= 100000) ||
            nq_schedule_new(out, NULL, "constant-fraction", (size_t)wanted, 0, 0.5))
            golden_damaged(c, "the library refuses this constant-fraction schedule");
        return;
    }
    const double *beta = golden_list(c, b, "b", 0, &count);
    if (nq_schedule_from_beta(out, NULL, beta, count))
        golden_damaged(c, "input \"b\": the library refuses these rates");
}

/* A family's tables are of its block's schedule, whatever the process has. */
static void own_rates(block_chain *out, golden_case *c, size_t k, const cJSON *b)
{
    nqi_block *block = &out->process.blocks[k];
    rates_read(&out->own[k], c, b);
    if (out->own[k].steps != out->process.schedule.steps)
        golden_damaged(c, "columns differ in their number of steps");
    block->schedule = out->own[k];
    if (block->family->prepare(block, NULL, NULL))
        golden_damaged(c, "no memory for a block");
}

void block_chain_new(block_chain *out, golden_case *c, const nqi_block_plan *plans, size_t count,
                     const cJSON *b, size_t rows)
{
    const int each = cJSON_IsArray(b) && cJSON_IsArray(b->child);
    const size_t ld = (rows + NQI_LANES - 1) / NQI_LANES * NQI_LANES;
    nq_schedule first;
    memset(out, 0, sizeof *out);
    if (count > COLUMNS_MOST || rows > STATES_MOST ||
        (each && (size_t)cJSON_GetArraySize(b) != count))
        golden_damaged(c, "%zu columns and %zu rows are too many", count, rows);
    rates_read(&first, c, each ? b->child : b);
    if (nqi_process_new(&out->process, NULL, &first, plans, count, NULL))
        golden_damaged(c, "the library refuses the columns");
    for (size_t k = 1; each && k < count; k++)
        own_rates(out, c, k, cJSON_GetArrayItem(b, (int)k));
    nqi_graph_input(&out->graph, (NQI_ROLES + 1) * out->process.dim);
    out->graph.output = nqi_graph_given(&out->graph, out->process.outputs);
    out->kl = nqi_aligned_new(ld, sizeof *out->kl);
    if (!out->kl ||
        nqi_batch_new(&out->batch, NULL, &out->process, &out->graph, best_kernels(), ld, ld, 2))
        golden_damaged(c, "no memory for %zu columns", count);
    memset(out->batch.x_0, 0, out->process.dim * ld * sizeof(nqi_real));
    memset(nqi_batch_x_t(&out->batch), 0, out->process.dim * ld * sizeof(nqi_real));
    memset(out->batch.tape.value[out->graph.output], 0,
           out->process.outputs * ld * sizeof(nqi_real));
}

void block_chain_free(block_chain *chain)
{
    nqi_batch_free(&chain->batch);
    nqi_graph_free(&chain->graph);
    nqi_process_free(&chain->process);
    nqi_aligned_free(chain->kl);
    for (size_t k = 0; k < COLUMNS_MOST; k++)
        nq_schedule_free(&chain->own[k]);
}

void level_chain_new(block_chain *out, golden_case *c, const double *pi, size_t levels)
{
    const nqi_block_plan plan = {.family = &nqi_family_categorical,
                                 .count = 1,
                                 .levels = levels,
                                 .equilibrium = pi};
    block_chain_new(out, c, &plan, 1, golden_input(c, "b"), levels);
}

void chain_block_kl(block_chain *chain, const nqi_block *block, size_t t)
{
    chain->batch.tape.time[0] = (uint32_t)t;
    const nqi_rows rows = nqi_batch_rows(&chain->batch, block, 0, 1);
    block->family->steps->divergence(block, &rows, 0, block->count, chain->kl, 1);
}

void chain_block_law(const block_chain *chain, const nqi_block *block, size_t t, nqi_real *law)
{
    nqi_rows rows = nqi_batch_rows(&chain->batch, block, 0, 0);
    rows.t = t;
    block->family->steps->moments(block, &rows, law, NULL);
}
