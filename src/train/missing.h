/* missing.h - training rows with missing cells: the cells are drawn from the model as it learns.
 *
 * A Monte Carlo EM (Wei & Tanner 1990): what is maximised is the bound on completed rows,
 * E[ K(x_observed, x_missing) ], x_missing drawn from the model's own posterior. At the start a
 * missing cell gets an observed value of its column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_MISSING_H
#define NQI_TRAIN_MISSING_H

#include "diffusion/model.h"

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
/* Draws the gaps of the next `rows` incomplete rows (at most all) from the model's posterior. */
nq_status nqi_missing_redraw(nqi_missing *missing, nq_context *context, const nq_model *model,
                             size_t rows, uint64_t seed);
/* The rows of a hold-out set that have no gaps, as a set of their own; NULL when they are fewer
 * than `least`. */
nq_status nqi_complete_rows(nq_dataset **out, nq_context *context, const nq_dataset *data,
                            size_t least);

#endif
