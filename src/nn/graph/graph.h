/* graph.h - a static network: operations in order, their parameters, and a tape to run it on. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_GRAPH_GRAPH_H
#define NQI_NN_GRAPH_GRAPH_H

#include "backend/ops.h"
#include "core/arena.h"
#include "core/real.h"

enum { NQI_GRAPH_NODES = 128, NQI_GRAPH_PARAMS = 128, NQI_PARAM_RANK = 3, NQI_NODE_INPUTS = 2 };

/* A named parameter tensor. Dense parameters stand one after another in the parameter vector;
 * after them come `banks` copies of the banked ones, one bank for each time step, so that a bank is
 * contiguous and a step of training touches few of them. */
typedef struct nqi_param {
    char name[48];
    int rank;
    size_t shape[NQI_PARAM_RANK]; /* of one bank, when banked */
    int banked;
    size_t offset; /* in the dense part, or in a bank */
    size_t count;
} nqi_param;

/* A node whose rows are pictures: channels of height x width pixels, `plane` pixels apart
 * (plane >= height * width: see conv_forward in ops.h). channels 0: it has no pictures. */
typedef struct nqi_map {
    size_t channels, height, width, plane;
} nqi_map;

typedef struct nqi_graph nqi_graph;
typedef struct nqi_tape nqi_tape;
typedef struct nqi_node nqi_node;

/* One kind of operation: what it computes on a microbatch, and the way back. */
typedef struct nqi_op {
    const char *name;
    void (*forward)(const nqi_node *node, nqi_tape *tape);
    /* Adds to parameter gradients; writes or adds to the inputs' gradients through
     * nqi_tape_gradient. */
    void (*backward)(const nqi_node *node, nqi_tape *tape);
    /* For operations of maps that have something to prepare for all pixels of a group of rows, or
     * to gather from them: numbers to keep meanwhile in tape->kept, and what is done before the
     * first pixel and after the last one's way back (end may be NULL). NULL: nothing. */
    size_t (*keeps)(const nqi_node *node, const nqi_graph *graph);
    void (*begin)(const nqi_node *node, nqi_tape *tape);
    void (*end)(const nqi_node *node, nqi_tape *tape);
} nqi_op;

struct nqi_node {
    const nqi_op *op;
    int inputs[NQI_NODE_INPUTS], input_count;
    size_t width; /* numbers of a row, with the room between planes */
    nqi_map map;
    size_t factor;           /* of a change of size */
    int param[2];            /* indices into the graph's parameters */
    nqi_activation activate; /* fused or own activation */
    int has_params;          /* this node or one before it has parameters */
    int has_own;             /* this node has: param[] */
    int spatial;             /* they are used once for each pixel */
    double rate;             /* dropout */
    int index;
};

struct nqi_graph {
    nqi_node nodes[NQI_GRAPH_NODES];
    int node_count;
    nqi_param params[NQI_GRAPH_PARAMS];
    int param_count;
    size_t dense_count;   /* parameters in the dense part */
    size_t bank_size;     /* parameters in one bank */
    size_t banks;         /* time steps T (0: nothing is banked) */
    nqi_real *time_table; /* [T + 1][time_width] features of each step, or NULL */
    size_t time_width, steps;
    nqi_real
        *bump_table; /* [T + 1][bumps] shares of the blended readouts at each step, or NULL */
    size_t bumps;
    int input, output; /* node numbers */
    int features;      /* node that a linear banked readout reads, or -1 */
    double gain;       /* initial weights have deviation gain / sqrt(inputs) */
    int failed;        /* a limit above was hit while building */
};

/* Builders return the new node's number (a full graph sets `failed`). */
int nqi_graph_input(nqi_graph *graph, size_t width);
/* Features of the time step; table[(steps + 1) * width] is owned by the graph from now on. */
int nqi_graph_time(nqi_graph *graph, nqi_real *table, size_t steps, size_t width);
/* activate(W x + b), weight "<name>.weight" [out][in] and "<name>.bias" [out]. */
int nqi_graph_dense(nqi_graph *graph, const char *name, int input, size_t out,
                    nqi_activation activate);
int nqi_graph_activate(nqi_graph *graph, int input, nqi_activation activate);
int nqi_graph_add(nqi_graph *graph, int left, int right);
int nqi_graph_concat(nqi_graph *graph, int left, int right);
/* Normalised radial basis functions: "<name>.centres" [units][in], "<name>.log_width" [units]. */
int nqi_graph_rbf(nqi_graph *graph, const char *name, int input, size_t units);
/* W_t x + b_t with own weights for each of `banks` time steps. */
int nqi_graph_readout(nqi_graph *graph, const char *name, int input, size_t out, size_t banks);
/* In training, zeroes each number with probability `rate` and scales the others up. */
int nqi_graph_dropout(nqi_graph *graph, int input, double rate);

/* Pictures. The input's rows are channels * height * width numbers. */
int nqi_graph_picture(nqi_graph *graph, size_t channels, size_t height, size_t width);
/* A flat node seen as a picture: width must be channels * height * width. Returns it. */
int nqi_graph_as_picture(nqi_graph *graph, int input, size_t channels, size_t height,
                         size_t width);
/* activate(3x3 convolution + b), zero beyond the edges: "<name>.weight" [out][in][9] (lines of the
 * window, then columns), "<name>.bias" [out]. activate: a kind whose slope its value tells (not
 * silu). */
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

void nqi_graph_free(nqi_graph *graph); /* frees what the graph owns, not the struct */

/* All parameters: dense_count + banks * bank_size. */
size_t nqi_graph_parameters(const nqi_graph *graph);
/* Finds a parameter by name; NULL when there is none. */
const nqi_param *nqi_graph_param(const nqi_graph *graph, const char *name);
/* Where a parameter starts in the vector: bank 0 for banked ones. */
size_t nqi_param_position(const nqi_graph *graph, const nqi_param *param);
/* Floating-point operations of one row forward (a multiply-add is two). */
double nqi_graph_cost(const nqi_graph *graph);

/* Runs the maps of a network of pictures, a few rows at a time: run/slab.h. */
typedef struct nqi_slab nqi_slab;

/* The values of one microbatch while a thread works on it. Networks of pictures have only their
 * flat nodes and the output here, for all rows; maps are gone once they have been used. */
struct nqi_tape {
    const nqi_graph *graph;
    const nqi_ops *ops;
    nqi_arena arena;
    size_t ld;                 /* rows that fit; the stride of every array */
    size_t rows;               /* rows in use, a multiple of NQI_LANES */
    size_t group_rows, groups; /* rows that share a time step; rows = groups * group_rows */
    uint32_t *time;            /* [groups] t of each group, 1-based */
    const uint32_t *bank_of;   /* [T + 1] bank that serves time t, or NULL: t - 1 */
    const nqi_real *params;
    nqi_real *value[NQI_GRAPH_NODES]; /* [width][ld] */
    nqi_real *grad[NQI_GRAPH_NODES];  /* NULL where no gradient is kept */
    unsigned char written[NQI_GRAPH_NODES];
    nqi_real *dense_grad;      /* [dense_count], added to; the caller's */
    int fresh;                 /* the next way back overwrites gradients of flat dense layers */
    nqi_real *bank_grad;       /* [groups][bank_size], overwritten; the caller's */
    nqi_real *scratch;         /* for one operation at a time */
    const nqi_stream *dropout; /* NULL: evaluation */
    nqi_real *kept[NQI_GRAPH_NODES]; /* what operations prepared */
    nqi_slab *slab;                  /* or NULL */
};

/* What is done with the output as soon as it is there: of the rows of a group, pixels
 * first..first+count-1 of each plane (all numbers, where there are no maps). */
typedef void nqi_tape_score(void *state, size_t group, size_t first, size_t count);

/* ld: most rows of a microbatch; group_rows: fewest rows of a group. train: 0 forward only, 1
 * gradients of parameters, 2 of the input as well. */
nq_status nqi_tape_new(nqi_tape *out, const nqi_graph *graph, const nqi_ops *ops, size_t ld,
                       size_t group_rows, int train);
void nqi_tape_free(nqi_tape *tape);
/* Fill value[graph->input] and time[], set rows, group_rows, params; then value[graph->output]
 * holds the result. */
void nqi_tape_forward(nqi_tape *tape);
/* Before a way back whose gradients are the first of a sum: empties dense_grad, or what of it will
 * not be overwritten. */
void nqi_tape_clear(nqi_tape *tape);
/* After a forward pass. Fill grad[graph->output] first. */
void nqi_tape_backward(nqi_tape *tape);
/* Both in one, for a tape with gradients: score is called for all of the output, part by part, and
 * fills grad[graph->output] there. Pictures then stay in the cache, and their groups must have
 * group_rows rows as the tape was made. */
void nqi_tape_train(nqi_tape *tape, nqi_tape_score *score, void *state);
/* For operations: the gradient array of an input, or NULL when nobody needs it, and whether to add
 * to it (somebody wrote before). */
nqi_real *nqi_tape_gradient(nqi_tape *tape, int node, int *accumulate);
/* Bank of group g. */
static inline size_t nqi_tape_bank(const nqi_tape *tape, size_t group)
{
    const uint32_t t = tape->time[group];
    return tape->bank_of ? tape->bank_of[t] : t - 1;
}

extern const nqi_op nqi_op_input, nqi_op_time, nqi_op_dense, nqi_op_activate, nqi_op_add,
    nqi_op_concat, nqi_op_rbf, nqi_op_readout, nqi_op_dropout, nqi_op_conv, nqi_op_pixel,
    nqi_op_pool, nqi_op_spread, nqi_op_blend;

#endif
