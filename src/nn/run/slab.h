/* slab.h - a slab: some rows of a microbatch whose maps fit the cache, run strip by strip. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_RUN_SLAB_H
#define NQI_NN_RUN_SLAB_H

#include "nn/run/run.h"
#include "nn/run/stages.h"

struct nqi_slab {
    nqi_stages stages;
    nqi_tape body;   /* body nodes, and copies of the flat ones that are read */
    nqi_graph strip; /* the graph with its tail on maps of one strip of pixels */
    nqi_tape tail;   /* tail nodes on a strip; those that it reads point into the body */
    size_t pixels;   /* of a strip, at most; 0: there is no tail */
};

/* What to do with the output, and whether to go back. */
typedef struct nqi_pass {
    nqi_tape_score *score; /* or NULL */
    void *state;
    int gradient;
} nqi_pass;

/* For `rows` rows at a time of the tape `outer`; train as for nqi_tape_new. */
nq_status nqi_slab_new(nqi_slab **out, const nqi_tape *outer, const nqi_stages *stages,
                       size_t rows, int train);
void nqi_slab_free(nqi_slab *slab);
/* Rows first..first+rows-1 of the outer tape: from its flat values to its output, and with
 * pass->gradient back from its output's gradient to the flat nodes' and the parameters'. */
void nqi_slab_run(nqi_slab *slab, nqi_tape *outer, size_t first, const nqi_pass *pass);

#endif
