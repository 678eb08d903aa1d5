/* dropout.c - in training, drops each number with a fixed probability. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

enum { DROPOUT_CHUNK = 64 };

/* to = mask * from / (1 - rate), the mask drawn anew from its counter, so that backward needs no
 * memory of it; node and feature number the draws. */
static void apply_mask(const nqi_node *node, const nqi_tape *tape, nqi_real *to,
                       const nqi_real *from, int accumulate)
{
    const nqi_real keep = (nqi_real)(1 / (1 - node->rate));
    const uint32_t threshold = (uint32_t)(node->rate * 4294967296.0);
    const size_t chunks = (tape->rows + DROPOUT_CHUNK - 1) / DROPOUT_CHUNK;
    for (size_t i = 0; i < node->width; i++)
        for (size_t c = 0; c < chunks; c++) {
            uint32_t bits[DROPOUT_CHUNK];
            const uint64_t draw = ((uint64_t)node->index << 20) + i * chunks + c;
            tape->ops->random_bits(bits, tape->dropout, draw * DROPOUT_CHUNK, DROPOUT_CHUNK);
            const size_t first = i * tape->ld + c * DROPOUT_CHUNK;
            const size_t left = tape->rows - c * DROPOUT_CHUNK;
            for (size_t r = 0; r < DROPOUT_CHUNK && r < left; r++) {
                const nqi_real scaled = bits[r] < threshold ? 0 : keep * from[first + r];
                to[first + r] = accumulate ? to[first + r] + scaled : scaled;
            }
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
                                  .keeps_pixels = 1};

int nqi_graph_dropout(nqi_graph *graph, int input, double rate)
{
    if (rate <= 0)
        return input;
    nqi_node *node = nqi_node_like(graph, &op_dropout, input);
    node->rate = rate;
    return node->index;
}
