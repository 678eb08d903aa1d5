/* op_activate.c - a function of each number: sigmoid, tanh, ... */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph.h"

/* A full microbatch is one contiguous run; a shorter one is done feature by feature. */
static size_t run_length(const nqi_tape *tape, size_t width, size_t *runs)
{
    *runs = tape->rows == tape->ld ? 1 : width;
    return tape->rows == tape->ld ? width * tape->ld : tape->rows;
}

static void activate_forward(const nqi_node *node, nqi_tape *tape)
{
    size_t runs;
    const size_t n = run_length(tape, node->width, &runs);
    const nq_real *x = tape->value[node->inputs[0]];
    nq_real *y = tape->value[node->index];
    for (size_t i = 0; i < runs; i++)
        tape->ops->activate(node->activate, y + i * tape->ld, x + i * tape->ld, n);
}

static void activate_backward(const nqi_node *node, nqi_tape *tape)
{
    int accumulate;
    nq_real *dx = nqi_tape_gradient(tape, node->inputs[0], &accumulate);
    if (!dx)
        return;
    size_t runs;
    const size_t n = run_length(tape, node->width, &runs);
    const nq_real *x = tape->value[node->inputs[0]], *y = tape->value[node->index];
    const nq_real *dy = tape->grad[node->index];
    for (size_t i = 0; i < runs; i++) {
        const size_t at = i * tape->ld;
        tape->ops->activate_backward(node->activate, dx + at, dy + at, x + at, y + at, n,
                                     accumulate);
    }
}

const nqi_op nqi_op_activate = {"activate", activate_forward, activate_backward};
