/* base.c - the normal law that a network's outputs start from. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
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

int nqi_base_add(nqi_graph *graph, int base, int outputs)
{
    return base < 0 ? outputs : nqi_graph_add(graph, outputs, base);
}
