/* reach.c - what of a picture a pixel of the output depends on, from the layers between. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/run/reach.h"

#include <string.h>

/* What is known of a node's map near a cut edge of the input. */
typedef struct edge {
    int is_map;    /* depends on the picture */
    size_t stride; /* pixels of the input between its pixels */
    size_t lost;   /* pixels of the input that the wrong part is wide */
} edge;

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t round_up(size_t n, size_t multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

static int is_of(const nqi_op *op, const nqi_op *const *list)
{
    while (*list && *list != op)
        list++;
    return *list != NULL;
}

/* Pixel by pixel: what was wrong in any input is wrong. */
static edge edge_join(const nqi_node *node, const edge *edges)
{
    edge out = {0};
    for (int k = 0; k < node->input_count; k++) {
        const edge *e = &edges[node->inputs[k]];
        if (!e->is_map)
            continue;
        out.stride = out.is_map ? out.stride : e->stride;
        out.lost = larger(out.lost, e->lost);
        out.is_map = 1;
    }
    return out;
}

/* 0 when the operation mixes all pixels, or is not known here. */
static int edge_find(edge *out, const nqi_node *node, const edge *edges)
{
    static const nqi_op *const flat[] = {&nqi_op_time, &nqi_op_dense, &nqi_op_rbf,
                                         &nqi_op_readout, NULL};
    static const nqi_op *const within[] = {&nqi_op_activate, &nqi_op_add,   &nqi_op_concat,
                                           &nqi_op_dropout,  &nqi_op_pixel, &nqi_op_spread,
                                           &nqi_op_blend,    NULL};
    *out = edge_join(node, edges);
    if (node->op == &nqi_op_input) {
        *out = (edge){1, 1, 0};
    } else if (node->op == &nqi_op_conv) {
        out->stride = edges[node->inputs[0]].stride;
        out->lost = larger(out->lost, edges[node->inputs[0]].lost + out->stride);
    } else if (node->op == &nqi_op_pool) {
        out->stride *= node->factor;
        out->lost = round_up(out->lost, out->stride);
    } else if (is_of(node->op, flat)) {
        return !out->is_map;
    } else {
        return is_of(node->op, within);
    }
    return 1;
}

int nqi_graph_reach(nqi_reach *out, const nqi_graph *graph)
{
    edge edges[NQI_GRAPH_NODES] = {{0}}; /* flat nodes may stand after those that read them */
    *out = (nqi_reach){1, 0};
    if (!graph->nodes[graph->input].map.channels || !graph->nodes[graph->output].map.channels)
        return 0;
    for (int i = 0; i < graph->node_count; i++) {
        if (!edge_find(&edges[i], &graph->nodes[i], edges))
            return 0;
        out->multiple = larger(out->multiple, edges[i].stride);
    }
    out->margin = edges[graph->output].lost;
    return 1;
}

static void node_resize(nqi_node *node, const nqi_graph *graph, size_t height, size_t width)
{
    const size_t room = node->map.plane - node->map.height * node->map.width;
    if (node->op != &nqi_op_input) {
        const nqi_map *from = &graph->nodes[node->inputs[0]].map;
        const size_t factor = node->op == &nqi_op_pool ? node->factor : 1;
        height = (from->height + factor - 1) / factor;
        width = (from->width + factor - 1) / factor;
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
