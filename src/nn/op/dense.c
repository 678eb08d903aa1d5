/* dense.c - y = W x + b. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/graph.h"

static const nqi_real *parameter(const nqi_node *node, const nqi_tape *tape, int which)
{
    return tape->params + tape->graph->params[node->param[which]].offset;
}

static void dense_forward(const nqi_node *node, nqi_tape *tape)
{
    const size_t in = tape->graph->nodes[node->inputs[0]].width;
    tape->ops->dense_forward(tape->value[node->index], tape->ld, parameter(node, tape, 0), in,
                             parameter(node, tape, 1), tape->value[node->inputs[0]], tape->ld,
                             node->width, in, tape->rows, 0);
}

static void dense_backward(const nqi_node *node, nqi_tape *tape)
{
    const size_t in = tape->graph->nodes[node->inputs[0]].width;
    const nqi_real *dy = tape->grad[node->index];
    const nqi_param *params = tape->graph->params;
    tape->ops->dense_backward_weight(tape->dense_grad + params[node->param[0]].offset, in,
                                     tape->dense_grad + params[node->param[1]].offset, dy,
                                     tape->ld, tape->value[node->inputs[0]], tape->ld,
                                     node->width, in, tape->rows, !tape->fresh, tape->scratch);
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node->inputs[0], &accumulate);
    if (dx)
        tape->ops->dense_backward_input(dx, tape->ld, parameter(node, tape, 0), in, dy, tape->ld,
                                        node->width, in, tape->rows, accumulate);
}

const nqi_op nqi_op_dense = {.name = "dense",
                             .forward = dense_forward,
                             .backward = dense_backward};
