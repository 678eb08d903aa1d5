/* op_pixel.c - a dense layer within each pixel: pixels are as good as rows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph.h"

static void pixel_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *in = &tape->graph->nodes[node->inputs[0]].map, *out = &node->map;
    const nqi_param *params = tape->graph->params;
    tape->ops->dense_forward(tape->value[node->index], out->plane * tape->ld,
                             tape->params + params[node->param[0]].offset, in->channels,
                             tape->params + params[node->param[1]].offset,
                             tape->value[node->inputs[0]], in->plane * tape->ld, out->channels,
                             in->channels, in->height * in->width * tape->ld, 0);
}

static void pixel_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *in = &tape->graph->nodes[node->inputs[0]].map, *out = &node->map;
    const nqi_param *params = tape->graph->params;
    const nq_real *dy = tape->grad[node->index], *x = tape->value[node->inputs[0]];
    const size_t weight = params[node->param[0]].offset;
    const size_t rows = in->height * in->width * tape->ld;
    tape->ops->dense_backward_weight(tape->dense_grad + weight, in->channels,
                                     tape->dense_grad + params[node->param[1]].offset, dy,
                                     out->plane * tape->ld, x, in->plane * tape->ld,
                                     out->channels, in->channels, rows, tape->scratch);
    int accumulate;
    nq_real *dx = nqi_tape_gradient(tape, node->inputs[0], &accumulate);
    if (dx)
        tape->ops->dense_backward_input(dx, in->plane * tape->ld, tape->params + weight,
                                        in->channels, dy, out->plane * tape->ld, out->channels,
                                        in->channels, rows, accumulate);
}

const nqi_op nqi_op_pixel = {.name = "pixel", .forward = pixel_forward, .backward = pixel_backward};
