/* pool.c - a smaller map by means over windows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

static nqi_window_size windows_of(const nqi_node *node, const nqi_tape *tape)
{
    const nqi_map *large = &nqi_node_source(tape->graph, node, 0)->map;
    return (nqi_window_size){large->channels, large->height, large->width, node->factor,
                             tape->ld};
}

static void pool_forward(const nqi_node *node, nqi_tape *tape)
{
    tape->ops->conv.pool(nqi_tape_maps(tape, node), nqi_tape_input_maps(tape, node, 0),
                         windows_of(node, tape), 1, 0);
}

static void pool_backward(const nqi_node *node, nqi_tape *tape)
{
    int accumulate;
    const nqi_matrix dx = nqi_tape_input_maps_gradient(tape, node, 0, &accumulate);
    if (dx.at)
        tape->ops->conv.unpool(dx, nqi_tape_maps_gradient(tape, node), windows_of(node, tape), 1,
                               accumulate);
}

static size_t pool_side(const nqi_node *node, size_t side)
{
    return (side + node->factor - 1) / node->factor;
}

/* A window with one wrong pixel is wrong. */
static void pool_reach(nqi_edge *edge, const nqi_node *node, const nqi_edge *first)
{
    (void)first;
    edge->stride *= node->factor;
    edge->lost = (edge->lost + edge->stride - 1) / edge->stride * edge->stride;
}

static const nqi_op op_pool = {.name = "pool",
                               .forward = pool_forward,
                               .backward = pool_backward,
                               .of_maps = 1,
                               .reach = pool_reach,
                               .side = pool_side};

int nqi_graph_pool(nqi_graph *graph, int input, size_t factor)
{
    const nqi_map *in = &graph->nodes[input].map;
    nqi_node *node =
        nqi_map_new(graph, &op_pool, in->channels, (in->height + factor - 1) / factor,
                    (in->width + factor - 1) / factor);
    nqi_node_connect(graph, node, input);
    node->factor = factor;
    return node->index;
}
