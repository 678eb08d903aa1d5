/* input.c - what enters a network: the rows themselves, and features of the time step. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph/graph.h"

/* The caller fills the value; the gradient, where kept, is the caller's to read. */
static void input_forward(const nqi_node *node, nqi_tape *tape)
{
    (void)node;
    (void)tape;
}

static void time_forward(const nqi_node *node, nqi_tape *tape)
{
    nqi_real *y = tape->value[node->index];
    for (size_t g = 0; g < tape->groups; g++) {
        const nqi_real *features = tape->graph->time_table + tape->time[g] * node->width;
        for (size_t i = 0; i < node->width; i++)
            for (size_t r = 0; r < tape->group_rows; r++)
                y[i * tape->ld + g * tape->group_rows + r] = features[i];
    }
}

static void no_backward(const nqi_node *node, nqi_tape *tape)
{
    (void)node;
    (void)tape;
}

const nqi_op nqi_op_input = {.name = "input", .forward = input_forward, .backward = no_backward};
const nqi_op nqi_op_time = {.name = "time", .forward = time_forward, .backward = no_backward};
