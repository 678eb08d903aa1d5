/* graph.c - what a network has: parameters by name, and what a row costs. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/graph.h"

#include <stdlib.h>
#include <string.h>

#include "nn/graph/op.h"

int nqi_graph_as_picture(nqi_graph *graph, int input, size_t channels, size_t height,
                         size_t width)
{
    graph->nodes[input].map = (nqi_map){channels, height, width, height * width};
    return input;
}

void nqi_graph_free(nqi_graph *graph)
{
    if (!graph)
        return;
    while (graph->table_count)
        free(graph->tables[--graph->table_count].numbers);
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

double nqi_node_cost(const nqi_graph *graph, const nqi_node *node)
{
    const double pixels = (double)(node->map.height * node->map.width);
    double count = 0;
    if (node->op->cost)
        return node->op->cost(node, graph);
    for (int k = 0; k < node->param_count; k++)
        count += (double)graph->params[node->param[k]].count;
    return 2 * count * (node->spatial ? pixels : 1);
}

double nqi_graph_cost(const nqi_graph *graph)
{
    double cost = 0;
    for (int i = 0; i < graph->node_count; i++)
        cost += nqi_node_cost(graph, &graph->nodes[i]);
    return cost;
}
