/* stages.c - which nodes of a network belong to which stage. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/run/stages.h"

#include <string.h>

static int is_of(const nqi_op *op, const nqi_op *const *list)
{
    while (*list && *list != op)
        list++;
    return *list != NULL;
}

/* Flat nodes have rows of plain numbers, and nothing before them has maps. A concatenation or sum
 * of flat nodes that are seen as pictures is one of maps. */
static int is_flat(const nqi_stages *stages, const nqi_node *node)
{
    static const nqi_op *const of_maps[] = {&nqi_op_conv,   &nqi_op_pixel, &nqi_op_pool,
                                            &nqi_op_spread, &nqi_op_blend, NULL};
    static const nqi_op *const joins[] = {&nqi_op_add, &nqi_op_concat, NULL};
    for (int k = 0; k < node->input_count; k++)
        if (stages->of[node->inputs[k]] != NQI_FLAT)
            return 0;
    return !is_of(node->op, of_maps) && !(is_of(node->op, joins) && node->map.channels);
}

/* Whether a node works within pixels of the output's size. */
static int is_local(const nqi_graph *graph, const nqi_node *node)
{
    static const nqi_op *const local[] = {&nqi_op_pixel,
                                          &nqi_op_spread,
                                          &nqi_op_activate,
                                          &nqi_op_concat,
                                          &nqi_op_add,
                                          &nqi_op_blend,
                                          NULL};
    const nqi_map *map = &graph->nodes[graph->output].map;
    return node->map.channels && node->map.height == map->height &&
           node->map.width == map->width && is_of(node->op, local);
}

static int is_read_by_tail_alone(const nqi_stages *stages, const nqi_graph *graph, int node)
{
    int readers = 0;
    for (int i = node + 1; i < graph->node_count; i++)
        for (int k = 0; k < graph->nodes[i].input_count; k++)
            if (graph->nodes[i].inputs[k] == node) {
                readers++;
                if (stages->of[i] != NQI_TAIL)
                    return 0;
            }
    return readers > 0;
}

static void mark_edges(nqi_stages *stages, const nqi_graph *graph)
{
    for (int i = 0; i < graph->node_count; i++)
        for (int k = 0; k < graph->nodes[i].input_count; k++) {
            const int input = graph->nodes[i].inputs[k];
            if (stages->of[i] != NQI_FLAT && stages->of[input] == NQI_FLAT)
                stages->crosses[input] = 1;
            if (stages->of[i] == NQI_TAIL && stages->of[input] != NQI_TAIL)
                stages->feeds[input] = 1;
        }
}

void nqi_stages_find(nqi_stages *out, const nqi_graph *graph)
{
    memset(out, 0, sizeof *out);
    for (int i = 0; i < graph->node_count; i++)
        out->of[i] = is_flat(out, &graph->nodes[i]) ? NQI_FLAT : NQI_BODY;
    for (int i = graph->node_count - 1; i >= 0; i--)
        if (out->of[i] == NQI_BODY && is_local(graph, &graph->nodes[i]) &&
            (i == graph->output || is_read_by_tail_alone(out, graph, i)))
            out->of[i] = NQI_TAIL;
    mark_edges(out, graph);
}
