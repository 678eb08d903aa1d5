/* build.h - what the builders of nodes share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_GRAPH_BUILD_H
#define NQI_NN_GRAPH_BUILD_H

#include "nn/graph/graph.h"

/* An empty node at the end of the graph. */
nqi_node *nqi_node_new(nqi_graph *graph, const nqi_op *op, size_t width);
/* One of pictures, with room between planes. */
nqi_node *nqi_map_new(nqi_graph *graph, const nqi_op *op, size_t channels, size_t height,
                      size_t width);
void nqi_node_connect(nqi_graph *graph, nqi_node *node, int input);
/* "<name>.<part>" of up to three extents (0: fewer); returns its number. */
int nqi_param_new(nqi_graph *graph, const char *name, const char *part, int banked, size_t first,
                  size_t second, size_t third);

#endif
