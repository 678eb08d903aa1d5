/* forest.h - sums of regression trees for each cell of a row, and what they believe of a row that
 * is seen through noise.
 *
 * Friedman (2001), Chen and Guestrin (2016): gradient boosting. A forest of a bit, and one for each
 * level of a cell of several, says by how much the log-odds differ from those that x_t alone gives;
 * of a number there are two, for the mean and the log of the variance of the normal law that it has
 * before x_t is seen. A cell without trees is independent of the others. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_REGRESSOR_FOREST_FOREST_H
#define NQI_REGRESSOR_FOREST_FOREST_H

#include <math.h>

#include <noneq/booster.h>

#include "core/context.h"
#include "regressor/regressor.h"

enum {
    NQI_FOREST_HOT = 32,  /* levels of a cell that are features of their own, at most */
    NQI_FOREST_DEPTH = 64 /* of a tree of a file */
};

/* A node as a pass wants it: x < edge leads to `left`, else to the next one. A leaf leads to
 * itself. */
typedef struct nqi_forest_node {
    float edge, value;
    int32_t feature;
    uint32_t left : 31, missing_left : 1;
} nqi_forest_node;

typedef struct nqi_forest_tree {
    size_t first; /* of its nodes */
    uint32_t depth;
    uint32_t output; /* of the row: what it adds to */
} nqi_forest_tree;

typedef struct nqi_forest {
    const nqi_variate *cell; /* [cells] borrowed */
    size_t cells, features, outputs;
    nqi_forest_tree *tree; /* [trees] by output */
    nqi_forest_node *node; /* [nodes] */
    size_t trees, nodes;
} nqi_forest;

/* Of rows of such cells: features, and sums of trees. */
size_t nqi_forest_features(const nqi_variate *cell, size_t cells);
static inline size_t nqi_forest_outputs(const nqi_variate *cell)
{
    return cell->levels > 2 ? cell->levels : cell->levels ? 1 : 2;
}
/* What is known of rows, [features][rows], NaN where it is missing: the time, and of each cell what
 * x_t is and whether it is known for certain. */
void nqi_forest_see(const nqi_variate *cell, size_t cells, const nqi_question *question,
                    float *seen);
/* The law of a number that is normal before x_t is seen, of that mean and log of its variance, when
 * it is: a normal one too. */
typedef struct nqi_forest_normal {
    double mean, precision;
} nqi_forest_normal;
static inline double nqi_forest_spread(double log_variance)
{
    const double narrow = -12, wide = 4;
    return fmin(fmax(log_variance, narrow), wide);
}
static inline nqi_forest_normal nqi_forest_meet(double mean, double log_variance, double said,
                                                double noise)
{
    const double variance = exp(nqi_forest_spread(log_variance)), all = variance + noise;
    return (nqi_forest_normal){(mean * noise + said * variance) / all, all / (variance * noise)};
}
/* Adds a tree to sum[rows]; number f of row r is seen[f * feature + r * row]. */
typedef struct nqi_forest_rows {
    const float *seen;
    size_t rows, feature, row;
} nqi_forest_rows;
void nqi_forest_add(nqi_real *sum, const nqi_forest_node *node, uint32_t depth,
                    const nqi_forest_rows *rows);
/* A tree of `count` nodes as somebody grew it, times `rate`, as `node` and its depth; 0: it is no
 * tree of rows of so many features. */
int nqi_forest_node_take(nqi_forest_node *node, uint32_t *depth, const nq_tree_node *from,
                         size_t count, size_t features, float rate);

/* As one row of numbers. *out is malloc'ed. */
nq_status nqi_forest_pack(nqi_real **out, size_t *count, nq_context *context,
                          const nqi_forest *forest);
/* The forest of such numbers, which may be of any file: NQ_ERROR_FORMAT. */
nq_status nqi_forest_unpack(nqi_forest *out, nq_context *context, const nqi_real *packed,
                            size_t count, const nqi_variate *cell, size_t cells);
void nqi_forest_free(nqi_forest *forest); /* copes with a zeroed struct */

/* A forest of rows behind noise; how many trees each cell has is chosen by rows that are held
 * out. To be freed whatever is returned. */
nq_status nqi_forest_fit(nqi_forest *out, nq_context *context, const nqi_variate *cell,
                         size_t cells, struct nqi_lesson *lesson);

#endif
