/* missing.h - rows with missing cells: which they are, and the same rows completed.
 *
 * At first a missing cell holds an observed value of its column; draws given the row's observed
 * cells take its place (filler.h). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_GAP_MISSING_H
#define NQI_TRAIN_GAP_MISSING_H

#include "core/real.h"
#include "model/model.h"
#include "train/checkpoint/field.h"

typedef struct nqi_missing {
    const nq_dataset *source; /* the data with its gaps */
    nq_dataset *filled;       /* the same rows, completed, in own memory; NULL without gaps */
    uint64_t *rows;           /* [count] rows with gaps */
    size_t count;             /* rows with gaps */
    int64_t next;             /* position in rows of the next one to draw anew */
    int64_t rounds;           /* of draws, of which the first is of all rows; 0: none yet */
} nqi_missing;

/* For data without gaps: count 0 and nothing else. donors: where first values come from (NULL: the
 * data). A column without any value there is refused. */
nq_status nqi_missing_new(nqi_missing *out, nq_context *context, const nq_dataset *source,
                          const nq_dataset *donors, uint64_t seed);
void nqi_missing_free(nqi_missing *missing);
/* The data without gaps. */
const nq_dataset *nqi_missing_whole(const nqi_missing *missing);
/* Of rows of the set, feature-major like the batch: 1 for observed cells. The others are 0 until
 * there are draws, and where nothing is observed of a row; else -1. */
void nqi_missing_mark(const nqi_missing *missing, const nqi_scaling *scaling,
                      const uint64_t *rows, size_t count, nqi_real *scored, size_t stride);
/* A draw into a gap of rows[k] of the completed set, in the data's units. */
void nqi_missing_put(nqi_missing *missing, size_t k, size_t column, double value);

/* Of the training set: that of the hold-out set is completed anew. */
void nqi_missing_fields(nqi_missing *missing, nqi_fields *fields);
const char *nqi_missing_wrong(const nqi_missing *missing);

#endif
