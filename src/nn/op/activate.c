/* activate.c - a function of each number: sigmoid, tanh, ... */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

/* Runs of numbers of a node: planes of maps, all of a full microbatch, or feature by feature. */
typedef struct runs {
    size_t count, length;
    size_t from, to; /* from one run to the next, of the input and of the node */
} runs;

static runs runs_of(const nqi_node *node, const nqi_tape *tape)
{
    const nqi_map *map = &node->map, *from = &nqi_node_source(tape->graph, node, 0)->map;
    if (tape->rows != tape->ld)
        return (runs){node->width, tape->rows, tape->ld, tape->ld};
    if (!map->channels)
        return (runs){1, node->width * tape->ld, 0, 0};
    return (runs){map->channels, map->height * map->width * tape->ld, from->plane * tape->ld,
                  map->plane * tape->ld};
}

static void activate_forward(const nqi_node *node, nqi_tape *tape)
{
    const runs r = runs_of(node, tape);
    const nqi_real *x = nqi_tape_input(tape, node, 0);
    nqi_real *y = tape->value[node->index];
    for (size_t i = 0; i < r.count; i++)
        tape->ops->activate(node->activate, y + i * r.to, x + i * r.from, r.length);
}

static void activate_backward(const nqi_node *node, nqi_tape *tape)
{
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node, 0, &accumulate);
    if (!dx)
        return;
    const runs r = runs_of(node, tape);
    const nqi_real *x = nqi_tape_input(tape, node, 0), *y = tape->value[node->index];
    const nqi_real *dy = tape->grad[node->index];
    for (size_t i = 0; i < r.count; i++)
        tape->ops->activate_backward(node->activate, dx + i * r.from, dy + i * r.to,
                                     x + i * r.from, y + i * r.to, r.length, accumulate);
}

static const nqi_op op_activate = {.name = "activate",
                                   .forward = activate_forward,
                                   .backward = activate_backward,
                                   .keeps_pixels = 1,
                                   .in_strips = 1};

int nqi_graph_activate(nqi_graph *graph, int input, nqi_activation activate)
{
    nqi_node *node = nqi_node_like(graph, &op_activate, input);
    node->activate = activate;
    return node->index;
}
