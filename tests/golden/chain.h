/* chain.h - a Gaussian diffusion whose reverse kernel is linear in x_t, on the library's graph. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_GOLDEN_CHAIN_H
#define NQI_TESTS_GOLDEN_CHAIN_H

#include "golden/golden.h"

/* The network is one readout per step: z = W_t x_t + b_t, z_var alike, for dim numbers. */
typedef struct linear_chain {
    nqi_process process;
    nqi_graph graph;
    nqi_batch batch; /* one group */
    nqi_real *params, *bank_grad;
    size_t dim;
} linear_chain;

/* rows: that a microbatch must hold. */
void chain_new(linear_chain *out, golden_case *c, const nq_schedule *schedule, size_t dim,
               size_t rows, int forward_form);
void chain_free(linear_chain *chain);
/* p(x_{t-1} | x_t) = N(A x_t, diag C): A[dim][dim], C[dim] in (0, 1), t > 1. */
void chain_set_kernel(linear_chain *chain, size_t t, const double *a, const double *c);
/* z = W x_t + b for one number (dim 1), and the variance output. */
void chain_set_outputs(linear_chain *chain, size_t t, double weight, double bias, double z_var);

/* Number i of row r. */
static inline size_t chain_at(const linear_chain *chain, size_t i, size_t r)
{
    return i * chain->batch.tape.ld + r;
}
/* Divergences of step t into batch.kl, for x_0 and noise as they are in the batch; with weight
 * and gradient as nqi_batch_score. */
void chain_score(linear_chain *chain, size_t t, double weight, int gradient);

/* E KL_t for x_0 ~ N(0, L L^T), exactly: the divergence is quadratic in (x_0, noise), and points
 * +-sqrt(2 dim) along the axes have the same second moments. root is L[dim][dim]. */
double chain_kl(linear_chain *chain, size_t t, const double *root);
/* The same mean of a quadratic function of a row: the family's edge or log_prior. */
double chain_mean(linear_chain *chain, const double *root,
                  double (*of)(const nqi_process *, const nqi_real *, size_t));
/* Covariance of x_0 under the model, [dim][dim]: the sampler's own steps on unit vectors. */
void chain_model_covariance(linear_chain *chain, double *covariance);
/* H_q(X_T|X_0) - H_q(X_1|X_0) - H_p(X_T). */
double chain_entropies(const linear_chain *chain);
/* H_q(X_t|X_0). */
double chain_entropy(const linear_chain *chain, size_t t);

#endif
