/* categorical.h - what the files of the categorical family share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_FAMILY_CATEGORICAL_CATEGORICAL_H
#define NQI_FAMILY_CATEGORICAL_CATEGORICAL_H

#include "family/family.h"

typedef struct nqi_categorical_tables {
    nqi_real *pi;          /* [count][levels] */
    uint32_t *below;       /* as in nqi_levels */
    double *entropy;       /* [count] H(pi) of each number, in nats */
    nqi_levels_step *step; /* [T] */
} nqi_categorical_tables;

static inline const nqi_categorical_tables *nqi_categorical_of(const nqi_block *block)
{
    return block->tables;
}

/* pi of number i. */
static inline const double *nqi_categorical_pi(const nqi_block *block, size_t i)
{
    return block->equilibrium + i * block->levels;
}

/* The levels of numbers first.. and step t, for kernels. */
static inline nqi_levels nqi_categorical_levels(const nqi_block *block, size_t first, size_t t)
{
    const nqi_categorical_tables *tables = nqi_categorical_of(block);
    const size_t at = first * block->levels;
    return (nqi_levels){block->levels, tables->pi + at, tables->below + at, &tables->step[t - 1]};
}

/* 2^32 of a probability to keep a level. */
uint32_t nqi_categorical_kept(double keep);
/* What corrupt draws: `from`, or a level of number i's pi. */
size_t nqi_categorical_draw(const nqi_block *block, size_t i, uint32_t bits, uint32_t kept,
                            size_t from);

/* Log-odds z - log sum_k pi_k e^{z_k} of number i's levels in one row of outputs. */
typedef struct nqi_level_odds {
    const nqi_real *z;
    size_t stride;
    double most, log_sum;
} nqi_level_odds;
nqi_level_odds nqi_level_odds_of(const nqi_block *block, size_t i, const nqi_rows *rows,
                                 size_t row);
double nqi_level_log_odds(const nqi_level_odds *odds, size_t k);

/* Scalar forms, for tests and reports; t is 1-based. q(x_{t-1} = k | x_t = now, x_0 = truth) of
 * number i into law[levels]. */
void nqi_categorical_posterior(double *law, const nqi_block *block, size_t i, size_t t,
                               size_t now, size_t truth);
/* q(x_t = to | x_s = from) where a part `keep` of the level is kept, the rest drawn from pi. */
static inline double nqi_level_law(double keep, double forget, const double *pi, size_t from,
                                   size_t to)
{
    return keep * (from == to) + forget * pi[to];
}

static inline size_t nqi_level_at(const nqi_block *block, nqi_real x)
{
    return nqi_level_of((double)x, block->levels);
}

extern const nqi_steps nqi_categorical_steps;
extern const nqi_account nqi_categorical_account;
extern const nqi_paths nqi_categorical_paths;
extern const nqi_twisting nqi_categorical_twisting;

#endif
