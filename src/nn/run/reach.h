/* reach.h - how far a pixel of a network's output looks, and the same network at another size. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_RUN_REACH_H
#define NQI_NN_RUN_REACH_H

#include "nn/graph/graph.h"

/* A part of a picture that starts at a multiple of `multiple` gives the output of the whole picture
 * but within `margin` pixels of its cut edges. Where the part ends between two multiples, the
 * margin counts from the last one. */
typedef struct nqi_reach {
    size_t multiple, margin;
} nqi_reach;

/* 1, or 0 (and a reach of nothing) when a pixel looks at the whole picture (dense layers). */
int nqi_graph_reach(nqi_reach *out, const nqi_graph *graph);
/* The same network for pictures of another size, of which nqi_graph_reach must be 1. It shares the
 * tables of `graph`: it must not outlive it, and is not freed. */
void nqi_graph_resize(nqi_graph *out, const nqi_graph *graph, size_t height, size_t width);

#endif
