/* readout.c - a linear readout with own weights for each time step ([SD15] D). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/graph.h"

/* Weights of the bank that serves group g. */
static const nqi_real *bank(const nqi_tape *tape, size_t g)
{
    const nqi_graph *graph = tape->graph;
    return tape->params + graph->dense_count + nqi_tape_bank(tape, g) * graph->bank_size;
}

static void readout_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_graph *graph = tape->graph;
    const size_t in = graph->nodes[node->inputs[0]].width;
    for (size_t g = 0; g < tape->groups; g++) {
        const size_t at = g * tape->group_rows;
        tape->ops->dense_forward(tape->value[node->index] + at, tape->ld,
                                 bank(tape, g) + graph->params[node->param[0]].offset, in,
                                 bank(tape, g) + graph->params[node->param[1]].offset,
                                 tape->value[node->inputs[0]] + at, tape->ld, node->width, in,
                                 tape->group_rows, 0);
    }
}

static void readout_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_graph *graph = tape->graph;
    const size_t in = graph->nodes[node->inputs[0]].width;
    const size_t weight = graph->params[node->param[0]].offset;
    const size_t bias = graph->params[node->param[1]].offset;
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node->inputs[0], &accumulate);
    for (size_t g = 0; g < tape->groups; g++) {
        const size_t at = g * tape->group_rows;
        const nqi_real *dy = tape->grad[node->index] + at;
        nqi_real *gradient = tape->bank_grad + g * graph->bank_size;
        tape->ops->dense_backward_weight(gradient + weight, in, gradient + bias, dy, tape->ld,
                                         tape->value[node->inputs[0]] + at, tape->ld, node->width,
                                         in, tape->group_rows, 0, tape->scratch);
        if (dx)
            tape->ops->dense_backward_input(dx + at, tape->ld, bank(tape, g) + weight, in, dy,
                                            tape->ld, node->width, in, tape->group_rows,
                                            accumulate);
    }
}

const nqi_op nqi_op_readout = {.name = "readout",
                               .forward = readout_forward,
                               .backward = readout_backward};
