/* binomial.h - what the files of the binomial family share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_FAMILY_BINOMIAL_BINOMIAL_H
#define NQI_FAMILY_BINOMIAL_BINOMIAL_H

#include <math.h>

#include "family/family.h"

/* Bits of one mean share their tables. */
typedef struct nqi_binomial_tables {
    size_t stride;           /* 1, or 0 where one entry of a step serves all bits */
    size_t width;            /* entries of a step */
    nqi_binomial_step *step; /* [T][width] */
    double *prior;           /* [width] log-odds of pi */
} nqi_binomial_tables;

static inline const nqi_binomial_tables *nqi_binomial_of(const nqi_block *block)
{
    return block->tables;
}

/* Of step t; bit i has entry i * stride. */
static inline const nqi_binomial_step *nqi_binomial_at(const nqi_block *block, size_t t)
{
    const nqi_binomial_tables *tables = nqi_binomial_of(block);
    return tables->step + (t - 1) * tables->width;
}

/* q(x_t = to | x_s = from) where a part `keep` of the bit is kept, the rest drawn from pi. */
static inline double nqi_bit_law(double keep, double forget, double m, int from, int to)
{
    return keep * (from == to) + forget * (to ? m : 1 - m);
}

/* Scalar forms, for tests and reports; t is 1-based. q(x_{t-1} = 1 | x_t, x_0) and its complement,
 * for a bit of equilibrium mean m. */
void nqi_binomial_posterior(const nq_schedule *schedule, size_t t, double m, int x_t, int x_0,
                            double *one, double *zero);
/* KL(Bernoulli(a) || Bernoulli(sigmoid(z))); zero = 1 - a. */
nqi_real nqi_bernoulli_kl(nqi_real one, nqi_real zero, nqi_real z);

/* log r_t(0) and log r_t(1) of a bit with r = d^x (1-d)^(1-x) and equilibrium mean m. */
typedef struct nqi_bit_factor {
    double log_zero, log_one;
} nqi_bit_factor;
nqi_bit_factor nqi_bit_factor_at(nqi_twist twist, const nq_schedule *schedule, size_t t, double d,
                                 double m);
/* P(x = 1) = one times the factor, normalised, in place; returns the log of its sum. */
double nqi_bit_factor_multiply(double *one, const nqi_bit_factor *factor);

extern const nqi_account nqi_binomial_account;
extern const nqi_paths nqi_binomial_paths;
extern const nqi_twisting nqi_binomial_twisting;

#endif
