/* conv.c - 3x3 convolution of a map, with its activation or over a coarser map. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

/* y = the coarse map enlarged; the convolution is added to it. */
static void coarse_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *coarse = &nqi_node_source(tape->graph, node, 1)->map, *out = &node->map;
    tape->ops->conv.unpool(tape->value[node->index], out->plane * tape->ld,
                           nqi_tape_input(tape, node, 1), coarse->plane * tape->ld, out->channels,
                           out->height, out->width, node->factor, tape->ld, 0, 0);
}

static void conv_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *in = &nqi_node_source(tape->graph, node, 0)->map, *out = &node->map;
    const int over = node->input_count > 1;
    if (over)
        coarse_forward(node, tape);
    tape->ops->conv.forward(tape->value[node->index], out->plane * tape->ld,
                            nqi_tape_param(tape, node, 0), nqi_tape_param(tape, node, 1),
                            nqi_tape_input(tape, node, 0), in->plane * tape->ld, out->channels,
                            in->channels, in->height, in->width, tape->ld, node->activate, over,
                            tape->scratch);
}

static void coarse_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *coarse = &nqi_node_source(tape->graph, node, 1)->map, *out = &node->map;
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node, 1, &accumulate);
    if (dx)
        tape->ops->conv.pool(dx, coarse->plane * tape->ld, tape->grad[node->index],
                             out->plane * tape->ld, out->channels, out->height, out->width,
                             node->factor, tape->ld, 0, accumulate);
}

static void conv_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *in = &nqi_node_source(tape->graph, node, 0)->map, *out = &node->map;
    nqi_real *dy = tape->grad[node->index];
    const nqi_real *y = tape->value[node->index], *x = nqi_tape_input(tape, node, 0);
    if (node->activate != NQI_IDENTITY)
        tape->ops->activate_backward(node->activate, dy, dy, NULL, y, node->width * tape->ld, 0);
    if (node->input_count > 1)
        coarse_backward(node, tape);
    tape->ops->conv.backward_weight(nqi_tape_param_gradient(tape, node, 0),
                                    nqi_tape_param_gradient(tape, node, 1), dy,
                                    out->plane * tape->ld, x, in->plane * tape->ld, out->channels,
                                    in->channels, in->height, in->width, tape->ld, tape->scratch);
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node, 0, &accumulate);
    if (dx)
        tape->ops->conv.backward_input(dx, in->plane * tape->ld, nqi_tape_param(tape, node, 0),
                                       dy, out->plane * tape->ld, out->channels, in->channels,
                                       in->height, in->width, tape->ld, accumulate,
                                       tape->scratch);
}

static size_t conv_scratch(const nqi_node *node, const nqi_graph *graph, const nqi_ops *ops,
                           size_t ld)
{
    const nqi_map *out = &node->map;
    return ops->conv.scratch(out->channels, nqi_node_source(graph, node, 0)->map.channels,
                             out->height, out->width, ld);
}

/* The window is one pixel wider on each side; what is enlarged is as wrong as it was. */
static void conv_reach(nqi_edge *edge, const nqi_node *node, const nqi_edge *first)
{
    (void)node;
    edge->stride = first->stride;
    if (edge->lost < first->lost + first->stride)
        edge->lost = first->lost + first->stride;
}

static const nqi_op op_conv = {.name = "conv",
                               .forward = conv_forward,
                               .backward = conv_backward,
                               .scratch = conv_scratch,
                               .of_maps = 1,
                               .reach = conv_reach};

int nqi_graph_conv(nqi_graph *graph, const char *name, int input, size_t out,
                   nqi_activation activate)
{
    const nqi_map *in = &graph->nodes[input].map;
    nqi_node *node = nqi_map_new(graph, &op_conv, out, in->height, in->width);
    nqi_node_connect(graph, node, input);
    nqi_node_param(graph, node, name, "weight", 0, (size_t[]){out, in->channels, 9});
    nqi_node_param(graph, node, name, "bias", 0, (size_t[]){out, 0, 0});
    node->spatial = 1;
    node->activate = activate;
    return node->index;
}

int nqi_graph_conv_over(nqi_graph *graph, const char *name, int input, int coarse)
{
    const int over =
        nqi_graph_conv(graph, name, input, graph->nodes[coarse].map.channels, NQI_IDENTITY);
    nqi_node_connect(graph, &graph->nodes[over], coarse);
    graph->nodes[over].factor = 2;
    return over;
}
