/* concat.c - values one above the other, and parts of them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "nn/graph/build.h"
#include "nn/op/join.h"
#include "nn/op/layers.h"

/* Numbers of a row of the joined value that an input takes up. */
static size_t extent(const nqi_node *node, const nqi_tape *tape, int which)
{
    const nqi_node *input = nqi_node_source(tape->graph, node, which);
    return node->map.channels ? input->map.channels * node->map.plane : input->width;
}

static void concat_forward(const nqi_node *node, nqi_tape *tape)
{
    size_t first = 0;
    for (int k = 0; k < node->input_count; first += extent(node, tape, k++))
        nqi_join_forward(node, tape, k, first, 0);
}

static void concat_backward(const nqi_node *node, nqi_tape *tape)
{
    size_t first = 0;
    for (int k = 0; k < node->input_count; first += extent(node, tape, k++))
        nqi_join_backward(node, tape, k, first);
}

static const nqi_op op_concat = {.name = "concat",
                                 .forward = concat_forward,
                                 .backward = concat_backward,
                                 .of_maps = 1,
                                 .keeps_pixels = 1,
                                 .in_strips = 1,
                                 .stacks = 1};

int nqi_graph_concat_all(nqi_graph *graph, const int *inputs, int count)
{
    const nqi_map *map = &graph->nodes[inputs[0]].map;
    size_t channels = 0, width = 0;
    for (int k = 0; k < count; k++) {
        channels += graph->nodes[inputs[k]].map.channels;
        width += graph->nodes[inputs[k]].width;
    }
    nqi_node *node = map->channels
                         ? nqi_map_new(graph, &op_concat, channels, map->height, map->width)
                         : nqi_node_new(graph, &op_concat, width);
    for (int k = 0; k < count; k++)
        nqi_node_connect(graph, node, inputs[k]);
    return node->index;
}

int nqi_graph_concat(nqi_graph *graph, int left, int right)
{
    return nqi_graph_concat_all(graph, (const int[]){left, right}, 2);
}

/* A node's factor is the number of its input with which it begins. */
static void part_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_real *x = nqi_tape_input(tape, node, 0) + node->factor * tape->ld;
    nqi_real *y = tape->value[node->index];
    for (size_t i = 0; i < node->width; i++)
        memcpy(y + i * tape->ld, x + i * tape->ld, tape->rows * sizeof *y);
}

static void part_backward(const nqi_node *node, nqi_tape *tape)
{
    const size_t whole = nqi_node_source(tape->graph, node, 0)->width, ld = tape->ld;
    const nqi_real *dy = tape->grad[node->index];
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node, 0, &accumulate);
    if (!dx)
        return;
    for (size_t i = 0; i < whole && !accumulate; i++)
        memset(dx + i * ld, 0, tape->rows * sizeof *dx);
    dx += node->factor * ld;
    for (size_t i = 0; i < node->width; i++)
        tape->ops->vadd(dx + i * ld, dy + i * ld, tape->rows);
}

static double part_cost(const nqi_node *node, const nqi_graph *graph)
{
    (void)graph;
    return (double)node->width;
}

static const nqi_op op_part = {.name = "part",
                               .forward = part_forward,
                               .backward = part_backward,
                               .cost = part_cost};

int nqi_graph_part(nqi_graph *graph, int input, size_t first, size_t count)
{
    nqi_node *node = nqi_node_new(graph, &op_part, count);
    node->factor = first;
    nqi_node_connect(graph, node, input);
    return node->index;
}
