/* concat.c - values one above the other. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
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
