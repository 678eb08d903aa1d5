/* graph.c - building a network: nodes in order, parameters in one vector. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

nqi_node *nqi_node_new(nqi_graph *graph, const nqi_op *op, size_t width)
{
    if (graph->node_count == NQI_GRAPH_NODES) {
        graph->failed = 1;
        graph->node_count--;
    }
    nqi_node *node = &graph->nodes[graph->node_count];
    memset(node, 0, sizeof *node);
    node->op = op;
    node->width = width;
    node->index = graph->node_count++;
    return node;
}

void nqi_node_connect(nqi_graph *graph, nqi_node *node, int input)
{
    node->inputs[node->input_count++] = input;
    node->has_params |= graph->nodes[input].has_params;
}

int nqi_param_new(nqi_graph *graph, const char *name, const char *part, int banked, size_t first,
                  size_t second, size_t third)
{
    if (graph->param_count == NQI_GRAPH_PARAMS) {
        graph->failed = 1;
        graph->param_count--;
    }
    nqi_param *param = &graph->params[graph->param_count];
    memset(param, 0, sizeof *param);
    snprintf(param->name, sizeof param->name, "%s.%s", name, part);
    param->rank = third ? 3 : second ? 2 : 1;
    param->shape[0] = first;
    param->shape[1] = second;
    param->shape[2] = third;
    param->count = first * (second ? second : 1) * (third ? third : 1);
    param->banked = banked;
    size_t *end = banked ? &graph->bank_size : &graph->dense_count;
    param->offset = *end;
    *end += param->count;
    return graph->param_count++;
}

int nqi_graph_input(nqi_graph *graph, size_t width)
{
    graph->features = -1;
    graph->input = nqi_node_new(graph, &nqi_op_input, width)->index;
    return graph->input;
}

int nqi_graph_time(nqi_graph *graph, nqi_real *table, size_t steps, size_t width)
{
    free(graph->time_table);
    graph->time_table = table;
    graph->time_width = width;
    graph->steps = steps;
    return nqi_node_new(graph, &nqi_op_time, width)->index;
}

int nqi_graph_dense(nqi_graph *graph, const char *name, int input, size_t out,
                    nqi_activation activate)
{
    const size_t in = graph->nodes[input].width;
    nqi_node *node = nqi_node_new(graph, &nqi_op_dense, out);
    nqi_node_connect(graph, node, input);
    node->param[0] = nqi_param_new(graph, name, "weight", 0, out, in, 0);
    node->param[1] = nqi_param_new(graph, name, "bias", 0, out, 0, 0);
    node->has_params = node->has_own = 1;
    return activate == NQI_IDENTITY ? node->index
                                    : nqi_graph_activate(graph, node->index, activate);
}

int nqi_graph_activate(nqi_graph *graph, int input, nqi_activation activate)
{
    nqi_node *node = nqi_node_new(graph, &nqi_op_activate, graph->nodes[input].width);
    node->map = graph->nodes[input].map;
    nqi_node_connect(graph, node, input);
    node->activate = activate;
    return node->index;
}

int nqi_graph_add(nqi_graph *graph, int left, int right)
{
    nqi_node *node = nqi_node_new(graph, &nqi_op_add, graph->nodes[left].width);
    node->map = graph->nodes[left].map;
    nqi_node_connect(graph, node, left);
    nqi_node_connect(graph, node, right);
    return node->index;
}

int nqi_graph_concat(nqi_graph *graph, int left, int right)
{
    const nqi_map *a = &graph->nodes[left].map, *b = &graph->nodes[right].map;
    nqi_node *node =
        a->channels
            ? nqi_map_new(graph, &nqi_op_concat, a->channels + b->channels, a->height, a->width)
            : nqi_node_new(graph, &nqi_op_concat,
                           graph->nodes[left].width + graph->nodes[right].width);
    nqi_node_connect(graph, node, left);
    nqi_node_connect(graph, node, right);
    return node->index;
}

int nqi_graph_rbf(nqi_graph *graph, const char *name, int input, size_t units)
{
    nqi_node *node = nqi_node_new(graph, &nqi_op_rbf, units);
    nqi_node_connect(graph, node, input);
    node->param[0] =
        nqi_param_new(graph, name, "centres", 0, units, graph->nodes[input].width, 0);
    node->param[1] = nqi_param_new(graph, name, "log_width", 0, units, 0, 0);
    node->has_params = node->has_own = 1;
    return node->index;
}

int nqi_graph_readout(nqi_graph *graph, const char *name, int input, size_t out, size_t banks)
{
    nqi_node *node = nqi_node_new(graph, &nqi_op_readout, out);
    nqi_node_connect(graph, node, input);
    graph->banks = banks;
    node->param[0] = nqi_param_new(graph, name, "weight", 1, out, graph->nodes[input].width, 0);
    node->param[1] = nqi_param_new(graph, name, "bias", 1, out, 0, 0);
    node->has_params = node->has_own = 1;
    graph->features = input;
    return node->index;
}

int nqi_graph_dropout(nqi_graph *graph, int input, double rate)
{
    if (rate <= 0)
        return input;
    nqi_node *node = nqi_node_new(graph, &nqi_op_dropout, graph->nodes[input].width);
    node->map = graph->nodes[input].map;
    nqi_node_connect(graph, node, input);
    node->rate = rate;
    return node->index;
}

void nqi_graph_free(nqi_graph *graph)
{
    if (!graph)
        return;
    free(graph->time_table);
    free(graph->bump_table);
    graph->time_table = graph->bump_table = NULL;
}

size_t nqi_graph_parameters(const nqi_graph *graph)
{
    return graph->dense_count + graph->banks * graph->bank_size;
}

const nqi_param *nqi_graph_param(const nqi_graph *graph, const char *name)
{
    for (int i = 0; i < graph->param_count; i++)
        if (!strcmp(graph->params[i].name, name))
            return &graph->params[i];
    return NULL;
}

size_t nqi_param_position(const nqi_graph *graph, const nqi_param *param)
{
    return param->offset + (param->banked ? graph->dense_count : 0);
}

/* Parameters work once for a row, those of pictures once for each pixel, and of blended readouts
 * only the blend works. */
double nqi_graph_cost(const nqi_graph *graph)
{
    double cost = 2.0 * (double)graph->bank_size;
    for (int i = 0; i < graph->node_count; i++) {
        const nqi_node *node = &graph->nodes[i];
        const double pixels = (double)(node->map.height * node->map.width);
        double count = 0;
        for (int k = 0; k < 2 && node->has_own; k++)
            if (!graph->params[node->param[k]].banked)
                count += (double)graph->params[node->param[k]].count;
        if (node->op == &nqi_op_blend)
            count /= (double)graph->bumps;
        cost += 2 * count * (node->spatial ? pixels : 1);
    }
    return cost;
}
