/* rbf.c - normalised radial basis functions ([SD15] D.1). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

static void rbf_forward(const nqi_node *node, nqi_tape *tape)
{
    const size_t in = nqi_node_source(tape->graph, node, 0)->width;
    tape->ops->rbf.forward(tape->value[node->index], tape->ld, nqi_tape_input(tape, node, 0),
                           tape->ld, nqi_tape_param(tape, node, 0), nqi_tape_param(tape, node, 1),
                           node->width, in, tape->rows);
}

static void rbf_backward(const nqi_node *node, nqi_tape *tape)
{
    const size_t in = nqi_node_source(tape->graph, node, 0)->width;
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node, 0, &accumulate);
    tape->ops->rbf.backward(dx, tape->ld, nqi_tape_param_gradient(tape, node, 0),
                            nqi_tape_param_gradient(tape, node, 1), tape->grad[node->index],
                            tape->ld, tape->value[node->index], tape->ld,
                            nqi_tape_input(tape, node, 0), tape->ld,
                            nqi_tape_param(tape, node, 0), nqi_tape_param(tape, node, 1),
                            node->width, in, tape->rows, accumulate);
}

static const nqi_op op_rbf = {.name = "rbf", .forward = rbf_forward, .backward = rbf_backward};

int nqi_graph_rbf(nqi_graph *graph, const char *name, int input, size_t units)
{
    nqi_node *node = nqi_node_new(graph, &op_rbf, units);
    nqi_node_connect(graph, node, input);
    nqi_node_param(graph, node, name, "centres", 0,
                   (size_t[]){units, graph->nodes[input].width, 0});
    nqi_node_param(graph, node, name, "log_width", 0, (size_t[]){units, 0, 0});
    return node->index;
}
