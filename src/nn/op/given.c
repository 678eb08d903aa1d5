/* given.c - outputs that somebody else fills in: of a regressor that is no network. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

/* Zeroes, to which what is given is added. */
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
