/* residual.c - dense residual blocks with the time step as an input. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "core/context.h"
#include "nn/op/layers.h"
#include "regressor/regressor.h"

int nqi_roles_part(nqi_graph *graph, const nqi_regressor_shape *shape)
{
    return shape->roles ? nqi_graph_part(graph, graph->input,
                                         shape->seen - shape->told - shape->roles, shape->roles)
                        : -1;
}

int nqi_roles_gate(nqi_graph *graph, const char *name, int x, int roles, int step)
{
    if (roles < 0)
        return x;
    const size_t width = graph->nodes[x].width;
    char of_step[48];
    snprintf(of_step, sizeof of_step, "%s.time", name);
    const int by_roles = nqi_graph_dense(graph, name, roles, width, NQI_IDENTITY);
    const int by_step = nqi_graph_dense(graph, of_step, step, width, NQI_IDENTITY);
    return nqi_graph_gate(graph, x, nqi_graph_add(graph, by_roles, by_step));
}

int nqi_residual_gate(nqi_graph *graph, const nqi_residual_part *of, const char *name, int x)
{
    const size_t width = graph->nodes[x].width;
    if (of->roles >= 0 || !of->gated)
        return nqi_roles_gate(graph, name, x, of->roles, of->features);
    return nqi_graph_gate(graph, x,
                          nqi_graph_dense(graph, name, of->features, width, NQI_IDENTITY));
}

/* h + W2 act(W1 act(h) + E features(t)): the step enters every block as a bias. */
static int build_block(nqi_graph *graph, const nqi_residual_part *of, int number, int h)
{
    char name[32];
    snprintf(name, sizeof name, "block%d.in", number);
    int x = nqi_graph_activate(graph, h, of->activation);
    x = nqi_graph_dense(graph, name, x, of->width, NQI_IDENTITY);
    snprintf(name, sizeof name, "block%d.time", number);
    x = nqi_graph_add(graph, x,
                      nqi_graph_dense(graph, name, of->features, of->width, NQI_IDENTITY));
    x = nqi_graph_activate(graph, x, of->activation);
    snprintf(name, sizeof name, "block%d.gate", number);
    x = nqi_residual_gate(graph, of, name, x);
    x = nqi_graph_dropout(graph, x, of->dropout);
    snprintf(name, sizeof name, "block%d.out", number);
    return nqi_graph_add(graph, h, nqi_graph_dense(graph, name, x, of->width, NQI_IDENTITY));
}

nq_status nqi_hidden_equal(nq_context *context, const size_t *widths, int layers)
{
    for (int i = 1; i < layers; i++)
        if (widths[i] != widths[0])
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "hidden layers: with t as an input all widths must be equal "
                            "(residual blocks), but %zu follows %zu",
                            widths[i], widths[0]);
    return NQ_OK;
}

int nqi_residual_layers(nqi_graph *graph, const nqi_residual_part *of)
{
    int h = nqi_graph_dense(graph, "input", of->seen, of->width, NQI_IDENTITY);
    h = nqi_graph_add(graph, h,
                      nqi_graph_dense(graph, "time", of->features, of->width, NQI_IDENTITY));
    for (int i = 1; i < of->layers; i++)
        h = build_block(graph, of, i, h);
    h = nqi_graph_activate(graph, h, of->activation);
    if (of->gated)
        h = nqi_residual_gate(graph, of, "gate", h);
    return nqi_graph_dropout(graph, h, of->dropout);
}
