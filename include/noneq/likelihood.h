/* likelihood.h - how probable data is under a model: the bound K ([SD15] eq. 14). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_LIKELIHOOD_H
#define NONEQ_LIKELIHOOD_H

#include <noneq/model.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct nq_bound_options {
    size_t terms; /* Monte Carlo terms (t, x_t) per row; 0: chosen so that the standard error
                         is small */
    uint64_t seed;
    size_t max_rows; /* use at most this many rows, evenly spread; 0: all */
} nq_bound_options;

/* Means per row in nats, in the model's scaled units. Add nq_model_log_jacobian for the data's. */
typedef struct nq_bound {
    size_t rows, dim, steps;
    size_t terms;       /* per row, as used */
    double bound;       /* K with the per-row edge term: at most log p */
    double se;          /* Monte Carlo standard error of `bound` for these very rows */
    double se_rows;     /* standard error of `bound` as the mean of the population that the rows
                          are a sample of (includes the Monte Carlo error) */
    double bound_paper; /* K as [SD15] eq. 14 has it, without the edge term */
    double null;        /* L_null = E log pi(x_0) */
    double gain;        /* bound - null */
    double entropy_first, entropy_last, entropy_prior; /* H_q(X_1|X_0), H_q(X_T|X_0), H_p(X_T) */
    double *kl;                                        /* [T] KL paid at step t; 0 at t = 1 */
    double *kl_se;                                     /* [T] its standard error */
    double *row_bound;                                 /* [rows] K of each row */
} nq_bound;

nq_status nq_bound_estimate(nq_bound *out, nq_context *context, const nq_model *model,
                            const nq_dataset *data, const nq_bound_options *options);
void nq_bound_free(nq_bound *bound); /* copes with a zeroed struct */

#ifdef __cplusplus
}
#endif
#endif
