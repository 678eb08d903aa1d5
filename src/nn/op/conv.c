/* conv.c - 3x3 convolution of a map, with its activation or over a coarser map. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/graph.h"

/* y = the coarse map enlarged; the convolution is added to it. */
static void coarse_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *coarse = &tape->graph->nodes[node->inputs[1]].map, *out = &node->map;
    tape->ops->unpool(tape->value[node->index], out->plane * tape->ld,
                      tape->value[node->inputs[1]], coarse->plane * tape->ld, out->channels,
                      out->height, out->width, node->factor, tape->ld, 0, 0);
}

static void conv_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *in = &tape->graph->nodes[node->inputs[0]].map, *out = &node->map;
    const nqi_param *params = tape->graph->params;
    const int over = node->input_count > 1;
    if (over)
        coarse_forward(node, tape);
    tape->ops->conv_forward(tape->value[node->index], out->plane * tape->ld,
                            tape->params + params[node->param[0]].offset,
                            tape->params + params[node->param[1]].offset,
                            tape->value[node->inputs[0]], in->plane * tape->ld, out->channels,
                            in->channels, in->height, in->width, tape->ld, node->activate, over,
                            tape->scratch);
}

static void coarse_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *coarse = &tape->graph->nodes[node->inputs[1]].map, *out = &node->map;
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node->inputs[1], &accumulate);
    if (dx)
        tape->ops->pool(dx, coarse->plane * tape->ld, tape->grad[node->index],
                        out->plane * tape->ld, out->channels, out->height, out->width,
                        node->factor, tape->ld, 0, accumulate);
}

static void conv_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *in = &tape->graph->nodes[node->inputs[0]].map, *out = &node->map;
    const nqi_param *params = tape->graph->params;
    nqi_real *dy = tape->grad[node->index];
    const nqi_real *y = tape->value[node->index], *x = tape->value[node->inputs[0]];
    const size_t weight = params[node->param[0]].offset;
    if (node->activate != NQI_IDENTITY)
        tape->ops->activate_backward(node->activate, dy, dy, NULL, y, node->width * tape->ld, 0);
    if (node->input_count > 1)
        coarse_backward(node, tape);
    tape->ops->conv_backward_weight(tape->dense_grad + weight,
                                    tape->dense_grad + params[node->param[1]].offset, dy,
                                    out->plane * tape->ld, x, in->plane * tape->ld, out->channels,
                                    in->channels, in->height, in->width, tape->ld, tape->scratch);
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node->inputs[0], &accumulate);
    if (dx)
        tape->ops->conv_backward_input(dx, in->plane * tape->ld, tape->params + weight, dy,
                                       out->plane * tape->ld, out->channels, in->channels,
                                       in->height, in->width, tape->ld, accumulate,
                                       tape->scratch);
}

const nqi_op nqi_op_conv = {.name = "conv", .forward = conv_forward, .backward = conv_backward};
