/* stages.h - the three stages in which a network of pictures is run. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_RUN_STAGES_H
#define NQI_NN_RUN_STAGES_H

#include "nn/graph/tape.h"

/* Layers of a flat network want many rows at once, as their weights are read for each microbatch.
 * Maps want few, or they leave the cache. What happens within each pixel wants few pixels too:
 * none of its values need to be anywhere but in the cache. */
typedef enum nqi_stage {
    NQI_FLAT, /* all rows of the microbatch */
    NQI_BODY, /* maps that look at neighbouring pixels, a few rows at a time */
    NQI_TAIL  /* what works within each pixel, up to the output: a strip of pixels at a time */
} nqi_stage;

typedef struct nqi_stages {
    unsigned char of[NQI_GRAPH_NODES];      /* the stage of each node */
    unsigned char crosses[NQI_GRAPH_NODES]; /* a flat node that body or tail read */
    unsigned char feeds[NQI_GRAPH_NODES];   /* a flat or body node that the tail reads */
} nqi_stages;

void nqi_stages_find(nqi_stages *out, const nqi_graph *graph);

/* Runs a node. Backward does so where its gradient was written. */
void nqi_node_forward(nqi_tape *tape, int node);
void nqi_node_backward(nqi_tape *tape, int node);
/* The nodes of one stage, in order, and back. */
void nqi_stage_forward(nqi_tape *tape, const nqi_stages *stages, nqi_stage stage);
void nqi_stage_backward(nqi_tape *tape, const nqi_stages *stages, nqi_stage stage);

#endif
