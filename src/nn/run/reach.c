/* reach.c - what of a picture a pixel of the output depends on, from the layers between. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/run/reach.h"

#include <string.h>

#include "nn/graph/op.h"

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Pixel by pixel: what was wrong in any input is wrong. */
static nqi_edge edge_join(const nqi_graph *graph, const nqi_node *node, const nqi_edge *edges)
{
    nqi_edge out = {0};
    for (int k = 0; k < node->input_count; k++) {
        const nqi_edge *e = &edges[nqi_node_input(graph, node, k)];
        if (!e->is_map)
            continue;
        out.stride = out.is_map ? out.stride : e->stride;
        out.lost = larger(out.lost, e->lost);
        out.is_map = 1;
    }
    return out;
}

/* 0 when the operation mixes all pixels. */
static int edge_find(nqi_edge *out, const nqi_graph *graph, const nqi_node *node,
                     const nqi_edge *edges)
{
    *out = node->index == graph->input ? (nqi_edge){1, 1, 0} : edge_join(graph, node, edges);
    if (!node->input_count || !out->is_map)
        return 1;
    if (node->op->reach)
        node->op->reach(out, node, &edges[nqi_node_input(graph, node, 0)]);
    return node->op->reach || node->op->keeps_pixels;
}

int nqi_graph_reach(nqi_reach *out, const nqi_graph *graph)
{
    nqi_edge edges[NQI_GRAPH_NODES] = {{0}}; /* flat nodes may stand after those that read them */
    *out = (nqi_reach){1, 0};
    if (!graph->nodes[graph->input].map.channels || !graph->nodes[graph->output].map.channels)
        return 0;
    for (int i = 0; i < graph->node_count; i++) {
        if (!edge_find(&edges[i], graph, &graph->nodes[i], edges))
            return 0;
        out->multiple = larger(out->multiple, edges[i].stride);
    }
    out->margin = edges[graph->output].lost;
    return 1;
}

static void node_resize(nqi_node *node, const nqi_graph *graph, size_t height, size_t width)
{
    const size_t room = node->map.plane - node->map.height * node->map.width;
    if (node->input_count) {
        const nqi_map *from = &nqi_node_source(graph, node, 0)->map;
        height = node->op->side ? node->op->side(node, from->height) : from->height;
        width = node->op->side ? node->op->side(node, from->width) : from->width;
    }
    node->map.height = height;
    node->map.width = width;
    node->map.plane = height * width + room;
    node->width = node->map.channels * node->map.plane;
}

void nqi_graph_resize(nqi_graph *out, const nqi_graph *graph, size_t height, size_t width)
{
    memcpy(out, graph, sizeof *out);
    for (int i = 0; i < out->node_count; i++)
        if (out->nodes[i].map.channels)
            node_resize(&out->nodes[i], out, height, width);
}
