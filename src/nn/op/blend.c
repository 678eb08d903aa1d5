/* blend.c - readouts within each pixel, blended by bumps of the time step ([SD15] D.2). The
 * blend of the weights is the blend of the outputs, and rows that share t share it: it is made once
 * for all of their pixels, and costs no more than one readout. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

/* What is kept: the readout of the rows' time, and the sum of its gradient. */
typedef struct blend {
    nqi_dense_size size;        /* rows: pixels and rows are alike */
    nqi_real *weights, *bias;   /* [out][in] and [out] */
    nqi_real *dweights, *dbias; /* the same */
} blend;

static blend blend_parts(const nqi_node *node, const nqi_tape *tape)
{
    const nqi_map *map = &node->map;
    const size_t in = nqi_node_source(tape->graph, node, 0)->map.channels, out = map->channels;
    blend b = {.size = {out, in, map->height * map->width * tape->ld}};
    b.weights = tape->kept[node->index];
    b.bias = b.weights + out * in;
    b.dweights = b.bias + out;
    b.dbias = b.dweights + out * in;
    return b;
}

static size_t blend_keeps(const nqi_node *node, const nqi_graph *graph)
{
    return 2 * node->map.channels * (nqi_node_source(graph, node, 0)->map.channels + 1);
}

static void blend_begin(const nqi_node *node, nqi_tape *tape)
{
    const size_t bumps = tape->graph->tables[node->table].width;
    const blend b = blend_parts(node, tape);
    const nqi_real *share = nqi_tape_step(tape, node, 0);
    const size_t out = b.size.out, count = out * b.size.in;
    const nqi_real *w = nqi_tape_param(tape, node, 0);
    const nqi_real *bias = nqi_tape_param(tape, node, 1);
    memset(b.weights, 0, 2 * (count + out) * sizeof *b.weights);
    for (size_t j = 0; j < bumps; j++) {
        for (size_t i = 0; i < count; i++)
            b.weights[i] += share[j] * w[j * count + i];
        for (size_t i = 0; i < out; i++)
            b.bias[i] += share[j] * bias[j * out + i];
    }
}

/* Hands the gradient of the readout to its bumps. */
static void blend_end(const nqi_node *node, nqi_tape *tape)
{
    const size_t bumps = tape->graph->tables[node->table].width;
    const blend b = blend_parts(node, tape);
    const nqi_real *share = nqi_tape_step(tape, node, 0);
    const size_t out = b.size.out, count = out * b.size.in;
    nqi_real *dw = nqi_tape_param_gradient(tape, node, 0);
    nqi_real *dbias = nqi_tape_param_gradient(tape, node, 1);
    for (size_t j = 0; j < bumps; j++) {
        for (size_t i = 0; i < count; i++)
            dw[j * count + i] += share[j] * b.dweights[i];
        for (size_t i = 0; i < out; i++)
            dbias[j * out + i] += share[j] * b.dbias[i];
    }
}

static void blend_forward(const nqi_node *node, nqi_tape *tape)
{
    const blend b = blend_parts(node, tape);
    tape->ops->dense.forward(nqi_tape_maps(tape, node), (nqi_const_matrix){b.weights, b.size.in},
                             b.bias, nqi_tape_input_maps(tape, node, 0), b.size, 0);
}

static void blend_backward(const nqi_node *node, nqi_tape *tape)
{
    const blend b = blend_parts(node, tape);
    const nqi_const_matrix dy = nqi_tape_maps_gradient(tape, node);
    int accumulate;
    tape->ops->dense.backward_weight((nqi_matrix){b.dweights, b.size.in}, b.dbias, dy,
                                     nqi_tape_input_maps(tape, node, 0), b.size, 1,
                                     tape->scratch);
    const nqi_matrix dx = nqi_tape_input_maps_gradient(tape, node, 0, &accumulate);
    if (dx.at)
        tape->ops->dense.backward_input(dx, (nqi_const_matrix){b.weights, b.size.in}, dy, b.size,
                                        accumulate);
}

/* Only the blend works. */
static double blend_cost(const nqi_node *node, const nqi_graph *graph)
{
    const nqi_map *map = &node->map;
    const size_t in = nqi_node_source(graph, node, 0)->map.channels;
    return 2 * (double)(map->channels * (in + 1) * map->height * map->width);
}

static const nqi_op op_blend = {.name = "blend",
                                .forward = blend_forward,
                                .backward = blend_backward,
                                .keeps = blend_keeps,
                                .begin = blend_begin,
                                .end = blend_end,
                                .of_maps = 1,
                                .keeps_pixels = 1,
                                .in_strips = 1,
                                .cost = blend_cost};

int nqi_graph_blend(nqi_graph *graph, const char *name, int input, size_t out, nqi_real *table,
                    size_t bumps, size_t steps)
{
    const nqi_map *in = &graph->nodes[input].map;
    nqi_node *node = nqi_node_new(graph, &op_blend, out * in->height * in->width);
    node->map = (nqi_map){out, in->height, in->width, in->height * in->width};
    nqi_node_connect(graph, node, input);
    nqi_node_param(graph, node, name, "weight", 0, (size_t[]){bumps, out, in->channels});
    nqi_node_param(graph, node, name, "bias", 0, (size_t[]){bumps, out, 0});
    nqi_node_table(graph, node, table, steps, bumps);
    node->spatial = 1;
    return node->index;
}
