/* graph_map.c - building the nodes whose rows are pictures. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>

#include "nn/graph/build.h"

nqi_node *nqi_map_new(nqi_graph *graph, const nqi_op *op, size_t channels, size_t height,
                      size_t width)
{
    const size_t plane = height * width + 1; /* a pixel's room: see conv_forward in ops.h */
    nqi_node *node = nqi_node_new(graph, op, channels * plane);
    node->map = (nqi_map){channels, height, width, plane};
    return node;
}

int nqi_graph_as_picture(nqi_graph *graph, int input, size_t channels, size_t height,
                         size_t width)
{
    graph->nodes[input].map = (nqi_map){channels, height, width, height * width};
    return input;
}

int nqi_graph_picture(nqi_graph *graph, size_t channels, size_t height, size_t width)
{
    const int input = nqi_graph_input(graph, channels * height * width);
    return nqi_graph_as_picture(graph, input, channels, height, width);
}

int nqi_graph_conv(nqi_graph *graph, const char *name, int input, size_t out,
                   nqi_activation activate)
{
    const nqi_map *in = &graph->nodes[input].map;
    nqi_node *node = nqi_map_new(graph, &nqi_op_conv, out, in->height, in->width);
    nqi_node_connect(graph, node, input);
    node->param[0] = nqi_param_new(graph, name, "weight", 0, out, in->channels, 9);
    node->param[1] = nqi_param_new(graph, name, "bias", 0, out, 0, 0);
    node->has_params = node->has_own = node->spatial = 1;
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

int nqi_graph_pixel(nqi_graph *graph, const char *name, int input, size_t out,
                    nqi_activation activate)
{
    const nqi_map *in = &graph->nodes[input].map;
    nqi_node *node = nqi_map_new(graph, &nqi_op_pixel, out, in->height, in->width);
    nqi_node_connect(graph, node, input);
    node->param[0] = nqi_param_new(graph, name, "weight", 0, out, in->channels, 0);
    node->param[1] = nqi_param_new(graph, name, "bias", 0, out, 0, 0);
    node->has_params = node->has_own = node->spatial = 1;
    return activate == NQI_IDENTITY ? node->index
                                    : nqi_graph_activate(graph, node->index, activate);
}

void nqi_graph_pixel_shift(nqi_graph *graph, int pixel, int flat)
{
    nqi_node_connect(graph, &graph->nodes[pixel], flat);
}

int nqi_graph_pool(nqi_graph *graph, int input, size_t factor)
{
    const nqi_map *in = &graph->nodes[input].map;
    nqi_node *node =
        nqi_map_new(graph, &nqi_op_pool, in->channels, (in->height + factor - 1) / factor,
                    (in->width + factor - 1) / factor);
    nqi_node_connect(graph, node, input);
    node->factor = factor;
    return node->index;
}

int nqi_graph_spread(nqi_graph *graph, int picture, int flat)
{
    const nqi_map *in = &graph->nodes[picture].map;
    nqi_node *node = nqi_map_new(graph, &nqi_op_spread, in->channels, in->height, in->width);
    nqi_node_connect(graph, node, picture);
    nqi_node_connect(graph, node, flat);
    return node->index;
}

int nqi_graph_blend(nqi_graph *graph, const char *name, int input, size_t out, nqi_real *table,
                    size_t bumps, size_t steps)
{
    const nqi_map *in = &graph->nodes[input].map;
    nqi_node *node = nqi_node_new(graph, &nqi_op_blend, out * in->height * in->width);
    node->map = (nqi_map){out, in->height, in->width, in->height * in->width};
    nqi_node_connect(graph, node, input);
    node->param[0] = nqi_param_new(graph, name, "weight", 0, bumps, out, in->channels);
    node->param[1] = nqi_param_new(graph, name, "bias", 0, bumps, out, 0);
    node->has_params = node->has_own = node->spatial = 1;
    free(graph->bump_table);
    graph->bump_table = table;
    graph->bumps = bumps;
    graph->steps = steps;
    return node->index;
}
