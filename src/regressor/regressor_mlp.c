/* regressor_mlp.c - dense layers, with a readout per time step or the time step as an input. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "nn/op/layers.h"
#include "regressor/regressor.h"

/* [SD15] D.1: layer after layer, then own readout weights for each step. */
static void build_per_step(nqi_graph *graph, const nqi_regressor_shape *shape,
                           const size_t *widths, int layers, nqi_activation activation)
{
    int x = graph->input;
    for (int i = 0; i < layers; i++) {
        char name[32];
        snprintf(name, sizeof name, "hidden%d", i + 1);
        x = nqi_graph_dense(graph, name, x, widths[i], activation);
        x = nqi_graph_dropout(graph, x, shape->dropout);
    }
    graph->output = nqi_graph_readout(graph, "readout", x, shape->outputs, shape->steps);
}

/* One wide layer from the rows to the outputs: where rows are few or wide it learns what the blocks
 * learn too late. */
static int wide_part(nqi_graph *graph, const nqi_residual_part *of, size_t width, size_t outputs)
{
    int x = nqi_graph_dense(graph, "wide", of->seen, width, NQI_IDENTITY);
    x = nqi_graph_add(graph, x,
                      nqi_graph_dense(graph, "wide.time", of->features, width, NQI_IDENTITY));
    x = nqi_graph_activate(graph, x, of->activation);
    x = nqi_residual_gate(graph, of, "wide.gate", x);
    x = nqi_graph_dropout(graph, x, of->dropout);
    return nqi_graph_dense(graph, "readout.wide", x, outputs, NQI_IDENTITY);
}

static nq_status build_embedding(nqi_graph *graph, nq_context *context,
                                 const nqi_regressor_shape *shape, const size_t *widths,
                                 int layers, size_t wide, nqi_activation activation)
{
    size_t width;
    int base;
    nq_status status = nqi_hidden_equal(context, widths, layers);
    if (status || (status = nqi_base_part(&base, graph, context, shape)))
        return status;
    nqi_real *table = nqi_time_features(shape, &width);
    if (!table)
        return nqi_fail_memory(context, "features of the time steps", shape->steps * width);
    nqi_residual_part of = {.layers = layers,
                            .width = widths[0],
                            .activation = activation,
                            .dropout = shape->dropout,
                            .gated = wide > 0};
    of.features = nqi_graph_time(graph, table, shape->steps, width);
    of.seen =
        shape->expansion ? nqi_graph_expand(graph, graph->input, shape->expansion) : graph->input;
    of.roles = nqi_roles_part(graph, shape);
    const int h = nqi_residual_layers(graph, &of);
    int own = nqi_graph_dense(graph, "readout", h, shape->outputs, NQI_IDENTITY);
    if (wide)
        own = nqi_graph_add(graph, own, wide_part(graph, &of, wide, shape->outputs));
    graph->output = nqi_base_add(graph, base, own);
    return NQ_OK;
}

static nq_status mlp_build(nqi_graph *graph, nq_context *context,
                           const nqi_regressor_shape *shape, const nq_model_options *options)
{
    size_t widths[NQI_HIDDEN_LAYERS];
    int layers;
    const size_t wide = options->wide > 0 ? (size_t)options->wide : 0;
    nqi_activation activation;
    nq_status status;
    if ((status = nqi_widths_parse(widths, &layers, context, "hidden", options->hidden)) ||
        (status = nqi_activation_parse(&activation, context, options->activation)))
        return status;
    if (wide && strcmp(options->readout, "embedding") != 0)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "\036wide %zu: expected \036readout embedding, found %s", wide,
                        options->readout);
    nqi_graph_input(graph, shape->seen);
    /* A sigmoid's slope is at most 1/4; without this, three layers of them start out constant
     * (heartbeat, 12,000 updates: K = -2.50 bits with a gain of 2, -2.43 with 4). */
    graph->gain = activation == NQI_SIGMOID ? 4 : 1;
    if (!strcmp(options->readout, "per-step"))
        build_per_step(graph, shape, widths, layers, activation);
    else if (!strcmp(options->readout, "embedding"))
        return build_embedding(graph, context, shape, widths, layers, wide, activation);
    else
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "unknown readout \"%s\": expected per-step or embedding",
                        options->readout);
    return NQ_OK;
}

const nqi_regressor_type nqi_regressor_mlp = {.name = "mlp",
                                              .options = " hidden wide activation readout base ",
                                              .readout = "embedding",
                                              .takes_roles = 1,
                                              .build = mlp_build};
