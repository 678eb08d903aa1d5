/* lookahead.h - the twist that the regressor's own belief about x_0 gives (mathematics.md 13). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_POSTERIOR_LOOKAHEAD_H
#define NQI_POSTERIOR_LOOKAHEAD_H

#include "evidence/kind.h"

/* Beliefs of one microbatch, and what is kept of all rows. */
typedef struct nqi_lookahead {
    nqi_walk *walk; /* the rows' */
    nqi_twists *twists;
    size_t *target;          /* [rows] of each row */
    nqi_real *mean;          /* [2][laws][ld] the belief, and its variance */
    double *before;          /* [2][laws][ld] the same before evidence */
    double *slope;           /* [laws][ld] of log r_t, by the belief */
    double *x_slope;         /* [dim][ld] the same by x_t, beside the network */
    nqi_walk shadow;         /* beliefs as proposals of ld rows */
    nqi_particles seen;      /* these rows */
    double *value, *held;    /* [rows] log r_t(x_t); and what the weights hold */
    double *base, *proposed; /* [2][laws][rows] p(x_{t-1} | x_t), and what is drawn from */
    double *spare;           /* [rows] */
    nqi_arena arena;
} nqi_lookahead;

/* particles are those of the walk, whose predictor has a way back. */
nq_status nqi_lookahead_new(nqi_lookahead *out, nq_context *context, nqi_walk *walk,
                            nqi_twists *twists, size_t *target);
void nqi_lookahead_free(nqi_lookahead *ahead); /* copes with a zeroed struct */
void nqi_lookahead_begin(nqi_lookahead *ahead);
/* The proposal of x at `level` is there: weights gain what x of the level above is worth. */
void nqi_lookahead_weigh(nqi_lookahead *ahead, nqi_particles *particles, size_t level);
/* Row first + k has become a copy of first + ancestor[k], k < count. */
void nqi_lookahead_resample(nqi_lookahead *ahead, size_t first, const size_t *ancestor,
                            size_t count);
/* x at `level` is drawn: weights gain what the proposal owes. */
void nqi_lookahead_drawn(nqi_lookahead *ahead, nqi_particles *particles, size_t level);

/* The mean of a normal proposal given the slope of log r_t by x_t: to first order, held to a few
 * deviations. */
double nqi_lookahead_mean(double mean, double variance, double slope);

#endif
