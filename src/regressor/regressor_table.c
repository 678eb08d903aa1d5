/* regressor_table.c - a wide shallow network for tables: each layer adds to what stands there. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>

#include "core/context.h"
#include "nn/op/layers.h"
#include "regressor/regressor.h"

/* h + act(W h + V e(t)), and where cells have roles h + act(W h + V e(t)) (1 + G [roles, e(t)]) */
static int add_layer(nqi_graph *graph, const nqi_regressor_shape *shape, int number, int h,
                     int step, int roles, size_t width, nqi_activation activation)
{
    char name[32];
    snprintf(name, sizeof name, "layer%d", number);
    int x = nqi_graph_dense(graph, name, h, width, NQI_IDENTITY);
    snprintf(name, sizeof name, "layer%d.time", number);
    x = nqi_graph_add(graph, x, nqi_graph_dense(graph, name, step, width, NQI_IDENTITY));
    x = nqi_graph_activate(graph, x, activation);
    snprintf(name, sizeof name, "layer%d.gate", number);
    x = nqi_roles_gate(graph, name, x, roles, step);
    return nqi_graph_add(graph, h, nqi_graph_dropout(graph, x, shape->dropout));
}

/* What the step alone says is added to the outputs: it need not go through the layers. */
static int build_layers(nqi_graph *graph, const nqi_regressor_shape *shape, int features,
                        size_t width, int layers, nqi_activation activation)
{
    enum { STEP_WIDTH = 64 };
    const int seen =
        shape->expansion ? nqi_graph_expand(graph, graph->input, shape->expansion) : graph->input;
    const int step = nqi_graph_dense(graph, "step", features, STEP_WIDTH, activation);
    const int roles = nqi_roles_part(graph, shape);
    int h = nqi_graph_dense(graph, "input", seen, width, NQI_IDENTITY);
    for (int i = 1; i <= layers; i++)
        h = add_layer(graph, shape, i, h, step, roles, width, activation);
    const int said = nqi_graph_dense(graph, "readout", h, shape->outputs, NQI_IDENTITY);
    const int always = nqi_graph_dense(graph, "readout.step", step, shape->outputs, NQI_IDENTITY);
    return nqi_graph_add(graph, said, always);
}

static nq_status table_build(nqi_graph *graph, nq_context *context,
                             const nqi_regressor_shape *shape, const nq_model_options *options)
{
    size_t widths[NQI_HIDDEN_LAYERS], width;
    int layers, base;
    nqi_activation activation;
    nq_status status;
    if ((status = nqi_widths_parse(widths, &layers, context, "hidden", options->hidden)) ||
        (status = nqi_hidden_equal(context, widths, layers)) ||
        (status = nqi_activation_parse(&activation, context, options->activation)))
        return status;
    nqi_real *table = nqi_time_features(shape, &width);
    if (!table)
        return nqi_fail_memory(context, "features of the time steps", shape->steps * width);
    nqi_graph_input(graph, shape->seen);
    graph->gain = 1;
    if ((status = nqi_base_part(&base, graph, context, shape))) {
        free(table);
        return status;
    }
    const int features = nqi_graph_time(graph, table, shape->steps, width);
    const int own = build_layers(graph, shape, features, widths[0], layers, activation);
    graph->output = nqi_base_add(graph, base, own);
    return NQ_OK;
}

const nqi_regressor_type nqi_regressor_table = {.name = "table",
                                                .options = " hidden activation base ",
                                                .hidden = "256,256,256",
                                                .hidden_few = "128,128,128",
                                                .few_rows = 10000,
                                                .readout = "embedding",
                                                .takes_roles = 1,
                                                .build = table_build};
