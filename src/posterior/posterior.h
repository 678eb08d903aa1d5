/* posterior.h - rows on their way down from x_T under evidence: jobs, and a thread's block. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_POSTERIOR_POSTERIOR_H
#define NQI_POSTERIOR_POSTERIOR_H

#include "core/real.h"
#include "evidence/evidence.h"
#include "model/tiled.h"

/* A block of rows: `filters` of `particles` rows each. A filter serves one target; without
 * weights it is one row. Arrays over rows are [..][rows], one filter after another. */
typedef struct nqi_walk {
    struct nqi_posterior_job *job;
    nqi_batch batch; /* block_rows rows */
    nqi_linear_factor linear;
    nqi_arena arena;
    size_t rows;
    size_t *target;          /* [rows] */
    size_t *ancestor;        /* [rows] */
    nqi_real *x;             /* [dim][rows] x_t, scaled */
    nqi_real *base;          /* [dim][rows] where custom evidence is asked for its gradient */
    nqi_real *noise;         /* [dim + observations][rows] normals, or uint32_t bits */
    nqi_real *moment;        /* [2][dim][block_rows] */
    double *row, *slope;     /* [columns] scratch of custom evidence */
    double *mean, *variance; /* [dim][rows] of the proposal; bits: mean is P(x = 1) */
    double *tilt;            /* [dim][rows] what custom evidence adds to the mean, or logit */
    double *gradient;        /* [dim][rows] */
    double *log_weight;      /* [rows] */
    double *custom;          /* [rows] log r_t(x_t) of custom evidence */
    double *spare;           /* [rows] */
    double *small;           /* [observations][observations + 3] */
    double *log_z, *ess; /* [filters] log evidence so far, least part of effective particles */
    size_t *resamplings; /* [filters] */
    size_t fault;        /* target + 1 that cannot be, 0: none */
    int undefined;       /* the fault is a NaN, not a zero */
} nqi_walk;

typedef struct nqi_posterior_job {
    nq_context *context;
    const nq_model *model;
    nqi_evidence_list list;
    const char *method;
    nqi_twist twist;
    int weighted; /* particles; else every row goes its own way */
    int noised;
    size_t targets, draws;
    size_t filters, particles; /* of a target; of a filter */
    size_t kept;               /* rows that a filter hands on */
    size_t block_filters, blocks, first_block;
    size_t block_rows; /* rows that the network sees at a time */
    size_t first;
    size_t jumps;
    uint64_t seed;
    nqi_tiles
        *tiles; /* where few large pictures are all there is: all threads work at each step */
    nqi_walk *walks; /* [threads], one with tiles */
    int walk_count;
    nqi_real *candidates; /* [targets * filters][kept][dim] */
    double *log_z, *ess;  /* [targets * filters] */
    size_t *resamplings;  /* [targets * filters] */
    size_t *fault;        /* [blocks] as in a walk */
    unsigned char *undefined;
} nqi_posterior_job;

nq_status nqi_walk_new(nqi_walk *out, nqi_posterior_job *job);
void nqi_walk_free(nqi_walk *walk);
/* Names the targets of a block's rows and puts its weights to 1. */
void nqi_walk_open(nqi_walk *walk, size_t block);

/* mean and variance of x_{t-1} given x_t under the model, t = 1..T; and of x_T under pi. */
void nqi_walk_reverse(nqi_walk *walk, size_t t);
void nqi_walk_prior(nqi_walk *walk);
/* Multiplies what the model says by the twist of `level`; log weights gain the normaliser. */
void nqi_walk_condition(nqi_walk *walk, size_t level);
/* Takes log r_t(x_t) of the parts with exact proposals from the weights. */
void nqi_walk_untwist(nqi_walk *walk, size_t t);
/* x of `level` from the proposal; `number` names the noise. Weights gain what an approximate
 * proposal owes. */
void nqi_walk_draw(nqi_walk *walk, size_t level, size_t block, size_t number);
/* Resamples each filter whose effective sample size is under half, before it draws. */
void nqi_walk_resample(nqi_walk *walk, size_t block, size_t number);

/* The parts of the two above that belong to custom and to linear evidence. */
void nqi_walk_custom_tilt(nqi_walk *walk, size_t level);
void nqi_walk_custom_settle(nqi_walk *walk, size_t level);
void nqi_walk_linear_condition(nqi_walk *walk);
void nqi_walk_linear_untwist(nqi_walk *walk);
void nqi_walk_linear_draw(nqi_walk *walk);

/* A whole block: [SD15] 2.5 or the particle filter; and known cells diffused to each level. */
void nqi_posterior_block(void *state, size_t block, int thread);
void nqi_posterior_noised_block(void *state, size_t block, int thread);
/* Hands a block's rows on to the job. */
void nqi_walk_close(nqi_walk *walk, size_t block);

/* Ancestors of `count` rows, systematic with one uniform u, from log weights [n]; the number of
 * times that i occurs is n w_i / sum w rounded up or down. */
void nqi_systematic(size_t *ancestor, size_t count, const double *log_weight, size_t n, double u);

#endif
