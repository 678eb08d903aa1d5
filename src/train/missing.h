/* missing.h - training rows with missing cells: the cells are drawn from the model as it learns.
 *
 * As in a Monte Carlo EM (Wei & Tanner 1990) missing cells are drawn again and again from the
 * model's own posterior given the observed ones. What is maximised is the part of K that belongs
 * to observed cells, E sum_t sum_{i observed} KL_i(t): the reverse step of a cell is learned from
 * rows in which it was observed, given the others, drawn or not. (Training on the drawn cells too
 * would have the model confirm itself: docs/posterior.md.) At the start a missing cell gets an
 * observed value of its column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_MISSING_H
#define NQI_TRAIN_MISSING_H

#include "diffusion/model.h"

enum { NQI_MISSING_JUMPS = 5 }; /* times that each stretch of a posterior path is walked */

typedef struct nqi_missing {
    const nq_dataset *source; /* the data with its gaps */
    nq_dataset *filled;       /* the same rows, completed; own memory */
    uint64_t *rows;           /* [count] rows with gaps */
    size_t count, cells;      /* rows with gaps; missing cells in all */
    int64_t next;             /* position in rows of the next one to draw anew */
    int64_t rounds;
} nqi_missing;

/* For data without gaps: count 0 and nothing else. A column without any value is refused. */
nq_status nqi_missing_new(nqi_missing *out, nq_context *context, const nq_dataset *source,
                          uint64_t seed);
void nqi_missing_free(nqi_missing *missing);
/* Marks of rows of the training set, feature-major like the batch: 1 observed, 0 missing. */
void nqi_missing_mark(const nqi_missing *missing, const nqi_scaling *scaling,
                      const uint64_t *rows, size_t count, nq_real *observed, size_t stride);
/* Draws the gaps of the next `rows` incomplete rows (at most all) from the model's posterior. */
nq_status nqi_missing_redraw(nqi_missing *missing, nq_context *context, const nq_model *model,
                             size_t rows, uint64_t seed);
/* The rows of a hold-out set that have no gaps, as a set of their own; NULL when they are fewer
 * than `least`. */
nq_status nqi_complete_rows(nq_dataset **out, nq_context *context, const nq_dataset *data,
                            size_t least);

#endif
