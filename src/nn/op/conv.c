/* conv.c - 3x3 convolution of a map, with its activation or over a coarser map. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

static nqi_conv_size size_of(const nqi_node *node, const nqi_graph *graph, size_t rows)
{
    const nqi_map *out = &node->map;
    return (nqi_conv_size){out->channels, nqi_node_source(graph, node, 0)->map.channels,
                           out->height, out->width, rows};
}

/* Pixels of a coarser map are windows of this one's. */
static nqi_window_size windows_of(const nqi_node *node, size_t rows)
{
    const nqi_map *out = &node->map;
    return (nqi_window_size){out->channels, out->height, out->width, node->factor, rows};
}

/* Over a coarser map y is that, enlarged, and the convolution is added to it. */
static void conv_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_conv_ops *ops = &tape->ops->conv;
    const nqi_matrix y = nqi_tape_maps(tape, node);
    const int over = node->input_count > 1;
    if (over)
        ops->unpool(y, nqi_tape_input_maps(tape, node, 1), windows_of(node, tape->ld), 0, 0);
    ops->forward(y, nqi_tape_param(tape, node, 0), nqi_tape_param(tape, node, 1),
                 nqi_tape_input_maps(tape, node, 0), size_of(node, tape->graph, tape->ld),
                 node->activate, over, tape->scratch);
}

static void coarse_backward(const nqi_node *node, nqi_tape *tape)
{
    int accumulate;
    const nqi_matrix dx = nqi_tape_input_maps_gradient(tape, node, 1, &accumulate);
    if (dx.at)
        tape->ops->conv.pool(dx, nqi_tape_maps_gradient(tape, node), windows_of(node, tape->ld),
                             0, accumulate);
}

static void conv_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_conv_size size = size_of(node, tape->graph, tape->ld);
    const nqi_const_matrix dy = nqi_tape_maps_gradient(tape, node);
    if (node->activate != NQI_IDENTITY) {
        nqi_real *dy_all = tape->grad[node->index];
        tape->ops->activate_backward(node->activate, dy_all, dy_all, NULL,
                                     tape->value[node->index], node->width * tape->ld, 0);
    }
    if (node->input_count > 1)
        coarse_backward(node, tape);
    tape->ops->conv.backward_weight(nqi_tape_param_gradient(tape, node, 0),
                                    nqi_tape_param_gradient(tape, node, 1), dy,
                                    nqi_tape_input_maps(tape, node, 0), size, tape->scratch);
    int accumulate;
    const nqi_matrix dx = nqi_tape_input_maps_gradient(tape, node, 0, &accumulate);
    if (dx.at)
        tape->ops->conv.backward_input(dx, nqi_tape_param(tape, node, 0), dy, size, accumulate,
                                       tape->scratch);
}

static size_t conv_scratch(const nqi_node *node, const nqi_graph *graph, const nqi_ops *ops,
                           size_t ld)
{
    return ops->conv.scratch(size_of(node, graph, ld));
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
