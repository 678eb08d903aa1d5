/* features.h - what a classifier sees of rows: label-free numbers of pooled rows and draws. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CHECK_FEATURES_H
#define NQI_CHECK_FEATURES_H

#include "check/check.h"

/* Normal scores of numbers, their squares, indicators of levels and of repeated values, and
 * products of those that go together; each of mean 0 and variance 1. Rows and draws stand at random
 * places, the same for all, so that any run of places is a random sample. */
typedef struct nqi_features {
    float *x; /* [count][rows] owned */
    size_t count, rows;
    size_t *place; /* [rows] of real row i, or of draw i - whole; owned */
} nqi_features;

nq_status nqi_features_make(nqi_features *out, const nqi_check_job *job);
void nqi_features_free(nqi_features *features); /* copes with a zeroed struct */

/* Sum of products, in float64. */
double nqi_features_dot(const float *a, const float *b, size_t count);

#endif
