/* op.h - one kind of operation: what it computes, the way back, and what it is like. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_GRAPH_OP_H
#define NQI_NN_GRAPH_OP_H

#include "nn/graph/graph.h"

typedef struct nqi_tape nqi_tape;

/* What is known of a node's map near a cut edge of the input. */
typedef struct nqi_edge {
    int is_map;    /* depends on the picture */
    size_t stride; /* pixels of the input between its pixels */
    size_t lost;   /* pixels of the input that the wrong part is wide */
} nqi_edge;

/* An operation declares itself in its own file, and whoever runs a network asks it here: nobody
 * compares addresses or names. What is left out is 0 or NULL. */
struct nqi_op {
    const char *name;
    void (*forward)(const nqi_node *node, nqi_tape *tape);
    /* Adds to parameter gradients; writes or adds to the inputs' gradients through
     * nqi_tape_gradient. NULL: nothing goes back. */
    void (*backward)(const nqi_node *node, nqi_tape *tape);
    /* Rows whose inputs are equal may get different values. */
    int differs;
    /* The way back overwrites the parameters' gradients where tape->fresh. */
    int overwrites;

    /* Elements of scratch that it wants besides its value and what its weights' gradients
     * transpose. */
    size_t (*scratch)(const nqi_node *node, const nqi_graph *graph, const nqi_ops *ops,
                      size_t ld);
    /* For operations of maps that have something to prepare for all pixels of a group of rows, or
     * to gather from them: numbers to keep meanwhile in tape->kept, and what is done before the
     * first pixel and after the last one's way back (end may be NULL). NULL: nothing. */
    size_t (*keeps)(const nqi_node *node, const nqi_graph *graph);
    void (*begin)(const nqi_node *node, nqi_tape *tape);
    void (*end)(const nqi_node *node, nqi_tape *tape);

    /* Where its rows are pictures, it is run as one of maps, a few rows at a time (stages.h), even
     * when it reads flat nodes alone. Others then stay flat. */
    int of_maps;
    /* A pixel of its output comes from the same pixel of its inputs, ... */
    int keeps_pixels;
    /* ... whichever it is: some of the pixels may be run without the others. */
    int in_strips;
    /* Its value is those of its inputs one above the other: an input that is made there need not be
     * copied. */
    int stacks;

    /* The edge, which is that of all inputs together, as the output has it; `first` is that of
     * input 0. NULL: it stays where keeps_pixels, and else each pixel looks at all of them. */
    void (*reach)(nqi_edge *edge, const nqi_node *node, const nqi_edge *first);
    /* Pixels along a side of its output, from those of input 0. NULL: as many. */
    size_t (*side)(const nqi_node *node, size_t side);
    /* As nqi_node_cost. NULL: a multiply-add of each parameter, for each pixel where spatial. */
    double (*cost)(const nqi_node *node, const nqi_graph *graph);
};

#endif
