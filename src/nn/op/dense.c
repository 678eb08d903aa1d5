/* dense.c - y = W x + b. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

static void dense_forward(const nqi_node *node, nqi_tape *tape)
{
    const size_t in = nqi_node_source(tape->graph, node, 0)->width;
    tape->ops->dense_forward(tape->value[node->index], tape->ld, nqi_tape_param(tape, node, 0),
                             in, nqi_tape_param(tape, node, 1), nqi_tape_input(tape, node, 0),
                             tape->ld, node->width, in, tape->rows, 0);
}

static void dense_backward(const nqi_node *node, nqi_tape *tape)
{
    const size_t in = nqi_node_source(tape->graph, node, 0)->width;
    const nqi_real *dy = tape->grad[node->index];
    tape->ops->dense_backward_weight(nqi_tape_param_gradient(tape, node, 0), in,
                                     nqi_tape_param_gradient(tape, node, 1), dy, tape->ld,
                                     nqi_tape_input(tape, node, 0), tape->ld, node->width, in,
                                     tape->rows, !tape->fresh, tape->scratch);
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node, 0, &accumulate);
    if (dx)
        tape->ops->dense_backward_input(dx, tape->ld, nqi_tape_param(tape, node, 0), in, dy,
                                        tape->ld, node->width, in, tape->rows, accumulate);
}

static const nqi_op op_dense = {.name = "dense",
                                .forward = dense_forward,
                                .backward = dense_backward,
                                .overwrites = 1};

int nqi_graph_dense(nqi_graph *graph, const char *name, int input, size_t out,
                    nqi_activation activate)
{
    const size_t in = graph->nodes[input].width;
    nqi_node *node = nqi_node_new(graph, &op_dense, out);
    nqi_node_connect(graph, node, input);
    nqi_node_param(graph, node, name, "weight", 0, (size_t[]){out, in, 0});
    nqi_node_param(graph, node, name, "bias", 0, (size_t[]){out, 0, 0});
    return activate == NQI_IDENTITY ? node->index
                                    : nqi_graph_activate(graph, node->index, activate);
}
