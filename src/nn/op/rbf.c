/* rbf.c - normalised radial basis functions ([SD15] D.1). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

static nqi_rbf_basis basis_of(const nqi_node *node, const nqi_tape *tape)
{
    return (nqi_rbf_basis){nqi_tape_param(tape, node, 0), nqi_tape_param(tape, node, 1),
                           node->width, nqi_node_source(tape->graph, node, 0)->width};
}

static void rbf_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_const_matrix x = {nqi_tape_input(tape, node, 0), tape->ld};
    tape->ops->rbf.forward((nqi_matrix){tape->value[node->index], tape->ld}, x,
                           basis_of(node, tape), tape->rows);
}

static void rbf_backward(const nqi_node *node, nqi_tape *tape)
{
    int accumulate;
    const nqi_matrix dx = {nqi_tape_gradient(tape, node, 0, &accumulate), tape->ld};
    const nqi_rbf_gradient sums = {nqi_tape_param_gradient(tape, node, 0),
                                   nqi_tape_param_gradient(tape, node, 1)};
    const nqi_const_matrix dh = {tape->grad[node->index], tape->ld};
    const nqi_const_matrix h = {tape->value[node->index], tape->ld};
    const nqi_const_matrix x = {nqi_tape_input(tape, node, 0), tape->ld};
    tape->ops->rbf.backward(dx, sums, dh, h, x, basis_of(node, tape), tape->rows, accumulate);
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
