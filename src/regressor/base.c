/* base.c - what outputs start from, or are: a normal law, a regressor without a gradient. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "nn/graph/build.h"
#include "nn/op/layers.h"
#include "regressor/regressor.h"

nq_status nqi_base_part(int *out, nqi_graph *graph, nq_context *context,
                        const nqi_regressor_shape *shape)
{
    const size_t numbers = (shape->steps + 1) * sizeof(nqi_normal_step) / sizeof(nqi_real);
    *out = -1;
    if (!shape->normal)
        return NQ_OK;
    nqi_real *table = malloc(numbers * sizeof *table);
    if (!table)
        return nqi_fail_memory(context, "a normal law", numbers * sizeof *table);
    memcpy(table, shape->normal, numbers * sizeof *table);
    const nqi_normal_part part = {.place = shape->normal_place,
                                  .outputs = shape->outputs,
                                  .steps = shape->steps,
                                  .table = table};
    *out = nqi_graph_normal(graph, "base", graph->input, &part);
    return NQ_OK;
}

void nqi_numbers_part(nqi_graph *graph, const nqi_regressor_shape *shape, const char *name)
{
    const size_t numbers[NQI_PARAM_RANK] = {shape->numbers};
    nqi_graph_input(graph, shape->seen);
    graph->output = nqi_graph_given(graph, shape->outputs);
    nqi_node_param(graph, &graph->nodes[graph->output], name, "numbers", 0, numbers);
}

int nqi_base_add(nqi_graph *graph, int base, int outputs)
{
    return base < 0 ? outputs : nqi_graph_add(graph, outputs, base);
}
