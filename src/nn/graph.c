/* graph.c - building a network: nodes in order, parameters in one vector. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static nqi_node *node_new(nqi_graph *graph, const nqi_op *op, size_t width)
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

static void node_connect(nqi_graph *graph, nqi_node *node, int input)
{
    node->inputs[node->input_count++] = input;
    node->has_params |= graph->nodes[input].has_params;
}

static int param_new(nqi_graph *graph, const char *name, const char *part, int banked,
                     size_t first, size_t second)
{
    if (graph->param_count == NQI_GRAPH_PARAMS) {
        graph->failed = 1;
        graph->param_count--;
    }
    nqi_param *param = &graph->params[graph->param_count];
    memset(param, 0, sizeof *param);
    snprintf(param->name, sizeof param->name, "%s.%s", name, part);
    param->rank = second ? 2 : 1;
    param->shape[0] = first;
    param->shape[1] = second;
    param->count = first * (second ? second : 1);
    param->banked = banked;
    size_t *end = banked ? &graph->bank_size : &graph->dense_count;
    param->offset = *end;
    *end += param->count;
    return graph->param_count++;
}

int nqi_graph_input(nqi_graph *graph, size_t width)
{
    graph->features = -1;
    graph->input = node_new(graph, &nqi_op_input, width)->index;
    return graph->input;
}

int nqi_graph_time(nqi_graph *graph, nq_real *table, size_t steps, size_t width)
{
    free(graph->time_table);
    graph->time_table = table;
    graph->time_width = width;
    graph->steps = steps;
    return node_new(graph, &nqi_op_time, width)->index;
}

int nqi_graph_dense(nqi_graph *graph, const char *name, int input, size_t out,
                    nqi_activation activate)
{
    const size_t in = graph->nodes[input].width;
    nqi_node *node = node_new(graph, &nqi_op_dense, out);
    node_connect(graph, node, input);
    node->param[0] = param_new(graph, name, "weight", 0, out, in);
    node->param[1] = param_new(graph, name, "bias", 0, out, 0);
    node->has_params = 1;
    return activate == NQI_IDENTITY ? node->index
                                    : nqi_graph_activate(graph, node->index, activate);
}

int nqi_graph_activate(nqi_graph *graph, int input, nqi_activation activate)
{
    nqi_node *node = node_new(graph, &nqi_op_activate, graph->nodes[input].width);
    node_connect(graph, node, input);
    node->activate = activate;
    return node->index;
}

int nqi_graph_add(nqi_graph *graph, int left, int right)
{
    nqi_node *node = node_new(graph, &nqi_op_add, graph->nodes[left].width);
    node_connect(graph, node, left);
    node_connect(graph, node, right);
    return node->index;
}

int nqi_graph_concat(nqi_graph *graph, int left, int right)
{
    const size_t width = graph->nodes[left].width + graph->nodes[right].width;
    nqi_node *node = node_new(graph, &nqi_op_concat, width);
    node_connect(graph, node, left);
    node_connect(graph, node, right);
    return node->index;
}

int nqi_graph_rbf(nqi_graph *graph, const char *name, int input, size_t units)
{
    nqi_node *node = node_new(graph, &nqi_op_rbf, units);
    node_connect(graph, node, input);
    node->param[0] = param_new(graph, name, "centres", 0, units, graph->nodes[input].width);
    node->param[1] = param_new(graph, name, "log_width", 0, units, 0);
    node->has_params = 1;
    return node->index;
}

int nqi_graph_readout(nqi_graph *graph, const char *name, int input, size_t out, size_t banks)
{
    nqi_node *node = node_new(graph, &nqi_op_readout, out);
    node_connect(graph, node, input);
    graph->banks = banks;
    node->param[0] = param_new(graph, name, "weight", 1, out, graph->nodes[input].width);
    node->param[1] = param_new(graph, name, "bias", 1, out, 0);
    node->has_params = 1;
    graph->features = input;
    return node->index;
}

int nqi_graph_dropout(nqi_graph *graph, int input, double rate)
{
    if (rate <= 0)
        return input;
    nqi_node *node = node_new(graph, &nqi_op_dropout, graph->nodes[input].width);
    node_connect(graph, node, input);
    node->rate = rate;
    return node->index;
}

void nqi_graph_free(nqi_graph *graph)
{
    if (!graph)
        return;
    free(graph->time_table);
    graph->time_table = NULL;
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

double nqi_graph_cost(const nqi_graph *graph)
{
    double cost = 0;
    for (int i = 0; i < graph->param_count; i++)
        cost += 2.0 * (double)graph->params[i].count;
    return cost;
}
