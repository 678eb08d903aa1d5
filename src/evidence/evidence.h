/* evidence.h - what is known of rows x_0: leaves of several kinds, and their products. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_EVIDENCE_EVIDENCE_H
#define NQI_EVIDENCE_EVIDENCE_H

#include <noneq/posterior.h>

#include "core/real.h"
#include "core/text/sentence.h"
#include "diffusion/walk.h"
#include "model/model.h"

typedef struct nqi_evidence_kind nqi_evidence_kind; /* kind.h */
typedef struct nqi_given nqi_given;                 /* given.h */

/* In scaled units, over the model's active coordinates. */
struct nq_evidence {
    const nqi_evidence_kind *kind; /* of a leaf; NULL: a product */
    const nq_model *model;
    size_t targets;
    /* Cells: y, or d of bits, or a weight for each level; NaN: nothing is known. Linear: y. */
    double *value;       /* [targets][laws of the process], or [targets][observations] */
    double *variance;    /* [dim], 0: none; NULL: bits with odds; or [observations] */
    double *known;       /* clamp: [targets][columns] the caller's own cells, else NULL */
    double *range;       /* intervals: [targets][2] scores of their ends, NaN: none; else NULL */
    size_t range_number; /* number of the row with that score */
    double *shift; /* [targets] log r in the data's units less log r in scaled units, or NULL */
    nq_squares squares; /* means of squares of pixels; side 0: none */
    double *a;          /* linear: [observations][dim] */
    size_t observations;
    nq_log_evidence function; /* custom */
    void *user;
    int has_gradient;
    nqi_given *given;          /* [observations] conditions; NULL: none */
    const nq_evidence **parts; /* product: leaves only */
    size_t part_count;
};

nq_status nqi_evidence_new(nq_evidence **out, nq_context *context, const nqi_evidence_kind *kind,
                           const nq_model *model, size_t targets);
/* A column in a sentence (core/sentence.h). */
const char *nqi_evidence_label(char out[NQI_LABEL], const nq_model *model, size_t column);
/* Whether x, no gap, is a value that training rows had, or a number that they could have had. */
int nqi_cell_is_seen(const nq_model *model, size_t column, double x);
/* That a cell cannot be what it is. expected NULL: the value of a training row. */
nq_status nqi_cell_fail(nq_context *context, const nq_model *model, size_t target, size_t column,
                        double found, const char *expected);
/* The known cells of one row of a table of columns of several kinds; NaN is what is asked for, not
 * a gap. */
nq_status nqi_coded_load(nq_evidence *evidence, nq_context *context, const double *row,
                         size_t target);
/* A clamp's scores for row `row` of a walk, [spread], NaN: nothing is known; leaf: its number.
 * Returns what the cells' K adds to those of the scores. */
double nqi_coded_spread(const nq_evidence *leaf, const nqi_walk *walk, size_t target, size_t row,
                        uint32_t number, double *score);
/* The same for an interval: a score held to it, u in (0, 1). */
double nqi_range_spread(const nq_evidence *leaf, size_t target, double u, double *score);
/* Evidence on cells of which nothing is known yet. */
nq_status nqi_levels_new(nq_evidence **out, nq_context *context, const nq_model *model,
                         size_t targets);
/* Weights of the levels of a column, or of that which it follows from. */
nq_status nqi_weights_load(nq_evidence *evidence, nq_context *context, size_t column,
                           const double *weight, size_t target);
/* Scores of the ends of an interval, both infinite where every number is in it; 0: no number is but
 * spikes. */
int nqi_interval_scores(double ends[2], const nqi_code *code, double low, double high);
/* Change of a column's number in a row with its value in the data. */
double nqi_coded_slope(const nqi_scaling *scaling, size_t column);
/* The leaves of evidence: itself, or a product's. */
size_t nqi_evidence_leaves(const nq_evidence *evidence);
const nq_evidence *nqi_evidence_leaf(const nq_evidence *evidence, size_t i);

/* What is known: cells alone; these and means of squares, which also stand in the rows at every
 * level; or other things. */
typedef enum nqi_known { NQI_KNOWN_OTHER, NQI_KNOWN_CELLS, NQI_KNOWN_SQUARES } nqi_known;
nqi_known nqi_evidence_kinds_known(const nq_evidence *evidence);
/* Some means of squares are known. */
int nqi_evidence_has_squares(const nq_evidence *evidence);
/* The rows x of the walk at a level with abar = keep become rows whose squares have the means that
 * are known, diffused with the noise that is in the walk. */
void nqi_squares_place(const nq_evidence *leaf, const nqi_walk *walk, const size_t *target,
                       double keep, double forget);
/* Tells a network (nqi_batch.told) of the squares of a row that lie as in its training: at whole
 * multiples of their side. Numbers of told are ld apart. */
void nqi_squares_tell(const nq_evidence *leaf, size_t target, nqi_real *told, size_t ld);
/* NQ_ERROR_ARGUMENT: a known cell lies in a square whose mean is known. */
nq_status nqi_squares_check(const nq_evidence *evidence, nq_context *context);
/* A leaf that only the twist lookahead can give. */
int nqi_evidence_is_condition(const nq_evidence *evidence);
/* A cell somewhere is known exactly: no other value has r > 0. */
int nqi_evidence_is_exact(const nq_evidence *evidence);
/* What a clamp knows of number i of a block, in scaled units; NaN: nothing. */
double nqi_evidence_known(const nq_evidence *leaf, size_t target, const nqi_block *block,
                          size_t i);
/* Sum of the leaves' shifts. */
double nqi_evidence_shift(const nq_evidence *evidence, size_t target);
/* Puts known cells into a row in the data's units, bit for bit. */
void nqi_evidence_put_known(const nq_evidence *evidence, size_t target, double *row);

#endif
