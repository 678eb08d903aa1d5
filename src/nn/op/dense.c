/* dense.c - y = W x + b. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

/* Of an input that the step alone decides, one row of each group will do. These are kept side by
 * side in the scratch, `ld` apart and zero beyond the groups. */
typedef struct groups {
    size_t in, ld;          /* ld: groups, in whole vectors */
    nqi_real *x, *y, *rest; /* [in], [out] and 2 [in] of them */
} groups;

static size_t groups_ld(size_t count)
{
    return (count + NQI_LANES - 1) / NQI_LANES * NQI_LANES;
}

/* Whether that is less work. */
static int has_groups(const nqi_node *node, const nqi_tape *tape)
{
    return nqi_node_source(tape->graph, node, 0)->by_step && groups_ld(tape->groups) < tape->rows;
}

static nqi_const_matrix weight_of(const nqi_node *node, const nqi_tape *tape)
{
    return (nqi_const_matrix){nqi_tape_param(tape, node, 0),
                              nqi_node_source(tape->graph, node, 0)->width};
}

/* db, dW += (or =) dy x^T, where that is asked for. */
static void weight_backward(const nqi_node *node, nqi_tape *tape, nqi_const_matrix dy,
                            nqi_const_matrix x, nqi_dense_size size, nqi_real *scratch)
{
    if (!tape->dense_grad)
        return;
    const nqi_matrix dw = {nqi_tape_param_gradient(tape, node, 0), size.in};
    tape->ops->dense.backward_weight(dw, nqi_tape_param_gradient(tape, node, 1), dy, x, size,
                                     !tape->fresh, scratch);
}

static groups groups_take(const nqi_node *node, nqi_tape *tape)
{
    groups g = {.in = nqi_node_source(tape->graph, node, 0)->width,
                .ld = groups_ld(tape->groups),
                .x = tape->scratch};
    const nqi_real *x = nqi_tape_input(tape, node, 0);
    g.y = g.x + g.in * g.ld;
    g.rest = g.y + node->width * g.ld;
    memset(g.x, 0, g.in * g.ld * sizeof *g.x);
    for (size_t i = 0; i < g.in; i++)
        for (size_t k = 0; k < tape->groups; k++)
            g.x[i * g.ld + k] = x[i * tape->ld + k * tape->group_rows];
    return g;
}

static void groups_forward(const nqi_node *node, nqi_tape *tape)
{
    const groups g = groups_take(node, tape);
    nqi_real *y = tape->value[node->index];
    tape->ops->dense.forward((nqi_matrix){g.y, g.ld}, weight_of(node, tape),
                             nqi_tape_param(tape, node, 1), (nqi_const_matrix){g.x, g.ld},
                             (nqi_dense_size){node->width, g.in, g.ld}, 0);
    for (size_t i = 0; i < node->width; i++)
        for (size_t k = 0; k < tape->groups; k++)
            for (size_t r = 0; r < tape->group_rows; r++)
                y[i * tape->ld + k * tape->group_rows + r] = g.y[i * g.ld + k];
}

/* What flows into rows of one value counts as their sum: a group's first row takes it. */
static void groups_give(const groups *g, nqi_tape *tape, nqi_real *dx, int accumulate)
{
    for (size_t i = 0; i < g->in; i++, dx += tape->ld) {
        if (!accumulate)
            memset(dx, 0, tape->rows * sizeof *dx);
        for (size_t k = 0; k < tape->groups; k++)
            dx[k * tape->group_rows] += g->rest[i * g->ld + k];
    }
}

static void groups_backward(const nqi_node *node, nqi_tape *tape)
{
    const groups g = groups_take(node, tape);
    const nqi_dense_size size = {node->width, g.in, g.ld};
    const nqi_const_matrix y = {g.y, g.ld}, x = {g.x, g.ld};
    const nqi_real *dy = tape->grad[node->index];
    memset(g.y, 0, node->width * g.ld * sizeof *g.y);
    for (size_t i = 0; i < node->width; i++)
        for (size_t k = 0; k < tape->groups; k++)
            for (size_t r = 0; r < tape->group_rows; r++)
                g.y[i * g.ld + k] += dy[i * tape->ld + k * tape->group_rows + r];
    weight_backward(node, tape, y, x, size, g.rest + g.in * g.ld);
    int accumulate;
    nqi_real *dx = nqi_tape_gradient(tape, node, 0, &accumulate);
    if (!dx)
        return;
    tape->ops->dense.backward_input((nqi_matrix){g.rest, g.ld}, weight_of(node, tape), y, size,
                                    0);
    groups_give(&g, tape, dx, accumulate);
}

static nqi_dense_size size_of(const nqi_node *node, const nqi_tape *tape)
{
    const size_t in = nqi_node_source(tape->graph, node, 0)->width;
    return (nqi_dense_size){node->width, in, tape->rows};
}

static void dense_forward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_matrix y = {tape->value[node->index], tape->ld};
    const nqi_const_matrix x = {nqi_tape_input(tape, node, 0), tape->ld};
    if (has_groups(node, tape)) {
        groups_forward(node, tape);
        return;
    }
    tape->ops->dense.forward(y, weight_of(node, tape), nqi_tape_param(tape, node, 1), x,
                             size_of(node, tape), 0);
}

static void dense_backward(const nqi_node *node, nqi_tape *tape)
{
    const nqi_dense_size size = size_of(node, tape);
    const nqi_const_matrix dy = {tape->grad[node->index], tape->ld};
    const nqi_const_matrix x = {nqi_tape_input(tape, node, 0), tape->ld};
    if (has_groups(node, tape)) {
        groups_backward(node, tape);
        return;
    }
    weight_backward(node, tape, dy, x, size, tape->scratch);
    int accumulate;
    const nqi_matrix dx = {nqi_tape_gradient(tape, node, 0, &accumulate), tape->ld};
    if (dx.at)
        tape->ops->dense.backward_input(dx, weight_of(node, tape), dy, size, accumulate);
}

static size_t dense_scratch(const nqi_node *node, const nqi_graph *graph, const nqi_ops *ops,
                            size_t ld)
{
    const nqi_node *input = nqi_node_source(graph, node, 0);
    (void)ops;
    return input->by_step ? (3 * input->width + node->width) * groups_ld(ld / NQI_LANES) : 0;
}

/* Microbatches of training have four groups: the least that a kernel computes is a quarter of
 * them. */
static double dense_cost(const nqi_node *node, const nqi_graph *graph)
{
    const nqi_node *input = nqi_node_source(graph, node, 0);
    const double cost = 2 * (double)node->width * ((double)input->width + 1);
    return input->by_step ? cost / 4 : cost;
}

static const nqi_op op_dense = {.name = "dense",
                                .forward = dense_forward,
                                .backward = dense_backward,
                                .overwrites = 1,
                                .scratch = dense_scratch,
                                .cost = dense_cost};

int nqi_graph_dense(nqi_graph *graph, const char *name, int input, size_t out,
                    nqi_activation activate)
{
    const size_t in = graph->nodes[input].width;
    nqi_node *node = nqi_node_new(graph, &op_dense, out);
    nqi_node_connect(graph, node, input);
    nqi_node_param(graph, node, name, "weight", 0, (size_t[]){out, in, 0});
    nqi_node_param(graph, node, name, "bias", 0, (size_t[]){out, 0, 0});
    return activate == NQI_IDENTITY ? node->index
                                    : nqi_graph_activate(graph, node->index, activate);
}
