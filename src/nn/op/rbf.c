/* rbf.c - normalised radial basis functions ([SD15] D.1). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/graph.h"

static void rbf_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_param *params = tape->graph->params;
    tape->ops->rbf_forward(tape->value[node->index], tape->ld, tape->value[node->inputs[0]],
                           tape->ld, tape->params + params[node->param[0]].offset,
                           tape->params + params[node->param[1]].offset, node->width,
                           params[node->param[0]].shape[1], tape->rows);
}

static void rbf_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_param *params = tape->graph->params;
    const size_t centres = params[node->param[0]].offset, widths = params[node->param[1]].offset;
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node->inputs[0], &accumulate);
    tape->ops->rbf_backward(dx, tape->ld, tape->dense_grad + centres, tape->dense_grad + widths,
                            tape->grad[node->index], tape->ld, tape->value[node->index], tape->ld,
                            tape->value[node->inputs[0]], tape->ld, tape->params + centres,
                            tape->params + widths, node->width, params[node->param[0]].shape[1],
                            tape->rows, accumulate);
}

const nqi_op nqi_op_rbf = {.name = "rbf", .forward = rbf_forward, .backward = rbf_backward};
