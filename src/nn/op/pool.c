/* pool.c - a smaller map by means over windows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/graph.h"

static void pool_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *large = &tape->graph->nodes[node->inputs[0]].map, *small = &node->map;
    tape->ops->pool(tape->value[node->index], small->plane * tape->ld,
                    tape->value[node->inputs[0]], large->plane * tape->ld, small->channels,
                    large->height, large->width, node->factor, tape->ld, 1, 0);
}

static void pool_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *large = &tape->graph->nodes[node->inputs[0]].map, *small = &node->map;
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node->inputs[0], &accumulate);
    if (dx)
        tape->ops->unpool(dx, large->plane * tape->ld, tape->grad[node->index],
                          small->plane * tape->ld, small->channels, large->height, large->width,
                          node->factor, tape->ld, 1, accumulate);
}

const nqi_op nqi_op_pool = {.name = "pool", .forward = pool_forward, .backward = pool_backward};
