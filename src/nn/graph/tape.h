/* tape.h - the values of one microbatch while a thread works on it, as operations see them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_GRAPH_TAPE_H
#define NQI_NN_GRAPH_TAPE_H

#include "core/arena.h"
#include "core/thread/thread.h"
#include "nn/graph/op.h"

/* Runs the maps of a network of pictures, a few rows at a time: run/slab.h. */
typedef struct nqi_slab nqi_slab;

/* How times are known, borrowed, and who makes a pass. */
typedef struct nqi_time_maps {
    const uint32_t *trained; /* the step that the network knows t by, or NULL: t itself */
    const uint32_t *bank_of; /* [T + 1] bank that serves such a step t, or NULL: t - 1 */
    nqi_hand hand;           /* whose region may end meanwhile: the pass is left as it is then */
} nqi_time_maps;

/* Networks of pictures have only their flat nodes and the output here, for all rows; maps are gone
 * once they have been used. */
struct nqi_tape {
    const nqi_graph *graph;
    const nqi_ops *ops;
    nqi_arena arena;
    size_t ld;                 /* rows that fit; the stride of every array */
    size_t rows;               /* rows in use, a multiple of NQI_LANES */
    size_t group_rows, groups; /* rows that share a time step; rows = groups * group_rows */
    uint32_t *time;            /* [groups] t of each group, 1-based */
    nqi_time_maps map;
    const nqi_real *params;
    nqi_real *value[NQI_GRAPH_NODES]; /* [width][ld] */
    nqi_real *grad[NQI_GRAPH_NODES];  /* NULL where no gradient is kept */
    unsigned char written[NQI_GRAPH_NODES];
    nqi_real *dense_grad;            /* [dense_count], added to; the caller's; NULL: none */
    int fresh;                       /* the next way back overwrites gradients where it can */
    nqi_real *bank_grad;             /* [groups][bank_size], overwritten; the caller's; or NULL */
    nqi_real *scratch;               /* for one operation at a time */
    const nqi_stream *dropout;       /* NULL: evaluation */
    nqi_real *kept[NQI_GRAPH_NODES]; /* what operations prepared */
    nqi_slab *slab;                  /* or NULL */
};

/* The value of a node's input. */
static inline const nqi_real *nqi_tape_input(const nqi_tape *tape, const nqi_node *node,
                                             int which)
{
    return tape->value[nqi_node_input(tape->graph, node, which)];
}

/* A node's own parameters that are not banked, and their gradient, where that is asked for. */
static inline const nqi_real *nqi_tape_param(const nqi_tape *tape, const nqi_node *node,
                                             int which)
{
    return tape->params + tape->graph->params[node->param[which]].offset;
}
static inline nqi_real *nqi_tape_param_gradient(const nqi_tape *tape, const nqi_node *node,
                                                int which)
{
    return tape->dense_grad + tape->graph->params[node->param[which]].offset;
}

/* The step of group g as the network knows it. */
static inline uint32_t nqi_tape_time(const nqi_tape *tape, size_t group)
{
    const uint32_t t = tape->time[group];
    return tape->map.trained ? tape->map.trained[t] : t;
}

/* What a node's table says of the rows of group g. */
static inline const nqi_real *nqi_tape_step(const nqi_tape *tape, const nqi_node *node, size_t g)
{
    const nqi_step_table *table = &tape->graph->tables[node->table];
    return table->numbers + nqi_tape_time(tape, g) * table->width;
}

/* Bank of group g. */
static inline size_t nqi_tape_bank(const nqi_tape *tape, size_t group)
{
    const uint32_t t = nqi_tape_time(tape, group);
    return tape->map.bank_of ? tape->map.bank_of[t] : t - 1;
}

/* The gradient array of a node's input, or NULL when nobody needs it, and whether to add to it
 * (somebody wrote before). */
static inline nqi_real *nqi_tape_gradient(nqi_tape *tape, const nqi_node *node, int which,
                                          int *accumulate)
{
    const int input = nqi_node_input(tape->graph, node, which);
    *accumulate = tape->written[input];
    tape->written[input] = 1;
    return tape->grad[input];
}

/* Maps plane by plane, for kernels: those of a node, of its gradient, of an input and of that one's
 * gradient, whose address may be NULL (see nqi_tape_gradient). */
static inline nqi_matrix nqi_tape_maps(const nqi_tape *tape, const nqi_node *node)
{
    return (nqi_matrix){tape->value[node->index], node->map.plane * tape->ld};
}
static inline nqi_const_matrix nqi_tape_maps_gradient(const nqi_tape *tape, const nqi_node *node)
{
    return (nqi_const_matrix){tape->grad[node->index], node->map.plane * tape->ld};
}
static inline nqi_const_matrix nqi_tape_input_maps(const nqi_tape *tape, const nqi_node *node,
                                                   int which)
{
    return (nqi_const_matrix){nqi_tape_input(tape, node, which),
                              nqi_node_source(tape->graph, node, which)->map.plane * tape->ld};
}
static inline nqi_matrix nqi_tape_input_maps_gradient(nqi_tape *tape, const nqi_node *node,
                                                      int which, int *accumulate)
{
    return (nqi_matrix){nqi_tape_gradient(tape, node, which, accumulate),
                        nqi_node_source(tape->graph, node, which)->map.plane * tape->ld};
}

#endif
