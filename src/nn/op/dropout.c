/* dropout.c - in training, drops each number with a fixed probability. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

/* to = mask * from / (1 - rate), the mask drawn anew from its counter, so that backward needs no
 * memory of it; each node has a stream of its own, addressed by row. */
static void apply_mask(const nqi_node *node, const nqi_tape *tape, nqi_real *to,
                       const nqi_real *from, int accumulate)
{
    const nqi_real keep = (nqi_real)(1 / (1 - node->rate));
    const uint32_t threshold = (uint32_t)(node->rate * 4294967296.0);
    const nqi_stream stream = nqi_stream_child(tape->dropout, (uint32_t)node->index);
    uint32_t *bits = (uint32_t *)(void *)tape->scratch;
    tape->ops->random.bits_rows(bits, tape->rows, &stream, tape->rows, node->width);
    for (size_t i = 0; i < node->width; i++)
        for (size_t r = 0; r < tape->rows; r++) {
            const size_t j = i * tape->ld + r;
            const nqi_real scaled = bits[i * tape->rows + r] < threshold ? 0 : keep * from[j];
            to[j] = accumulate ? to[j] + scaled : scaled;
        }
}

static void copy_all(const nqi_node *node, const nqi_tape *tape, nqi_real *to,
                     const nqi_real *from)
{
    for (size_t i = 0; i < node->width; i++)
        memcpy(to + i * tape->ld, from + i * tape->ld, tape->rows * sizeof *to);
}

static void dropout_forward(const nqi_node *node, nqi_tape *tape)
{
    nqi_real *y = tape->value[node->index];
    const nqi_real *x = nqi_tape_input(tape, node, 0);
    if (tape->dropout)
        apply_mask(node, tape, y, x, 0);
    else
        copy_all(node, tape, y, x);
}

static void dropout_backward(const nqi_node *node, nqi_tape *tape)
{
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node, 0, &accumulate);
    if (!dx)
        return;
    if (tape->dropout)
        apply_mask(node, tape, dx, tape->grad[node->index], accumulate);
    else if (!accumulate)
        copy_all(node, tape, dx, tape->grad[node->index]);
    else
        for (size_t i = 0; i < node->width; i++)
            tape->ops->vadd(dx + i * tape->ld, tape->grad[node->index] + i * tape->ld,
                            tape->rows);
}

static const nqi_op op_dropout = {.name = "dropout",
                                  .forward = dropout_forward,
                                  .backward = dropout_backward,
                                  .differs = 1,
                                  .keeps_pixels = 1};

int nqi_graph_dropout(nqi_graph *graph, int input, double rate)
{
    if (rate <= 0)
        return input;
    nqi_node *node = nqi_node_like(graph, &op_dropout, input);
    node->rate = rate;
    return node->index;
}
