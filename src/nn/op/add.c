/* add.c - the sum of values of one shape. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/build.h"
#include "nn/op/join.h"
#include "nn/op/layers.h"

static void add_forward(const nqi_node *node, nqi_tape *tape)
{
    for (int k = 0; k < node->input_count; k++)
        nqi_join_forward(node, tape, k, 0, k > 0);
}

static void add_backward(const nqi_node *node, nqi_tape *tape)
{
    for (int k = 0; k < node->input_count; k++)
        nqi_join_backward(node, tape, k, 0);
}

static const nqi_op op_add = {.name = "add",
                              .forward = add_forward,
                              .backward = add_backward,
                              .of_maps = 1,
                              .keeps_pixels = 1,
                              .in_strips = 1};

int nqi_graph_add_all(nqi_graph *graph, const int *inputs, int count)
{
    nqi_node *node = nqi_node_like(graph, &op_add, inputs[0]);
    for (int k = 1; k < count; k++)
        nqi_node_connect(graph, node, inputs[k]);
    return node->index;
}

int nqi_graph_add(nqi_graph *graph, int left, int right)
{
    return nqi_graph_add_all(graph, (const int[]){left, right}, 2);
}
