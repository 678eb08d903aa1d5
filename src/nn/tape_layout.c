/* tape_layout.c - sizes of a tape's arrays, found before any memory is taken. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/tape_layout.h"

#include <string.h>

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* A blended readout packs its group and has a readout of weights; dense_backward_weight may
 * transpose its input. */
static size_t node_scratch(const nqi_graph *graph, const nqi_ops *ops, const nqi_node *node,
                           size_t ld, size_t group_rows)
{
    size_t need = node->width * ld;
    if (!node->spatial)
        return need;
    const size_t in = graph->nodes[node->inputs[0]].map.channels, out = node->map.channels;
    const size_t pixels = node->map.height * node->map.width;
    if (node->op == &nqi_op_conv)
        need = larger(need, ops->conv_scratch(out, in, node->map.height, node->map.width, ld));
    if (node->op == &nqi_op_blend)
        need = larger(need, out * (in + 1) + 32 + (2 * in + out) * pixels * group_rows);
    return need;
}

size_t nqi_graph_scratch(const nqi_graph *graph, const nqi_ops *ops, size_t ld, size_t group_rows)
{
    size_t need = ld;
    for (int i = 0; i < graph->node_count; i++)
        need = larger(need, node_scratch(graph, ops, &graph->nodes[i], ld, group_rows));
    return need;
}

/* The number of the last node that reads node i. */
static int last_reader(const nqi_graph *graph, int i)
{
    int last = i;
    if (i == graph->input || i == graph->output)
        return graph->node_count;
    for (int k = i + 1; k < graph->node_count; k++)
        for (int n = 0; n < graph->nodes[k].input_count; n++)
            if (graph->nodes[k].inputs[n] == i)
                last = k;
    return last;
}

void nqi_layout_share(nqi_layout *out, const nqi_graph *graph)
{
    int free_after[NQI_GRAPH_NODES];
    memset(out, 0, sizeof *out);
    for (int i = 0; i < graph->node_count; i++) {
        const size_t width = graph->nodes[i].width;
        int chosen = -1;
        for (int s = 0; s < out->slots; s++)
            if (free_after[s] < i &&
                (chosen < 0 || (out->width[s] >= width && out->width[s] < out->width[chosen])))
                chosen = s;
        if (chosen < 0)
            chosen = out->slots++;
        out->slot[i] = chosen;
        out->width[chosen] = larger(out->width[chosen], width);
        free_after[chosen] = last_reader(graph, i);
    }
}
