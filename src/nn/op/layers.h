/* layers.h - builders of nodes, one for each operation; each stands in its operation's file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_OP_LAYERS_H
#define NQI_NN_OP_LAYERS_H

#include "nn/graph/graph.h"

/* All return the new node's number (a full graph sets `failed`). */

/* The rows themselves: the first node of a graph. */
int nqi_graph_input(nqi_graph *graph, size_t width);
/* Rows of pictures: channels * height * width numbers. */
int nqi_graph_picture(nqi_graph *graph, size_t channels, size_t height, size_t width);
/* What rows of levels look like to what follows: a number as it is, a level as a 1 among zeroes,
 * with its place on a line where levels have an order. */
typedef struct nqi_expansion {
    const size_t *levels;  /* of each number of a row; 0: it is a number */
    const nqi_real *place; /* of each level in turn; NaN: those of this number have no order */
    size_t absent; /* > 0: number i is no level where number absent + i of the row is not 0 */
} nqi_expansion;
int nqi_graph_expand(nqi_graph *graph, int input, const nqi_expansion *expansion);
/* What a normal law of some numbers says of x_0, as outputs. */
typedef struct nqi_normal_part {
    nqi_law_place place;
    size_t outputs, steps;
    nqi_real *table; /* [steps + 1] of nqi_normal_step; owned by the graph from now on */
} nqi_normal_part;
/* Parameters, the first of a graph, which are not trained: "<name>.mean" [count] and
 * "<name>.covariance" [count][count] of x_0; "<name>.level" [count][3], the number of a row that
 * says whether one counts (-1: none), what it is then, and what it is of a known one that does not;
 * "<name>.place" [levels + 1][4], of a level that stands for a number: which of the law, its place
 * there, its output, and what that is multiplied by. The input has numbers, and where there are
 * roles known and absent ones. */
int nqi_graph_normal(nqi_graph *graph, const char *name, int input, const nqi_normal_part *part);
/* Numbers that are added by whoever runs the graph; zero until then. */
int nqi_graph_given(nqi_graph *graph, size_t width);
/* x (1 + gate), number by number; both of one width, flat. */
int nqi_graph_gate(nqi_graph *graph, int input, int gate);
/* A flat node's rows, in front of which its first `count` numbers stand once more where the next
 * `count` of them are 1, and 0 where those are 0; pictures stay pictures. */
int nqi_graph_reveal(nqi_graph *graph, int input, size_t count);
/* Numbers first..first+count-1 of a flat node. */
int nqi_graph_part(nqi_graph *graph, int input, size_t first, size_t count);
/* Features of the time step; table[(steps + 1) * width] is owned by the graph from now on. */
int nqi_graph_time(nqi_graph *graph, nqi_real *table, size_t steps, size_t width);
/* activate(W x + b), weight "<name>.weight" [out][in] and "<name>.bias" [out]. */
int nqi_graph_dense(nqi_graph *graph, const char *name, int input, size_t out,
                    nqi_activation activate);
int nqi_graph_activate(nqi_graph *graph, int input, nqi_activation activate);
/* The sum of nodes of one shape, count >= 1. */
int nqi_graph_add_all(nqi_graph *graph, const int *inputs, int count);
int nqi_graph_add(nqi_graph *graph, int left, int right);
/* One above the other, count >= 1: flat nodes, or pictures of one size. */
int nqi_graph_concat_all(nqi_graph *graph, const int *inputs, int count);
int nqi_graph_concat(nqi_graph *graph, int left, int right);
/* Normalised radial basis functions: "<name>.centres" [units][in], "<name>.log_width" [units]. */
int nqi_graph_rbf(nqi_graph *graph, const char *name, int input, size_t units);
/* W_t x + b_t with own weights for each of `banks` time steps. */
int nqi_graph_readout(nqi_graph *graph, const char *name, int input, size_t out, size_t banks);
/* In training, zeroes each number with probability `rate` and scales the others up. */
int nqi_graph_dropout(nqi_graph *graph, int input, double rate);

/* Of pictures. activate(3x3 convolution + b), zero beyond the edges: "<name>.weight" [out][in][9]
 * (lines of the window, then columns), "<name>.bias" [out]. activate: a kind whose slope its value
 * tells (not silu). */
int nqi_graph_conv(nqi_graph *graph, const char *name, int input, size_t out,
                   nqi_activation activate);
/* The same plus `coarse`, a map of `out` channels and half the size (rounded up), enlarged to the
 * nearest pixel: one step of a sum over scales. */
int nqi_graph_conv_over(nqi_graph *graph, const char *name, int input, int coarse);
/* activate(W x + b) at each pixel alone, with parameters as nqi_graph_dense. */
int nqi_graph_pixel(nqi_graph *graph, const char *name, int input, size_t out,
                    nqi_activation activate);
/* Adds to a pixel node that is not activated, at all pixels, a flat value of as many numbers, which
 * must come from the time step alone. */
void nqi_graph_pixel_shift(nqi_graph *graph, int pixel, int flat);
/* Means over windows of factor x factor pixels (fewer at the far edges). */
int nqi_graph_pool(nqi_graph *graph, int input, size_t factor);
/* A number for each channel added to all of its pixels. */
int nqi_graph_spread(nqi_graph *graph, int picture, int flat);
/* sum_j g_j(t) (W_j x + b_j) at each pixel ([SD15] eq. 69): "<name>.weight" [bumps][out][in],
 * "<name>.bias" [bumps][out]. table[(steps + 1) * bumps], owned by the graph from now on, has the
 * g_j. */
int nqi_graph_blend(nqi_graph *graph, const char *name, int input, size_t out, nqi_real *table,
                    size_t bumps, size_t steps);

#endif
