/* spread.c - a number for each channel, added to all pixels of a map. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "nn/graph/graph.h"

static void spread_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *map = &node->map, *from = &tape->graph->nodes[node->inputs[0]].map;
    const size_t ld = tape->ld;
    for (size_t c = 0; c < map->channels; c++) {
        const nqi_real *x = tape->value[node->inputs[0]] + c * from->plane * ld;
        const nqi_real *e = tape->value[node->inputs[1]] + c * ld;
        nqi_real *y = tape->value[node->index] + c * map->plane * ld;
        for (size_t p = 0; p < map->height * map->width; p++)
            for (size_t r = 0; r < ld; r++)
                y[p * ld + r] = x[p * ld + r] + e[r];
    }
}

static void spread_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *map = &node->map, *from = &tape->graph->nodes[node->inputs[0]].map;
    const size_t ld = tape->ld, numbers = map->height * map->width * ld;
    int add_x, add_e;
    nqi_real *dx = nqi_tape_gradient(tape, node->inputs[0], &add_x);
    nqi_real *de = nqi_tape_gradient(tape, node->inputs[1], &add_e);
    for (size_t c = 0; c < map->channels; c++) {
        const nqi_real *dy = tape->grad[node->index] + c * map->plane * ld;
        if (dx && add_x)
            tape->ops->vadd(dx + c * from->plane * ld, dy, numbers);
        else if (dx)
            memcpy(dx + c * from->plane * ld, dy, numbers * sizeof *dx);
    }
    if (de)
        tape->ops->pool(de, ld, tape->grad[node->index], map->plane * ld, map->channels, 1,
                        numbers / ld, numbers / ld, ld, 0, add_e);
}

const nqi_op nqi_op_spread = {.name = "spread",
                              .forward = spread_forward,
                              .backward = spread_backward};
