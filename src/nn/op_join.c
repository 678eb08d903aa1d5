/* op_join.c - two values into one: their sum, or one above the other. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "nn/graph.h"

static void copy_rows(const nqi_tape *tape, nq_real *to, const nq_real *from, size_t width)
{
    for (size_t i = 0; i < width; i++)
        memcpy(to + i * tape->ld, from + i * tape->ld, tape->rows * sizeof *to);
}

static void add_rows(const nqi_tape *tape, nq_real *to, const nq_real *from, size_t width)
{
    for (size_t i = 0; i < width; i++)
        tape->ops->vadd(to + i * tape->ld, from + i * tape->ld, tape->rows);
}

/* Hands dy on to one input. */
static void pass_back(nqi_tape *tape, int input, const nq_real *dy)
{
    int accumulate;
    nq_real *dx = nqi_tape_gradient(tape, input, &accumulate);
    const size_t width = tape->graph->nodes[input].width;
    if (dx && accumulate)
        add_rows(tape, dx, dy, width);
    else if (dx)
        copy_rows(tape, dx, dy, width);
}

static void add_forward(const nqi_node *node, nqi_tape *tape)
{
    copy_rows(tape, tape->value[node->index], tape->value[node->inputs[0]], node->width);
    add_rows(tape, tape->value[node->index], tape->value[node->inputs[1]], node->width);
}

static void add_backward(const nqi_node *node, nqi_tape *tape)
{
    pass_back(tape, node->inputs[0], tape->grad[node->index]);
    pass_back(tape, node->inputs[1], tape->grad[node->index]);
}

static void concat_forward(const nqi_node *node, nqi_tape *tape)
{
    const size_t first = tape->graph->nodes[node->inputs[0]].width;
    nq_real *y = tape->value[node->index];
    copy_rows(tape, y, tape->value[node->inputs[0]], first);
    copy_rows(tape, y + first * tape->ld, tape->value[node->inputs[1]], node->width - first);
}

static void concat_backward(const nqi_node *node, nqi_tape *tape)
{
    const size_t first = tape->graph->nodes[node->inputs[0]].width;
    pass_back(tape, node->inputs[0], tape->grad[node->index]);
    pass_back(tape, node->inputs[1], tape->grad[node->index] + first * tape->ld);
}

const nqi_op nqi_op_add = {"add", add_forward, add_backward};
const nqi_op nqi_op_concat = {"concat", concat_forward, concat_backward};
