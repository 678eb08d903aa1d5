/* tails.h - what is kept of the log weights of many rows: their sums, and the largest of each. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MEASURE_WEIGHT_TAILS_H
#define NQI_MEASURE_WEIGHT_TAILS_H

#include "measure/weight/pareto.h"
#include "measure/weight/weights.h"

/* Every row has had the same number of weights when a figure is asked for. Memory grows with the
 * square root of that number: what is needed of the others is their power sums. */
typedef struct nqi_tails {
    size_t rows, room;   /* room: weights that can be kept of a row */
    double *kept;        /* [rows][room] heaps of the largest log weights */
    size_t *held;        /* [rows] */
    nqi_weights *all;    /* [rows] */
    nqi_weights *others; /* [rows] those that are not kept */
    double *scratch;     /* [room + 1] */
} nqi_tails;

nq_status nqi_tails_new(nqi_tails *out, nq_context *context, size_t rows);
void nqi_tails_free(nqi_tails *tails); /* copes with a zeroed struct */
/* Makes room for rows with `count` weights each. */
nq_status nqi_tails_reserve(nqi_tails *tails, nq_context *context, size_t count);
void nqi_tails_add(nqi_tails *tails, size_t row, double log_w);

/* A row's log mean weight. */
typedef struct nqi_log_mean {
    double plain;     /* log of the mean: its expectation lies below the truth */
    double corrected; /* the jackknife's: about half the squared relative error higher */
    double se;        /* of corrected, the jackknife's; infinite for fewer than two weights */
    double left;      /* of bias, in size: a part of the correction; where few weights carry the
                         sum, what a normal law of the log weights would add, with its sign */
    int few;          /* that is so: fewer than four count */
} nqi_log_mean;
void nqi_tails_log_mean(nqi_log_mean *out, const nqi_tails *tails, size_t row);
void nqi_tails_pareto(nq_pareto *out, const nqi_tails *tails, size_t row);
/* Of all rows together, each row's weights divided by their own mean first. */
nq_status nqi_tails_pool(nq_pareto *out, nq_context *context, const nqi_tails *tails);

#endif
