/* stages.c - which nodes of a network belong to which stage, and running them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/run/stages.h"

#include <string.h>

/* Flat nodes have rows of plain numbers, and nothing before them has maps. */
static int is_flat(const nqi_stages *stages, const nqi_graph *graph, const nqi_node *node)
{
    for (int k = 0; k < node->input_count; k++)
        if (stages->of[nqi_node_input(graph, node, k)] != NQI_FLAT)
            return 0;
    return !(node->op->of_maps && node->map.channels);
}

/* Whether a node works within pixels of the output's size. */
static int is_local(const nqi_graph *graph, const nqi_node *node)
{
    const nqi_map *map = &graph->nodes[graph->output].map;
    return node->map.channels && node->map.height == map->height &&
           node->map.width == map->width && node->op->keeps_pixels && node->op->in_strips;
}

static int is_read_by_tail_alone(const nqi_stages *stages, const nqi_graph *graph, int node)
{
    int readers = 0;
    for (int i = node + 1; i < graph->node_count; i++)
        for (int k = 0; k < graph->nodes[i].input_count; k++)
            if (nqi_node_input(graph, &graph->nodes[i], k) == node) {
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
            const int input = nqi_node_input(graph, &graph->nodes[i], k);
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
        out->of[i] = is_flat(out, graph, &graph->nodes[i]) ? NQI_FLAT : NQI_BODY;
    for (int i = graph->node_count - 1; i >= 0; i--)
        if (out->of[i] == NQI_BODY && is_local(graph, &graph->nodes[i]) &&
            (i == graph->output || is_read_by_tail_alone(out, graph, i)))
            out->of[i] = NQI_TAIL;
    mark_edges(out, graph);
}

void nqi_node_forward(nqi_tape *tape, int node)
{
    tape->graph->nodes[node].op->forward(&tape->graph->nodes[node], tape);
}

void nqi_node_backward(nqi_tape *tape, int node)
{
    const nqi_op *op = tape->graph->nodes[node].op;
    if (tape->grad[node] && tape->written[node] && op->backward)
        op->backward(&tape->graph->nodes[node], tape);
}

void nqi_stage_forward(nqi_tape *tape, const nqi_stages *stages, nqi_stage stage)
{
    for (int i = 0; i < tape->graph->node_count && !nqi_hand_stops(&tape->map.hand); i++)
        if (stages->of[i] == stage)
            nqi_node_forward(tape, i);
}

void nqi_stage_backward(nqi_tape *tape, const nqi_stages *stages, nqi_stage stage)
{
    for (int i = tape->graph->node_count - 1; i >= 0 && !nqi_hand_stops(&tape->map.hand); i--)
        if (stages->of[i] == stage)
            nqi_node_backward(tape, i);
}
