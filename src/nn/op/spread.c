/* spread.c - a number for each channel, added to all pixels of a map. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

static void spread_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *map = &node->map, *from = &nqi_node_source(tape->graph, node, 0)->map;
    const size_t ld = tape->ld;
    for (size_t c = 0; c < map->channels; c++) {
        const nqi_real *x = nqi_tape_input(tape, node, 0) + c * from->plane * ld;
        const nqi_real *e = nqi_tape_input(tape, node, 1) + c * ld;
        nqi_real *y = tape->value[node->index] + c * map->plane * ld;
        for (size_t p = 0; p < map->height * map->width; p++)
            for (size_t r = 0; r < ld; r++)
                y[p * ld + r] = x[p * ld + r] + e[r];
    }
}

static void spread_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *map = &node->map, *from = &nqi_node_source(tape->graph, node, 0)->map;
    const size_t ld = tape->ld, numbers = map->height * map->width * ld;
    int add_x, add_e;
    nqi_real *dx = nqi_tape_gradient(tape, node, 0, &add_x);
    nqi_real *de = nqi_tape_gradient(tape, node, 1, &add_e);
    for (size_t c = 0; c < map->channels; c++) {
        const nqi_real *dy = tape->grad[node->index] + c * map->plane * ld;
        if (dx && add_x)
            tape->ops->vadd(dx + c * from->plane * ld, dy, numbers);
        else if (dx)
            memcpy(dx + c * from->plane * ld, dy, numbers * sizeof *dx);
    }
    if (de)
        tape->ops->conv.pool((nqi_matrix){de, ld}, nqi_tape_maps_gradient(tape, node),
                             (nqi_window_size){map->channels, 1, numbers / ld, numbers / ld, ld},
                             0, add_e);
}

static const nqi_op op_spread = {.name = "spread",
                                 .forward = spread_forward,
                                 .backward = spread_backward,
                                 .of_maps = 1,
                                 .keeps_pixels = 1,
                                 .in_strips = 1};

int nqi_graph_spread(nqi_graph *graph, int picture, int flat)
{
    const nqi_map *in = &graph->nodes[picture].map;
    nqi_node *node = nqi_map_new(graph, &op_spread, in->channels, in->height, in->width);
    nqi_node_connect(graph, node, picture);
    nqi_node_connect(graph, node, flat);
    return node->index;
}
