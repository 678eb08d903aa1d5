/* graph.h - a static network: nodes in order, and their parameters in one vector. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_GRAPH_GRAPH_H
#define NQI_NN_GRAPH_GRAPH_H

#include "backend/ops.h"
#include "core/real.h"

enum {
    NQI_GRAPH_NODES = 256,
    NQI_GRAPH_LINKS = 512, /* inputs of all nodes together */
    NQI_GRAPH_PARAMS = 128,
    NQI_GRAPH_TABLES = 4,
    NQI_NODE_PARAMS = 4,
    NQI_PARAM_RANK = 3
};

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

/* Numbers that the time step alone decides: [steps + 1][width]. */
typedef struct nqi_step_table {
    nqi_real *numbers;
    size_t steps, width;
} nqi_step_table;

/* Of an operation on some numbers of a row: which, and where what is made of them goes. */
typedef struct nqi_law_place {
    size_t first, count; /* numbers */
    size_t dim;          /* of a row; then as many that say which are known, which absent, ... */
    int roles;           /* ... where there are such */
    size_t output, stride; /* first output; what is between two of one number */
    size_t levels;         /* that stand for numbers too */
} nqi_law_place;

typedef struct nqi_op nqi_op; /* what a node computes: op.h */

typedef struct nqi_node {
    const nqi_op *op;
    int first_link, input_count; /* of the graph's links */
    size_t width;                /* numbers of a row, with the room between planes */
    nqi_map map;
    size_t factor;              /* of a change of size */
    int param[NQI_NODE_PARAMS]; /* indices into the graph's parameters */
    int param_count;            /* its own */
    int table;                  /* index into the graph's tables, where the operation has one */
    nqi_activation activate;    /* fused or own activation */
    int has_params;             /* this node or one before it has parameters */
    int by_step;                /* rows that share a time step have one value */
    int spatial;                /* its own are used once for each pixel */
    nqi_law_place place;        /* where the operation has one */
    double rate;                /* dropout */
    int index;
} nqi_node;

typedef struct nqi_graph {
    nqi_node nodes[NQI_GRAPH_NODES];
    int node_count;
    int links[NQI_GRAPH_LINKS]; /* node numbers: a node's inputs are neighbours here */
    int link_count;
    nqi_param params[NQI_GRAPH_PARAMS];
    int param_count;
    nqi_step_table tables[NQI_GRAPH_TABLES]; /* owned */
    int table_count;
    size_t fixed_count; /* the first parameters that are not trained */
    size_t dense_count; /* parameters in the dense part */
    size_t bank_size;   /* parameters in one bank */
    size_t banks;       /* time steps T (0: nothing is banked) */
    int input, output;  /* node numbers */
    int features;       /* node that a linear banked readout reads, or -1 */
    double gain;        /* initial weights have deviation gain / sqrt(inputs) */
    int failed;         /* a limit above was hit while building */
} nqi_graph;

void nqi_graph_free(nqi_graph *graph); /* frees what the graph owns, not the struct */

/* The number of a node's input, 0 <= which < input_count, and that node. */
static inline int nqi_node_input(const nqi_graph *graph, const nqi_node *node, int which)
{
    return graph->links[node->first_link + which];
}
static inline const nqi_node *nqi_node_source(const nqi_graph *graph, const nqi_node *node,
                                              int which)
{
    return &graph->nodes[nqi_node_input(graph, node, which)];
}

/* A flat node seen as a picture: width must be channels * height * width. Returns it. */
int nqi_graph_as_picture(nqi_graph *graph, int input, size_t channels, size_t height,
                         size_t width);

/* All parameters: dense_count + banks * bank_size. */
size_t nqi_graph_parameters(const nqi_graph *graph);
/* Finds a parameter by name; NULL when there is none. */
const nqi_param *nqi_graph_param(const nqi_graph *graph, const char *name);
/* Where a parameter starts in the vector: bank 0 for banked ones. */
size_t nqi_param_position(const nqi_graph *graph, const nqi_param *param);
/* Floating-point operations of one row forward (a multiply-add is two), of one node and of all. */
double nqi_node_cost(const nqi_graph *graph, const nqi_node *node);
double nqi_graph_cost(const nqi_graph *graph);

#endif
