/* boost.h - the forest of one cell, grown round by round. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_REGRESSOR_FOREST_BOOST_H
#define NQI_REGRESSOR_FOREST_BOOST_H

#include "core/thread/thread.h"
#include "regressor/forest/forest.h"

/* What cells share: rows behind noise, of which the first `learned` grow trees and the others judge
 * them. */
typedef struct nqi_boost {
    const nq_booster *booster;
    void *matrix;
    size_t rows, learned, features;
    double draws; /* of each row of the data, among the learned */
    float *seen;  /* [rows][features] */
    float *truth; /* [cells][rows] x_0; NaN: it is not to be told */
    /* [laws][rows] log-odds of a one, or log of each level, by x_t alone; of numbers what is said
     * of them, and its variance. */
    float *alone, *noise;
} nqi_boost;

typedef struct nqi_boosted_tree {
    size_t first, nodes;
    uint32_t depth;
} nqi_boosted_tree;

typedef struct nqi_boosted {
    size_t outputs, rounds; /* rounds that held-out rows gain by */
    nqi_boosted_tree *tree; /* [rounds and some more][outputs] */
    nqi_forest_node *node;
    size_t trees, nodes, tree_room, node_room;
    nq_status status;
    char reason[160];
} nqi_boosted;

/* Of one cell, on a thread of a pool that may end it; its status says how it went. */
void nqi_boost_cell(nqi_boosted *out, const nqi_boost *boost, size_t item,
                    const nqi_variate *cell, nqi_pool *pool, int thread);
void nqi_boosted_free(nqi_boosted *boosted); /* copes with a zeroed struct */

#endif
