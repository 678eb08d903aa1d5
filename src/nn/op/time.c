/* time.c - features of the time step. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

static void time_forward(const nqi_node *node, nqi_tape *tape)
{
    nqi_real *y = tape->value[node->index];
    for (size_t g = 0; g < tape->groups; g++) {
        const nqi_real *features = nqi_tape_step(tape, node, g);
        for (size_t i = 0; i < node->width; i++)
            for (size_t r = 0; r < tape->group_rows; r++)
                y[i * tape->ld + g * tape->group_rows + r] = features[i];
    }
}

static const nqi_op op_time = {.name = "time", .forward = time_forward};

int nqi_graph_time(nqi_graph *graph, nqi_real *table, size_t steps, size_t width)
{
    nqi_node *node = nqi_node_new(graph, &op_time, width);
    node->by_step = 1;
    nqi_node_table(graph, node, table, steps, width);
    return node->index;
}
