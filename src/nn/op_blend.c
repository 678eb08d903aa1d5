/* op_blend.c - readouts within each pixel, blended by bumps of the time step ([SD15] D.2). The
 * blend of the weights is the blend of the outputs, and rows that share t share it, so that it
 * costs no more than one readout. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "nn/graph.h"

/* Where the pieces of the scratch memory are. */
typedef struct blend {
    size_t in, out, pixels, rows; /* rows of a group */
    nq_real *weights, *bias;      /* of the group's time, [out][in] and [out] */
    nq_real *packed_x, *packed_y; /* [in], [out][pixels][rows], where a group is not all rows */
    nq_real *rest;
} blend;

static blend blend_parts(const nqi_node *node, const nqi_tape *tape)
{
    const nqi_map *map = &node->map;
    blend b = {.in = tape->graph->nodes[node->inputs[0]].map.channels,
               .out = map->channels,
               .pixels = map->height * map->width,
               .rows = tape->group_rows};
    const size_t weights = (b.out * (b.in + 1) + 15) / 16 * 16;
    b.weights = tape->scratch;
    b.bias = b.weights + b.out * b.in;
    b.packed_x = b.weights + weights;
    b.packed_y = b.packed_x + b.in * b.pixels * b.rows;
    b.rest = b.packed_y + b.out * b.pixels * b.rows;
    return b;
}

/* The readout of group g, into b->weights and b->bias. */
static void mix(const nqi_node *node, const nqi_tape *tape, const blend *b, size_t g)
{
    const nqi_graph *graph = tape->graph;
    const nq_real *share = graph->bump_table + tape->time[g] * graph->bumps;
    const size_t count = b->out * b->in;
    const nq_real *w = tape->params + graph->params[node->param[0]].offset;
    const nq_real *bias = tape->params + graph->params[node->param[1]].offset;
    memset(b->weights, 0, (count + b->out) * sizeof *b->weights);
    for (size_t j = 0; j < graph->bumps; j++) {
        for (size_t i = 0; i < count; i++)
            b->weights[i] += share[j] * w[j * count + i];
        for (size_t i = 0; i < b->out; i++)
            b->bias[i] += share[j] * bias[j * b->out + i];
    }
}

/* Rows of one group between an array of maps and a packed one. */
static void pack(const nqi_tape *tape, nq_real *packed, const nq_real *maps, size_t plane,
                 size_t channels, const blend *b)
{
    for (size_t c = 0; c < channels; c++)
        for (size_t p = 0; p < b->pixels; p++)
            memcpy(packed + (c * b->pixels + p) * b->rows, maps + (c * plane + p) * tape->ld,
                   b->rows * sizeof *packed);
}

static void unpack(const nqi_tape *tape, nq_real *maps, const nq_real *packed, size_t plane,
                   size_t channels, const blend *b, int accumulate)
{
    for (size_t c = 0; c < channels; c++)
        for (size_t p = 0; p < b->pixels; p++) {
            nq_real *to = maps + (c * plane + p) * tape->ld;
            const nq_real *from = packed + (c * b->pixels + p) * b->rows;
            if (accumulate)
                tape->ops->vadd(to, from, b->rows);
            else
                memcpy(to, from, b->rows * sizeof *to);
        }
}

static void blend_forward(const nqi_node *node, nqi_tape *tape)
{
    const blend b = blend_parts(node, tape);
    const size_t plane = tape->graph->nodes[node->inputs[0]].map.plane;
    const size_t rows = b.pixels * b.rows;
    for (size_t g = 0; g < tape->groups; g++) {
        const nq_real *x = tape->value[node->inputs[0]] + g * b.rows;
        nq_real *y = tape->value[node->index] + g * b.rows;
        mix(node, tape, &b, g);
        if (b.rows == tape->ld) {
            tape->ops->dense_forward(y, rows, b.weights, b.in, b.bias, x, plane * tape->ld, b.out,
                                     b.in, rows, 0);
            continue;
        }
        pack(tape, b.packed_x, x, plane, b.in, &b);
        tape->ops->dense_forward(b.packed_y, rows, b.weights, b.in, b.bias, b.packed_x, rows,
                                 b.out, b.in, rows, 0);
        unpack(tape, y, b.packed_y, b.pixels, b.out, &b, 0);
    }
}

/* Hands the gradient of a group's readout, in b->weights and b->bias, to its bumps. */
static void unmix(const nqi_node *node, const nqi_tape *tape, const blend *b, size_t g)
{
    const nqi_graph *graph = tape->graph;
    const nq_real *share = graph->bump_table + tape->time[g] * graph->bumps;
    const size_t count = b->out * b->in;
    nq_real *dw = tape->dense_grad + graph->params[node->param[0]].offset;
    nq_real *dbias = tape->dense_grad + graph->params[node->param[1]].offset;
    for (size_t j = 0; j < graph->bumps; j++) {
        for (size_t i = 0; i < count; i++)
            dw[j * count + i] += share[j] * b->weights[i];
        for (size_t i = 0; i < b->out; i++)
            dbias[j * b->out + i] += share[j] * b->bias[i];
    }
}

static void blend_backward(const nqi_node *node, nqi_tape *tape)
{
    const blend b = blend_parts(node, tape);
    const size_t plane = tape->graph->nodes[node->inputs[0]].map.plane;
    const size_t rows = b.pixels * b.rows;
    int accumulate;
    nq_real *dx = nqi_tape_gradient(tape, node->inputs[0], &accumulate);
    for (size_t g = 0; g < tape->groups; g++) {
        pack(tape, b.packed_x, tape->value[node->inputs[0]] + g * b.rows, plane, b.in, &b);
        pack(tape, b.packed_y, tape->grad[node->index] + g * b.rows, b.pixels, b.out, &b);
        memset(b.weights, 0, b.out * (b.in + 1) * sizeof *b.weights);
        tape->ops->dense_backward_weight(b.weights, b.in, b.bias, b.packed_y, rows, b.packed_x,
                                         rows, b.out, b.in, rows, b.rest);
        unmix(node, tape, &b, g);
        if (!dx)
            continue;
        mix(node, tape, &b, g);
        tape->ops->dense_backward_input(b.packed_x, rows, b.weights, b.in, b.packed_y, rows,
                                        b.out, b.in, rows, 0);
        unpack(tape, dx + g * b.rows, b.packed_x, plane, b.in, &b, accumulate);
    }
}

const nqi_op nqi_op_blend = {"blend", blend_forward, blend_backward};
