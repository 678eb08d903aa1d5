/* tape_layout.h - how much memory a tape takes, and which arrays may share it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_TAPE_LAYOUT_H
#define NQI_NN_TAPE_LAYOUT_H

#include "nn/graph.h"

/* Elements that the most demanding operation wants as scratch. */
size_t nqi_graph_scratch(const nqi_graph *graph, const nqi_ops *ops, size_t ld,
                         size_t group_rows);

/* Arrays of numbers per row that nodes take turns with. */
typedef struct nqi_layout {
    int slot[NQI_GRAPH_NODES];     /* of each node */
    size_t width[NQI_GRAPH_NODES]; /* of each slot: its widest node */
    int slots;
} nqi_layout;

/* For a forward pass: a node's array is free after its last reader. Input and output keep
 * theirs. */
void nqi_layout_share(nqi_layout *out, const nqi_graph *graph);

#endif
