/* gate.c - numbers that others turn up and down, or let through. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

static void gate_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_real *x = nqi_tape_input(tape, node, 0), *g = nqi_tape_input(tape, node, 1);
    nqi_real *y = tape->value[node->index];
    for (size_t i = 0; i < node->width; i++)
        for (size_t j = i * tape->ld; j < i * tape->ld + tape->rows; j++)
            y[j] = x[j] * (1 + g[j]);
}

static void gate_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_real *x = nqi_tape_input(tape, node, 0), *g = nqi_tape_input(tape, node, 1);
    const nqi_real *dy = tape->grad[node->index];
    int adds_x, adds_g;
    nqi_real *dx = nqi_tape_gradient(tape, node, 0, &adds_x);
    nqi_real *dg = nqi_tape_gradient(tape, node, 1, &adds_g);
    for (size_t i = 0; i < node->width; i++) {
        for (size_t j = i * tape->ld; dx && j < i * tape->ld + tape->rows; j++)
            dx[j] = (adds_x ? dx[j] : 0) + dy[j] * (1 + g[j]);
        for (size_t j = i * tape->ld; dg && j < i * tape->ld + tape->rows; j++)
            dg[j] = (adds_g ? dg[j] : 0) + dy[j] * x[j];
    }
}

static double gate_cost(const nqi_node *node, const nqi_graph *graph)
{
    (void)graph;
    return 2 * (double)node->width;
}

static const nqi_op op_gate = {.name = "gate",
                               .forward = gate_forward,
                               .backward = gate_backward,
                               .cost = gate_cost};

int nqi_graph_gate(nqi_graph *graph, int input, int gate)
{
    nqi_node *node = nqi_node_like(graph, &op_gate, input);
    nqi_node_connect(graph, node, gate);
    return node->index;
}

/* A node's factor: numbers of a row, and as many that let them through, in front of what is left.
 */
static void reveal_forward(const nqi_node *node, nqi_tape *tape)
{
    const size_t pixels = node->map.channels ? node->map.height * node->map.width : 1;
    const size_t ld = tape->ld, numbers = node->factor * pixels * ld;
    const nqi_real *x = nqi_tape_input(tape, node, 0), *known = x + numbers;
    nqi_real *y = tape->value[node->index];
    memcpy(y + numbers, x, (node->width * ld - numbers) * sizeof *y);
    for (size_t j = 0; j < numbers; j++)
        y[j] = x[j] * known[j];
}

/* Roles have no slope. */
static void reveal_backward(const nqi_node *node, nqi_tape *tape)
{
    const size_t pixels = node->map.channels ? node->map.height * node->map.width : 1;
    const size_t ld = tape->ld, numbers = node->factor * pixels * ld;
    const nqi_real *known = nqi_tape_input(tape, node, 0) + numbers;
    const nqi_real *dy = tape->grad[node->index];
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node, 0, &accumulate);
    for (size_t j = 0; dx && j < node->width * ld - numbers; j++)
        dx[j] = (accumulate ? dx[j] : 0) + (j < numbers ? dy[j] * known[j] + dy[numbers + j] : 0);
}

static double reveal_cost(const nqi_node *node, const nqi_graph *graph)
{
    (void)graph;
    return (double)node->width;
}

static const nqi_op op_reveal = {.name = "reveal",
                                 .forward = reveal_forward,
                                 .backward = reveal_backward,
                                 .keeps_pixels = 1,
                                 .cost = reveal_cost};

int nqi_graph_reveal(nqi_graph *graph, int input, size_t count)
{
    const nqi_node *in = &graph->nodes[input];
    const nqi_map *map = &in->map;
    const size_t more = map->channels ? count / (map->height * map->width) : count;
    nqi_node *node = nqi_node_new(graph, &op_reveal, in->width + count);
    node->factor = more;
    if (map->channels)
        nqi_graph_as_picture(graph, node->index, map->channels + more, map->height, map->width);
    nqi_node_connect(graph, node, input);
    return node->index;
}
