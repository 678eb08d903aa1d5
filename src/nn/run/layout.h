/* layout.h - how much memory a tape takes, and which arrays may share it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_RUN_LAYOUT_H
#define NQI_NN_RUN_LAYOUT_H

#include "nn/run/stages.h"

/* Arrays of numbers per row that nodes take turns with. */
typedef struct nqi_layout {
    int slot[NQI_GRAPH_NODES];     /* of each node; -1: it has none */
    size_t width[NQI_GRAPH_NODES]; /* of each slot: its widest node */
    int slots;
} nqi_layout;

/* For the body and what it reads, forward only: a node's array is free after its last reader,
 * unless the tail reads it or it is the output. */
void nqi_layout_share(nqi_layout *out, const nqi_graph *graph, const nqi_stages *stages);
/* Their gradients, for a tape made with `train`. */
void nqi_layout_share_gradients(nqi_layout *out, const nqi_graph *graph, const nqi_stages *stages,
                                int train);
/* Where there is a way back, every value is kept for it. */
void nqi_layout_whole(nqi_layout *out, const nqi_graph *graph, const nqi_stages *stages);

/* Whether a tape made with `train` keeps the gradient of a node. */
int nqi_tape_keeps_gradient(const nqi_graph *graph, int node, int train);

/* Elements that the most demanding operation of a stage wants as scratch. */
size_t nqi_graph_scratch(const nqi_graph *graph, const nqi_stages *stages, nqi_stage stage,
                         const nqi_ops *ops, size_t ld);

#endif
