/* op_pool.c - smaller maps by means over windows, and larger ones by the nearest pixel. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "nn/graph.h"

/* `small` is what pooling `large` gives: the two operations are the ways between them. */
static void shrink(const nqi_tape *tape, nq_real *to, const nqi_map *small, const nq_real *from,
                   const nqi_map *large, size_t factor, int mean, int accumulate)
{
    tape->ops->pool(to, small->plane * tape->ld, from, large->plane * tape->ld, small->channels,
                    large->height, large->width, factor, tape->ld, mean, accumulate);
}

static void enlarge(const nqi_tape *tape, nq_real *to, const nqi_map *large, const nq_real *from,
                    const nqi_map *small, size_t factor, int mean, int accumulate)
{
    tape->ops->unpool(to, large->plane * tape->ld, from, small->plane * tape->ld, small->channels,
                      large->height, large->width, factor, tape->ld, mean, accumulate);
}

static void pool_forward(const nqi_node *node, nqi_tape *tape)
{
    shrink(tape, tape->value[node->index], &node->map, tape->value[node->inputs[0]],
           &tape->graph->nodes[node->inputs[0]].map, node->factor, 1, 0);
}

static void pool_backward(const nqi_node *node, nqi_tape *tape)
{
    int accumulate;
    nq_real *dx = nqi_tape_gradient(tape, node->inputs[0], &accumulate);
    if (dx)
        enlarge(tape, dx, &tape->graph->nodes[node->inputs[0]].map, tape->grad[node->index],
                &node->map, node->factor, 1, accumulate);
}

static void unpool_forward(const nqi_node *node, nqi_tape *tape)
{
    enlarge(tape, tape->value[node->index], &node->map, tape->value[node->inputs[0]],
            &tape->graph->nodes[node->inputs[0]].map, node->factor, 0, 0);
}

static void unpool_backward(const nqi_node *node, nqi_tape *tape)
{
    int accumulate;
    nq_real *dx = nqi_tape_gradient(tape, node->inputs[0], &accumulate);
    if (dx)
        shrink(tape, dx, &tape->graph->nodes[node->inputs[0]].map, tape->grad[node->index],
               &node->map, node->factor, 0, accumulate);
}

const nqi_op nqi_op_pool = {"pool", pool_forward, pool_backward};
const nqi_op nqi_op_unpool = {"unpool", unpool_forward, unpool_backward};
