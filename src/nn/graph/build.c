/* build.c - nodes at the end of a graph, with their inputs, parameters and tables. */
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
    node->first_link = graph->link_count;
    node->index = graph->node_count++;
    return node;
}

nqi_node *nqi_map_new(nqi_graph *graph, const nqi_op *op, size_t channels, size_t height,
                      size_t width)
{
    const size_t plane = height * width + 1; /* a pixel's room: see conv_forward in ops.h */
    nqi_node *node = nqi_node_new(graph, op, channels * plane);
    node->map = (nqi_map){channels, height, width, plane};
    return node;
}

nqi_node *nqi_node_like(nqi_graph *graph, const nqi_op *op, int input)
{
    nqi_node *node = nqi_node_new(graph, op, graph->nodes[input].width);
    node->map = graph->nodes[input].map;
    nqi_node_connect(graph, node, input);
    return node;
}

/* A node that is no longer the last to have got inputs takes those that it has to the end. */
void nqi_node_connect(nqi_graph *graph, nqi_node *node, int input)
{
    const int is_last = node->first_link + node->input_count == graph->link_count;
    const int first = is_last ? node->first_link : graph->link_count;
    if (first + node->input_count >= NQI_GRAPH_LINKS) {
        graph->failed = 1;
        return;
    }
    memmove(graph->links + first, graph->links + node->first_link,
            (size_t)node->input_count * sizeof *graph->links);
    node->first_link = first;
    graph->links[first + node->input_count++] = input;
    graph->link_count = first + node->input_count;
    node->has_params |= graph->nodes[input].has_params;
    node->by_step = graph->nodes[input].by_step && !node->op->differs &&
                    (node->by_step || node->input_count == 1);
}

void nqi_node_param(nqi_graph *graph, nqi_node *node, const char *name, const char *part,
                    int banked, const size_t shape[NQI_PARAM_RANK])
{
    if (graph->param_count == NQI_GRAPH_PARAMS) {
        graph->failed = 1;
        graph->param_count--;
    }
    nqi_param *param = &graph->params[graph->param_count];
    memset(param, 0, sizeof *param);
    snprintf(param->name, sizeof param->name, "%s.%s", name, part);
    param->count = 1;
    do {
        param->shape[param->rank] = shape[param->rank];
        param->count *= shape[param->rank++];
    } while (param->rank < NQI_PARAM_RANK && shape[param->rank]);
    param->banked = banked;
    size_t *end = banked ? &graph->bank_size : &graph->dense_count;
    param->offset = *end;
    *end += param->count;
    node->has_params = 1;
    node->param[node->param_count++] = graph->param_count++;
}

void nqi_node_table(nqi_graph *graph, nqi_node *node, nqi_real *numbers, size_t steps,
                    size_t width)
{
    if (graph->table_count == NQI_GRAPH_TABLES) {
        graph->failed = 1;
        free(graph->tables[--graph->table_count].numbers);
    }
    graph->tables[graph->table_count] = (nqi_step_table){numbers, steps, width};
    node->table = graph->table_count++;
}
