/* build.h - what the builders of nodes share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_GRAPH_BUILD_H
#define NQI_NN_GRAPH_BUILD_H

#include "nn/graph/op.h"

/* An empty node at the end of the graph. A full graph sets `failed`, as all of these do. */
nqi_node *nqi_node_new(nqi_graph *graph, const nqi_op *op, size_t width);
/* One of pictures, with room between planes. */
nqi_node *nqi_map_new(nqi_graph *graph, const nqi_op *op, size_t channels, size_t height,
                      size_t width);
/* One that is shaped as its input. */
nqi_node *nqi_node_like(nqi_graph *graph, const nqi_op *op, int input);
/* One more input of a node, the last one or an earlier. */
void nqi_node_connect(nqi_graph *graph, nqi_node *node, int input);
/* "<name>.<part>" becomes a node's next parameter, of up to three extents (0: fewer). */
void nqi_node_param(nqi_graph *graph, nqi_node *node, const char *name, const char *part,
                    int banked, const size_t shape[NQI_PARAM_RANK]);
/* Numbers [(steps + 1) * width], owned by the graph from now on, become a node's table. */
void nqi_node_table(nqi_graph *graph, nqi_node *node, nqi_real *numbers, size_t steps,
                    size_t width);

#endif
