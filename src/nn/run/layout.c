/* layout.c - sizes of a tape's arrays, found before any memory is taken. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/run/layout.h"

#include <string.h>

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Weights' gradients may transpose what a node reads: at its own pixels, where it has parameters
 * for each. */
static size_t node_scratch(const nqi_graph *graph, const nqi_ops *ops, const nqi_node *node,
                           size_t ld)
{
    const size_t pixels = node->map.height * node->map.width;
    size_t need = node->width * ld;
    for (int k = 0; node->param_count && k < node->input_count; k++) {
        const nqi_node *input = nqi_node_source(graph, node, k);
        need = larger(need, (node->spatial ? input->map.channels * pixels : input->width) * ld);
    }
    return node->op->scratch ? larger(need, node->op->scratch(node, graph, ops, ld)) : need;
}

size_t nqi_graph_scratch(const nqi_graph *graph, const nqi_stages *stages, nqi_stage stage,
                         const nqi_ops *ops, size_t ld)
{
    size_t need = ld;
    for (int i = 0; i < graph->node_count; i++)
        if (stages->of[i] == stage)
            need = larger(need, node_scratch(graph, ops, &graph->nodes[i], ld));
    return need;
}

int nqi_tape_keeps_gradient(const nqi_graph *graph, int node, int train)
{
    return train > 1 || (train && graph->nodes[node].has_params);
}

static int is_in_body(const nqi_stages *stages, int node)
{
    return stages->of[node] == NQI_BODY || stages->crosses[node];
}

/* The number of the last body node that reads node i, or one past all. */
static int last_reader(const nqi_graph *graph, const nqi_stages *stages, int i)
{
    int last = i;
    if (stages->feeds[i] || i == graph->output)
        return graph->node_count;
    for (int k = i + 1; k < graph->node_count; k++)
        for (int n = 0; n < graph->nodes[k].input_count; n++)
            if (nqi_node_input(graph, &graph->nodes[k], n) == i && stages->of[k] == NQI_BODY)
                last = k;
    return last;
}

/* Copies of flat nodes are made before the body runs, so they share with nobody before them. */
void nqi_layout_share(nqi_layout *out, const nqi_graph *graph, const nqi_stages *stages)
{
    int free_after[NQI_GRAPH_NODES];
    memset(out, 0, sizeof *out);
    for (int i = 0; i < graph->node_count; i++) {
        const size_t width = graph->nodes[i].width;
        int chosen = -1;
        out->slot[i] = -1;
        if (!is_in_body(stages, i))
            continue;
        for (int s = 0; s < out->slots && !stages->crosses[i]; s++)
            if (free_after[s] < i &&
                (chosen < 0 || (out->width[s] >= width && out->width[s] < out->width[chosen])))
                chosen = s;
        if (chosen < 0)
            chosen = out->slots++;
        out->slot[i] = chosen;
        out->width[chosen] = larger(out->width[chosen], width);
        free_after[chosen] = last_reader(graph, stages, i);
    }
}

/* On the way back a value's gradient comes to be at its last reader, and goes when its own node has
 * been; those of flat nodes are handed out at the end. */
void nqi_layout_share_gradients(nqi_layout *out, const nqi_graph *graph, const nqi_stages *stages,
                                int train)
{
    int in_use_until[NQI_GRAPH_NODES];
    memset(out, 0, sizeof *out);
    for (int i = 0; i < graph->node_count; i++)
        out->slot[i] = -1;
    for (int reader = graph->node_count; reader >= 0; reader--)
        for (int i = 0; i < graph->node_count; i++) {
            int slot = 0;
            if (!is_in_body(stages, i) || !nqi_tape_keeps_gradient(graph, i, train) ||
                last_reader(graph, stages, i) != reader)
                continue;
            while (slot < out->slots && in_use_until[slot] <= reader)
                slot++;
            out->slots += slot == out->slots;
            out->slot[i] = slot;
            out->width[slot] = larger(out->width[slot], graph->nodes[i].width);
            in_use_until[slot] = stages->crosses[i] ? -1 : i;
        }
}

void nqi_layout_whole(nqi_layout *out, const nqi_graph *graph, const nqi_stages *stages)
{
    memset(out, 0, sizeof *out);
    for (int i = 0; i < graph->node_count; i++) {
        out->slot[i] = is_in_body(stages, i) ? out->slots++ : -1;
        if (out->slot[i] >= 0)
            out->width[out->slot[i]] = graph->nodes[i].width;
    }
}
