/* pixel.c - a dense layer within each pixel: pixels are as good as rows. What the time step adds
 * to it is the same for all of them, and joins the bias. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

static size_t pixel_keeps(const nqi_node *node, const nqi_graph *graph)
{
    (void)graph;
    return node->input_count > 1 ? node->map.channels : 0;
}

static void pixel_begin(const nqi_node *node, nqi_tape *tape)
{
    const nqi_real *bias = nqi_tape_param(tape, node, 1);
    const nqi_real *shift = nqi_tape_input(tape, node, 1);
    for (size_t c = 0; c < node->map.channels; c++)
        tape->kept[node->index][c] = bias[c] + shift[c * tape->ld];
}

/* W, and what it works on: all rows of all pixels. */
static nqi_const_matrix weight_of(const nqi_node *node, const nqi_tape *tape)
{
    return (nqi_const_matrix){nqi_tape_param(tape, node, 0),
                              nqi_node_source(tape->graph, node, 0)->map.channels};
}

static nqi_dense_size size_of(const nqi_node *node, const nqi_tape *tape)
{
    const nqi_map *in = &nqi_node_source(tape->graph, node, 0)->map;
    return (nqi_dense_size){node->map.channels, in->channels, in->height * in->width * tape->ld};
}

static void pixel_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_real *bias =
        node->input_count > 1 ? tape->kept[node->index] : nqi_tape_param(tape, node, 1);
    tape->ops->dense.forward(nqi_tape_maps(tape, node), weight_of(node, tape), bias,
                             nqi_tape_input_maps(tape, node, 0), size_of(node, tape), 0);
}

/* The gradient of what the step adds, for each row: the sum over pixels. */
static void shift_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_map *map = &node->map;
    const size_t pixels = map->height * map->width;
    const nqi_window_size all = {map->channels, 1, pixels, pixels, tape->ld};
    int accumulate;
    nqi_real *de = nqi_tape_gradient(tape, node, 1, &accumulate);
    if (de)
        tape->ops->conv.pool((nqi_matrix){de, tape->ld}, nqi_tape_maps_gradient(tape, node), all,
                             0, accumulate);
}

static void pixel_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_dense_size size = size_of(node, tape);
    const nqi_const_matrix dy = nqi_tape_maps_gradient(tape, node);
    const nqi_matrix dw = {nqi_tape_param_gradient(tape, node, 0), size.in};
    if (node->input_count > 1)
        shift_backward(node, tape);
    tape->ops->dense.backward_weight(dw, nqi_tape_param_gradient(tape, node, 1), dy,
                                     nqi_tape_input_maps(tape, node, 0), size, 1, tape->scratch);
    int accumulate;
    const nqi_matrix dx = nqi_tape_input_maps_gradient(tape, node, 0, &accumulate);
    if (dx.at)
        tape->ops->dense.backward_input(dx, weight_of(node, tape), dy, size, accumulate);
}

static const nqi_op op_pixel = {.name = "pixel",
                                .forward = pixel_forward,
                                .backward = pixel_backward,
                                .keeps = pixel_keeps,
                                .begin = pixel_begin,
                                .of_maps = 1,
                                .keeps_pixels = 1,
                                .in_strips = 1};

int nqi_graph_pixel(nqi_graph *graph, const char *name, int input, size_t out,
                    nqi_activation activate)
{
    const nqi_map *in = &graph->nodes[input].map;
    nqi_node *node = nqi_map_new(graph, &op_pixel, out, in->height, in->width);
    nqi_node_connect(graph, node, input);
    nqi_node_param(graph, node, name, "weight", 0, (size_t[]){out, in->channels, 0});
    nqi_node_param(graph, node, name, "bias", 0, (size_t[]){out, 0, 0});
    node->spatial = 1;
    return activate == NQI_IDENTITY ? node->index
                                    : nqi_graph_activate(graph, node->index, activate);
}

void nqi_graph_pixel_shift(nqi_graph *graph, int pixel, int flat)
{
    nqi_node_connect(graph, &graph->nodes[pixel], flat);
}
