/* tape.c - running a network on one microbatch, forward and backward, in memory sized once. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "nn/tape_layout.h"

static int keeps_gradient(const nqi_graph *graph, int node, int train)
{
    return train && (graph->nodes[node].has_params || (train > 1 && node != -1));
}

static nq_status tape_alloc(nqi_tape *tape, size_t bytes, size_t scratch)
{
    const nqi_graph *graph = tape->graph;
    const size_t groups = tape->groups;
    bytes += nqi_arena_need(groups, sizeof(uint32_t)) + nqi_arena_need(scratch, sizeof(nq_real));
    const nq_status status = nqi_arena_new(&tape->arena, bytes);
    if (status)
        return status;
    tape->time = nqi_arena_take(&tape->arena, groups, sizeof(uint32_t));
    tape->scratch = nqi_arena_take(&tape->arena, scratch, sizeof(nq_real));
    tape->value[graph->input] =
        nqi_arena_take(&tape->arena, graph->nodes[graph->input].width * tape->ld,
                       sizeof(nq_real));
    return NQ_OK;
}

/* All values, and gradients where they are wanted. */
static nq_status whole_new(nqi_tape *tape, int train)
{
    const nqi_graph *graph = tape->graph;
    size_t bytes = 0;
    for (int i = 0; i < graph->node_count; i++) {
        const size_t need = nqi_arena_need(graph->nodes[i].width * tape->ld, sizeof(nq_real));
        bytes += keeps_gradient(graph, i, train) ? 2 * need : need;
    }
    const nq_status status =
        tape_alloc(tape, bytes, nqi_graph_scratch(graph, tape->ops, tape->ld, tape->group_rows));
    for (int i = 0; !status && i < graph->node_count; i++) {
        const size_t count = graph->nodes[i].width * tape->ld;
        if (i != graph->input)
            tape->value[i] = nqi_arena_take(&tape->arena, count, sizeof(nq_real));
        if (keeps_gradient(graph, i, train))
            tape->grad[i] = nqi_arena_take(&tape->arena, count, sizeof(nq_real));
    }
    return status;
}

/* Values that share memory. */
static nq_status shared_new(nqi_tape *tape)
{
    const nqi_graph *graph = tape->graph;
    nqi_layout layout;
    nqi_layout_share(&layout, graph);
    nq_real *slots[NQI_GRAPH_NODES] = {NULL};
    size_t bytes = 0;
    for (int s = 0; s < layout.slots; s++)
        bytes += nqi_arena_need(layout.width[s] * tape->ld, sizeof(nq_real));
    const nq_status status =
        tape_alloc(tape, bytes, nqi_graph_scratch(graph, tape->ops, tape->ld, tape->group_rows));
    slots[layout.slot[graph->input]] = tape->value[graph->input];
    for (int s = 0; !status && s < layout.slots; s++)
        if (!slots[s])
            slots[s] = nqi_arena_take(&tape->arena, layout.width[s] * tape->ld, sizeof(nq_real));
    for (int i = 0; i < graph->node_count; i++)
        tape->value[i] = slots[layout.slot[i]];
    return status;
}

/* Input and output for all rows, and a tape of a few rows within. */
static nq_status outer_new(nqi_tape *tape)
{
    const nqi_graph *graph = tape->graph;
    const size_t in = graph->nodes[graph->input].width * tape->ld;
    const size_t out = graph->nodes[graph->output].width * tape->ld;
    nq_status status =
        tape_alloc(tape,
                   nqi_arena_need(in, sizeof(nq_real)) + nqi_arena_need(out, sizeof(nq_real)), 1);
    if (status)
        return status;
    tape->value[graph->output] = nqi_arena_take(&tape->arena, out, sizeof(nq_real));
    nqi_tape *inner = tape->inner = calloc(1, sizeof *inner);
    if (!inner)
        return NQ_ERROR_MEMORY;
    inner->graph = graph;
    inner->ops = tape->ops;
    inner->ld = inner->rows = inner->group_rows = NQI_LANES;
    inner->groups = 1;
    return shared_new(inner);
}

nq_status nqi_tape_new(nqi_tape *out, const nqi_graph *graph, const nqi_ops *ops, size_t ld,
                       size_t group_rows, int train)
{
    memset(out, 0, sizeof *out);
    out->graph = graph;
    out->ops = ops;
    out->ld = out->rows = ld;
    out->group_rows = group_rows;
    out->groups = ld / group_rows;
    const int pictures = graph->nodes[graph->output].map.channels != 0;
    const nq_status status = pictures && !train ? outer_new(out) : whole_new(out, train);
    if (status)
        nqi_tape_free(out);
    return status;
}

void nqi_tape_free(nqi_tape *tape)
{
    if (!tape)
        return;
    nqi_tape_free(tape->inner);
    free(tape->inner);
    tape->inner = NULL;
    nqi_arena_free(&tape->arena);
}

static void run(nqi_tape *tape)
{
    const nqi_graph *graph = tape->graph;
    for (int i = 0; i < graph->node_count; i++)
        graph->nodes[i].op->forward(&graph->nodes[i], tape);
}

/* Rows first..first+NQI_LANES-1 through the tape within. */
static void run_part(nqi_tape *tape, size_t first)
{
    const nqi_graph *graph = tape->graph;
    nqi_tape *inner = tape->inner;
    inner->time[0] = tape->time[first / tape->group_rows];
    inner->bank_of = tape->bank_of;
    inner->params = tape->params;
    for (size_t i = 0; i < graph->nodes[graph->input].width; i++)
        memcpy(inner->value[graph->input] + i * NQI_LANES,
               tape->value[graph->input] + i * tape->ld + first, NQI_LANES * sizeof(nq_real));
    run(inner);
    for (size_t i = 0; i < graph->nodes[graph->output].width; i++)
        memcpy(tape->value[graph->output] + i * tape->ld + first,
               inner->value[graph->output] + i * NQI_LANES, NQI_LANES * sizeof(nq_real));
}

void nqi_tape_forward(nqi_tape *tape)
{
    tape->groups = tape->rows / tape->group_rows;
    if (!tape->inner) {
        run(tape);
        return;
    }
    for (size_t first = 0; first < tape->rows; first += NQI_LANES)
        run_part(tape, first);
}

void nqi_tape_backward(nqi_tape *tape)
{
    const nqi_graph *graph = tape->graph;
    memset(tape->written, 0, sizeof tape->written);
    tape->written[graph->output] = 1;
    for (int i = graph->node_count - 1; i >= 0; i--)
        if (tape->grad[i] && tape->written[i])
            graph->nodes[i].op->backward(&graph->nodes[i], tape);
}

nq_real *nqi_tape_gradient(nqi_tape *tape, int node, int *accumulate)
{
    *accumulate = tape->written[node];
    tape->written[node] = 1;
    return tape->grad[node];
}
