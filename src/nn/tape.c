/* tape.c - running a network on one microbatch, forward and backward, in memory sized once. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "nn/graph.h"

/* Widest input of any node: dense_backward_weight transposes it into scratch. */
static size_t widest_node(const nqi_graph *graph)
{
    size_t widest = 1;
    for (int i = 0; i < graph->node_count; i++)
        if (graph->nodes[i].width > widest)
            widest = graph->nodes[i].width;
    return widest;
}

static int keeps_gradient(const nqi_graph *graph, int node, int train)
{
    return train && (graph->nodes[node].has_params || (train > 1 && node != -1));
}

nq_status nqi_tape_new(nqi_tape *out, const nqi_graph *graph, const nqi_ops *ops, size_t ld,
                       size_t group_rows, int train)
{
    memset(out, 0, sizeof *out);
    const size_t groups = ld / group_rows;
    size_t bytes = nqi_arena_need(groups, sizeof(uint32_t)) +
                   nqi_arena_need(widest_node(graph) * ld, sizeof(nq_real));
    for (int i = 0; i < graph->node_count; i++) {
        const size_t need = nqi_arena_need(graph->nodes[i].width * ld, sizeof(nq_real));
        bytes += keeps_gradient(graph, i, train) ? 2 * need : need;
    }
    const nq_status status = nqi_arena_new(&out->arena, bytes);
    if (status)
        return status;
    out->graph = graph;
    out->ops = ops;
    out->ld = out->rows = ld;
    out->group_rows = group_rows;
    out->groups = groups;
    out->time = nqi_arena_take(&out->arena, groups, sizeof(uint32_t));
    out->scratch = nqi_arena_take(&out->arena, widest_node(graph) * ld, sizeof(nq_real));
    for (int i = 0; i < graph->node_count; i++) {
        const size_t count = graph->nodes[i].width * ld;
        out->value[i] = nqi_arena_take(&out->arena, count, sizeof(nq_real));
        if (keeps_gradient(graph, i, train))
            out->grad[i] = nqi_arena_take(&out->arena, count, sizeof(nq_real));
    }
    return NQ_OK;
}

void nqi_tape_free(nqi_tape *tape)
{
    if (tape)
        nqi_arena_free(&tape->arena);
}

void nqi_tape_forward(nqi_tape *tape)
{
    const nqi_graph *graph = tape->graph;
    tape->groups = tape->rows / tape->group_rows;
    for (int i = 0; i < graph->node_count; i++)
        graph->nodes[i].op->forward(&graph->nodes[i], tape);
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
