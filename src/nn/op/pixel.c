/* pixel.c - a dense layer within each pixel: pixels are as good as rows. What the time step adds
 * to it is the same for all of them, and joins the bias. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/graph.h"

static size_t pixel_keeps(const nqi_node *node, const nqi_graph *graph)
{
    (void)graph;
    return node->input_count > 1 ? node->map.channels : 0;
}

static void pixel_begin(const nqi_node *node, nqi_tape *tape)
{
    const nqi_real *bias = tape->params + tape->graph->params[node->param[1]].offset;
    const nqi_real *shift = tape->value[node->inputs[1]];
    for (size_t c = 0; c < node->map.channels; c++)
        tape->kept[node->index][c] = bias[c] + shift[c * tape->ld];
}

static void pixel_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *in = &tape->graph->nodes[node->inputs[0]].map, *out = &node->map;
    const nqi_param *params = tape->graph->params;
    const nqi_real *bias = node->input_count > 1 ? tape->kept[node->index]
                                                 : tape->params + params[node->param[1]].offset;
    tape->ops->dense_forward(tape->value[node->index], out->plane * tape->ld,
                             tape->params + params[node->param[0]].offset, in->channels, bias,
                             tape->value[node->inputs[0]], in->plane * tape->ld, out->channels,
                             in->channels, in->height * in->width * tape->ld, 0);
}

/* The gradient of what the step adds, for each row: the sum over pixels. */
static void shift_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *map = &node->map;
    const size_t pixels = map->height * map->width;
    int accumulate;
    nqi_real *de = nqi_tape_gradient(tape, node->inputs[1], &accumulate);
    if (de)
        tape->ops->pool(de, tape->ld, tape->grad[node->index], map->plane * tape->ld,
                        map->channels, 1, pixels, pixels, tape->ld, 0, accumulate);
}

static void pixel_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *in = &tape->graph->nodes[node->inputs[0]].map, *out = &node->map;
    const nqi_param *params = tape->graph->params;
    const nqi_real *dy = tape->grad[node->index], *x = tape->value[node->inputs[0]];
    const size_t weight = params[node->param[0]].offset;
    const size_t rows = in->height * in->width * tape->ld;
    if (node->input_count > 1)
        shift_backward(node, tape);
    tape->ops->dense_backward_weight(tape->dense_grad + weight, in->channels,
                                     tape->dense_grad + params[node->param[1]].offset, dy,
                                     out->plane * tape->ld, x, in->plane * tape->ld,
                                     out->channels, in->channels, rows, 1, tape->scratch);
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node->inputs[0], &accumulate);
    if (dx)
        tape->ops->dense_backward_input(dx, in->plane * tape->ld, tape->params + weight,
                                        in->channels, dy, out->plane * tape->ld, out->channels,
                                        in->channels, rows, accumulate);
}

const nqi_op nqi_op_pixel = {.name = "pixel",
                             .forward = pixel_forward,
                             .backward = pixel_backward,
                             .keeps = pixel_keeps,
                             .begin = pixel_begin};
