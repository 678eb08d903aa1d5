/* join.c - two values into one: their sum, or one above the other. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "nn/graph/graph.h"

/* A run of features; all rows of a tape are one run of numbers. */
static void copy_features(const nqi_tape *tape, nqi_real *to, const nqi_real *from, size_t count)
{
    if (tape->rows == tape->ld) {
        memcpy(to, from, count * tape->ld * sizeof *to);
        return;
    }
    for (size_t i = 0; i < count; i++)
        memcpy(to + i * tape->ld, from + i * tape->ld, tape->rows * sizeof *to);
}

static void add_features(const nqi_tape *tape, nqi_real *to, const nqi_real *from, size_t count)
{
    if (tape->rows == tape->ld) {
        tape->ops->vadd(to, from, count * tape->ld);
        return;
    }
    for (size_t i = 0; i < count; i++)
        tape->ops->vadd(to + i * tape->ld, from + i * tape->ld, tape->rows);
}

/* Where an input stands inside the joined value from the start, nothing moves. */
static void pass_features(const nqi_tape *tape, nqi_real *to, const nqi_real *from, size_t count,
                          int accumulate)
{
    if (to == from)
        return;
    if (accumulate)
        add_features(tape, to, from, count);
    else
        copy_features(tape, to, from, count);
}

/* The planes of an input and where they stand in the joined value; a flat value is one plane. A
 * sum has both inputs at the same place. */
typedef struct planes {
    size_t count, length, stride, joined_stride, joined_first;
} planes;

static planes planes_of(const nqi_node *node, const nqi_tape *tape, int which)
{
    const nqi_node *first = &tape->graph->nodes[node->inputs[0]];
    const nqi_node *input = &tape->graph->nodes[node->inputs[which]];
    const int after = which && node->op == &nqi_op_concat;
    if (!node->map.channels)
        return (planes){1, input->width, 0, 0, after ? first->width : 0};
    return (planes){input->map.channels, input->map.height * input->map.width, input->map.plane,
                    node->map.plane, after ? first->map.channels * node->map.plane : 0};
}

static void join_forward(const nqi_node *node, nqi_tape *tape)
{
    for (int which = 0; which < 2; which++) {
        const planes p = planes_of(node, tape, which);
        const int accumulate = which && node->op == &nqi_op_add;
        const nqi_real *from = tape->value[node->inputs[which]];
        nqi_real *to = tape->value[node->index] + p.joined_first * tape->ld;
        for (size_t c = 0; c < p.count; c++)
            pass_features(tape, to + c * p.joined_stride * tape->ld,
                          from + c * p.stride * tape->ld, p.length, accumulate);
    }
}

static void join_backward(const nqi_node *node, nqi_tape *tape)
{
    for (int which = 0; which < 2; which++) {
        const planes p = planes_of(node, tape, which);
        const nqi_real *from = tape->grad[node->index] + p.joined_first * tape->ld;
        int accumulate;
        nqi_real *to = nqi_tape_gradient(tape, node->inputs[which], &accumulate);
        for (size_t c = 0; to && c < p.count; c++)
            pass_features(tape, to + c * p.stride * tape->ld,
                          from + c * p.joined_stride * tape->ld, p.length, accumulate);
    }
}

const nqi_op nqi_op_add = {.name = "add", .forward = join_forward, .backward = join_backward};
const nqi_op nqi_op_concat = {.name = "concat",
                              .forward = join_forward,
                              .backward = join_backward};
