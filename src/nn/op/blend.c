/* blend.c - readouts within each pixel, blended by bumps of the time step ([SD15] D.2). The
 * blend of the weights is the blend of the outputs, and rows that share t share it: it is made once
 * for all of their pixels, and costs no more than one readout. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "nn/graph/graph.h"

/* What is kept: the readout of the rows' time, and the sum of its gradient. */
typedef struct blend {
    size_t in, out, rows;       /* rows: pixels and rows are alike */
    nqi_real *weights, *bias;   /* [out][in] and [out] */
    nqi_real *dweights, *dbias; /* the same */
} blend;

static blend blend_parts(const nqi_node *node, const nqi_tape *tape)
{
    const nqi_map *map = &node->map;
    blend b = {.in = tape->graph->nodes[node->inputs[0]].map.channels,
               .out = map->channels,
               .rows = map->height * map->width * tape->ld};
    b.weights = tape->kept[node->index];
    b.bias = b.weights + b.out * b.in;
    b.dweights = b.bias + b.out;
    b.dbias = b.dweights + b.out * b.in;
    return b;
}

static size_t blend_keeps(const nqi_node *node, const nqi_graph *graph)
{
    return 2 * node->map.channels * (graph->nodes[node->inputs[0]].map.channels + 1);
}

static void blend_begin(const nqi_node *node, nqi_tape *tape)
{
    const nqi_graph *graph = tape->graph;
    const blend b = blend_parts(node, tape);
    const nqi_real *share = graph->bump_table + tape->time[0] * graph->bumps;
    const size_t count = b.out * b.in;
    const nqi_real *w = tape->params + graph->params[node->param[0]].offset;
    const nqi_real *bias = tape->params + graph->params[node->param[1]].offset;
    memset(b.weights, 0, 2 * (count + b.out) * sizeof *b.weights);
    for (size_t j = 0; j < graph->bumps; j++) {
        for (size_t i = 0; i < count; i++)
            b.weights[i] += share[j] * w[j * count + i];
        for (size_t i = 0; i < b.out; i++)
            b.bias[i] += share[j] * bias[j * b.out + i];
    }
}

/* Hands the gradient of the readout to its bumps. */
static void blend_end(const nqi_node *node, nqi_tape *tape)
{
    const nqi_graph *graph = tape->graph;
    const blend b = blend_parts(node, tape);
    const nqi_real *share = graph->bump_table + tape->time[0] * graph->bumps;
    const size_t count = b.out * b.in;
    nqi_real *dw = tape->dense_grad + graph->params[node->param[0]].offset;
    nqi_real *dbias = tape->dense_grad + graph->params[node->param[1]].offset;
    for (size_t j = 0; j < graph->bumps; j++) {
        for (size_t i = 0; i < count; i++)
            dw[j * count + i] += share[j] * b.dweights[i];
        for (size_t i = 0; i < b.out; i++)
            dbias[j * b.out + i] += share[j] * b.dbias[i];
    }
}

static void blend_forward(const nqi_node *node, nqi_tape *tape)
{
    const blend b = blend_parts(node, tape);
    const size_t plane = tape->graph->nodes[node->inputs[0]].map.plane;
    tape->ops->dense_forward(tape->value[node->index], node->map.plane * tape->ld, b.weights,
                             b.in, b.bias, tape->value[node->inputs[0]], plane * tape->ld, b.out,
                             b.in, b.rows, 0);
}

static void blend_backward(const nqi_node *node, nqi_tape *tape)
{
    const blend b = blend_parts(node, tape);
    const size_t plane = tape->graph->nodes[node->inputs[0]].map.plane;
    const nqi_real *dy = tape->grad[node->index];
    int accumulate;
    tape->ops->dense_backward_weight(b.dweights, b.in, b.dbias, dy, node->map.plane * tape->ld,
                                     tape->value[node->inputs[0]], plane * tape->ld, b.out, b.in,
                                     b.rows, 1, tape->scratch);
    nqi_real *dx = nqi_tape_gradient(tape, node->inputs[0], &accumulate);
    if (dx)
        tape->ops->dense_backward_input(dx, plane * tape->ld, b.weights, b.in, dy,
                                        node->map.plane * tape->ld, b.out, b.in, b.rows,
                                        accumulate);
}

const nqi_op nqi_op_blend = {.name = "blend",
                             .forward = blend_forward,
                             .backward = blend_backward,
                             .keeps = blend_keeps,
                             .begin = blend_begin,
                             .end = blend_end};
