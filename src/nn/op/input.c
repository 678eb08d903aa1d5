/* input.c - what enters a network, the rows themselves, and outputs that somebody else fills in. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

/* The caller fills the value; the gradient, where kept, is the caller's to read. */
static void input_forward(const nqi_node *node, nqi_tape *tape)
{
    (void)node;
    (void)tape;
}

static const nqi_op op_input = {.name = "input", .forward = input_forward};

int nqi_graph_input(nqi_graph *graph, size_t width)
{
    graph->features = -1;
    graph->input = nqi_node_new(graph, &op_input, width)->index;
    return graph->input;
}

int nqi_graph_picture(nqi_graph *graph, size_t channels, size_t height, size_t width)
{
    const int input = nqi_graph_input(graph, channels * height * width);
    return nqi_graph_as_picture(graph, input, channels, height, width);
}

/* Of a regressor that is no network: zeroes, to which what is given is added. */
static void given_forward(const nqi_node *node, nqi_tape *tape)
{
    nqi_real *value = tape->value[node->index];
    for (size_t j = 0; j < node->width * tape->ld; j++)
        value[j] = 0;
}

static const nqi_op op_given = {.name = "given", .forward = given_forward};

int nqi_graph_given(nqi_graph *graph, size_t width)
{
    return nqi_node_new(graph, &op_given, width)->index;
}
