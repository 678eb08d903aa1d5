/* readout.c - a linear readout with own weights for each time step ([SD15] D). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

/* Weights of the bank that serves group g. */
static const nqi_real *bank(const nqi_tape *tape, size_t g)
{
    const nqi_graph *graph = tape->graph;
    return tape->params + graph->dense_count + nqi_tape_bank(tape, g) * graph->bank_size;
}

static nqi_const_matrix weight_of(const nqi_node *node, const nqi_tape *tape, size_t g)
{
    return (nqi_const_matrix){bank(tape, g) + tape->graph->params[node->param[0]].offset,
                              nqi_node_source(tape->graph, node, 0)->width};
}

/* Of one group. */
static nqi_dense_size size_of(const nqi_node *node, const nqi_tape *tape)
{
    const size_t in = nqi_node_source(tape->graph, node, 0)->width;
    return (nqi_dense_size){node->width, in, tape->group_rows};
}

static void readout_forward(const nqi_node *node, nqi_tape *tape)
{
    const size_t bias = tape->graph->params[node->param[1]].offset;
    for (size_t g = 0; g < tape->groups; g++) {
        const size_t at = g * tape->group_rows;
        const nqi_matrix y = {tape->value[node->index] + at, tape->ld};
        const nqi_const_matrix x = {nqi_tape_input(tape, node, 0) + at, tape->ld};
        tape->ops->dense.forward(y, weight_of(node, tape, g), bank(tape, g) + bias, x,
                                 size_of(node, tape), 0);
    }
}

static void readout_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_graph *graph = tape->graph;
    const nqi_dense_size size = size_of(node, tape);
    const size_t weight = graph->params[node->param[0]].offset;
    const size_t bias = graph->params[node->param[1]].offset;
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node, 0, &accumulate);
    for (size_t g = 0; g < tape->groups; g++) {
        const size_t at = g * tape->group_rows;
        const nqi_const_matrix dy = {tape->grad[node->index] + at, tape->ld};
        const nqi_const_matrix x = {nqi_tape_input(tape, node, 0) + at, tape->ld};
        nqi_real *gradient = tape->bank_grad ? tape->bank_grad + g * graph->bank_size : NULL;
        if (gradient)
            tape->ops->dense.backward_weight((nqi_matrix){gradient + weight, size.in},
                                             gradient + bias, dy, x, size, 0, tape->scratch);
        if (dx)
            tape->ops->dense.backward_input((nqi_matrix){dx + at, tape->ld},
                                            weight_of(node, tape, g), dy, size, accumulate);
    }
}

static const nqi_op op_readout = {.name = "readout",
                                  .forward = readout_forward,
                                  .backward = readout_backward};

int nqi_graph_readout(nqi_graph *graph, const char *name, int input, size_t out, size_t banks)
{
    nqi_node *node = nqi_node_new(graph, &op_readout, out);
    nqi_node_connect(graph, node, input);
    nqi_node_param(graph, node, name, "weight", 1, (size_t[]){out, graph->nodes[input].width, 0});
    nqi_node_param(graph, node, name, "bias", 1, (size_t[]){out, 0, 0});
    graph->banks = banks;
    graph->features = input;
    return node->index;
}
