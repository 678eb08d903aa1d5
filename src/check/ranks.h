/* ranks.h - what ranks say of two samples, or of values among draws of their own. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CHECK_RANKS_H
#define NQI_CHECK_RANKS_H

#include <noneq/check.h>

#include "core/context.h"
#include "core/rng.h"

/* A value of either sample. Equal ones are in the order of their ties, which are random. */
typedef struct nqi_pooled {
    double value, tie;
    size_t row;   /* of its sample */
    int is_drawn; /* of the model; else of the rows */
} nqi_pooled;

/* In rising order; of levels by falling number, which are then neighbours. */
nq_status nqi_pooled_sort(nqi_pooled *all, nq_context *context, size_t count, int is_level);

/* Values of the rows among draws of equal law; `all` is sorted. The law of what comes out follows
 * from the order being any with the same probability: no other one is asked for. Groups are equal
 * values where these are many, else values side by side; of levels these are all that is looked
 * at, and shift and spread NaN. worst: place in `all` where the group of
 * equal values begins that differs most; count: there is none. */
void nqi_ranks_two(nq_rank_test *out, size_t *worst, const nqi_pooled *all, size_t count,
                   int is_level);
/* Ranks in 0..draws, each of a value among draws of its own; uniform and independent. */
void nqi_ranks_one(nq_rank_test *out, const size_t *ranks, size_t count, size_t draws,
                   const nqi_stream *stream);

/* Ranks in 0..draws in `bins` equal bins (bins divides draws + 1): counts[bins], chi square against
 * uniform ranks and its p value of bins - 1 degrees of freedom (Talts et al. 2018). */
double nqi_rank_chi2(double *counts, double *p, const size_t *ranks, size_t count, size_t draws,
                     size_t bins);
/* A place in 0..1 of a rank, uniform where the rank is. */
double nqi_rank_place(size_t rank, size_t draws, double uniform);
/* Rank of a value among draws[count * stride]: equal ones in any order; levels by how many of all
 * these values they are. */
size_t nqi_rank_of(double value, const double *draws, size_t stride, size_t count, int is_level,
                   const nqi_stream *stream);

#endif
