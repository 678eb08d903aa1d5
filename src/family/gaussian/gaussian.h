/* gaussian.h - what the files of the Gaussian family share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_FAMILY_GAUSSIAN_GAUSSIAN_H
#define NQI_FAMILY_GAUSSIAN_GAUSSIAN_H

#include "family/family.h"

typedef struct nqi_gaussian_tables {
    int forward_form; /* mu = sqrt(alpha) x_t + sqrt(beta) z (the reference code's) */
    int paper_form;   /* outputs are read as appendix D has them, into those of the x0 form */
    int belief; /* the variance output is of x_0 given x_t, V = (1 - abar_t) e^z, and that of
                         x_{t-1} is v + (cs)^2 e^z; else it is sigmoid(z + logit beta_t) */
    /* A posterior of x_0 given x_0 is a point; its variance in the tables is beta_1 e^-this. Of a
     * belief it is far below e^-NQI_BELIEF_LIMIT, so that p(x_0|x_1) is N(mean, V) to rounding. */
    double point_log;
    nqi_gaussian_step *step; /* [T] */
    nqi_real *measured; /* [T][count] of a chain of fewer steps, whose network has no belief: the
                           output of one, in steps that were not trained. NULL: the network's own */
} nqi_gaussian_tables;

static inline const nqi_gaussian_tables *nqi_gaussian_of(const nqi_block *block)
{
    return block->tables;
}

/* Whether the variance of step t is a belief's, ... */
static inline int nqi_gaussian_believes(const nqi_block *block, size_t t)
{
    const nqi_gaussian_tables *tables = nqi_gaussian_of(block);
    return tables->belief || (tables->measured && nqi_block_is_long(block, t));
}
/* ... and the variance output of element j = i * ld + row of number i. */
static inline double nqi_gaussian_z_var(const nqi_block *block, const nqi_rows *rows, size_t i,
                                        size_t j)
{
    const nqi_gaussian_tables *tables = nqi_gaussian_of(block);
    return tables->measured && nqi_block_is_long(block, rows->t)
               ? (double)tables->measured[(rows->t - 1) * block->count + i]
               : (double)rows->output[block->count * rows->ld + j];
}

/* Of a belief: the variance of x_{t-1} from the output z; and the z of V / (1 - abar_t). */
double nqi_gaussian_belief_variance(const nqi_block *block, size_t t, double z);
double nqi_gaussian_belief_output(double ratio);

/* Scalar forms, for tests and reports. t is 1-based. */
void nqi_gaussian_posterior(const nq_schedule *schedule, size_t t, nqi_real x_t, nqi_real x_0,
                            nqi_real *mean, nqi_real *variance);
nqi_real nqi_gaussian_kl(nqi_real mean_0, nqi_real variance_0, nqi_real mean_1,
                         nqi_real variance_1);

void nqi_gaussian_moments(const nqi_block *block, const nqi_rows *rows, nqi_real *mean,
                          nqi_real *variance);
void nqi_gaussian_belief(const nqi_block *block, const nqi_rows *rows, nqi_real *mean,
                         nqi_real *variance);
void nqi_gaussian_outputs(const nqi_block *block, const nqi_rows *rows, const nqi_real *mean,
                          const nqi_real *variance, nqi_real *output);
void nqi_gaussian_said(const nqi_block *block, const nqi_rows *rows, nqi_real *value,
                       nqi_real *variance);

/* gaussian_reading.c: nqi_steps.read and .unread; and of element j = i * ld + row after an unread,
 * the slopes by what the kernels see: z, z_var, the logit of beta_t in S, and by x_t and
 * sqrt(alpha_t) where those stand in the reading. */
typedef struct nqi_gaussian_read_slopes {
    double z, z_var, logit, x_t, root_alpha;
} nqi_gaussian_read_slopes;
void nqi_gaussian_read(const nqi_block *block, const nqi_rows *rows, size_t first, size_t count,
                       nqi_real *output);
void nqi_gaussian_unread(const nqi_block *block, const nqi_rows *rows, size_t first, size_t count,
                         double *x_slope);
nqi_gaussian_read_slopes nqi_gaussian_slopes_read(const nqi_block *block, const nqi_rows *rows,
                                                  size_t j);

double nqi_gaussian_jump_cost(const nqi_block *block, const nqi_jump *jump, size_t i,
                              const nqi_real *law, size_t stride, double variance, double x_t);

extern const nqi_account nqi_gaussian_account;
extern const nqi_paths nqi_gaussian_paths;
extern const nqi_twisting nqi_gaussian_twisting;
extern const nqi_rates nqi_gaussian_rates;
extern const nqi_readouts nqi_gaussian_readouts;

#endif
