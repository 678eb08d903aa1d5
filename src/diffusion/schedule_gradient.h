/* schedule_gradient.h - dK/dbeta_t with frozen noise ([SD15] 2.4.1). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_DIFFUSION_SCHEDULE_GRADIENT_H
#define NQI_DIFFUSION_SCHEDULE_GRADIENT_H

#include "diffusion/process.h"

/* Derivatives of a weighted sum of divergences at one step with respect to the scalars of that
 * step (nqi_gaussian_step), each as if independent. */
typedef struct nqi_step_gradient {
    double logit_beta, log_v;
    double log_weight; /* of (cs)^2 */
    double log_gain, signal, spread;
} nqi_step_gradient;

/* Adds those of one scored group: after nqi_batch_score with gradient, on a tape that keeps the
 * gradient of its input. The weight is the one of the score. */
void nqi_step_gradient_add(nqi_step_gradient *sum, const nqi_process *process,
                           const nqi_batch *batch, size_t group);

/* dK/dbeta_t, t = 1..T, in nats per row, where `sums` [T] are derivatives of E sum_t KL_t per row.
 * Covers the sample, posterior mean and variance, both entropies and the reverse kernel's
 * parametrisation. */
void nqi_schedule_gradient(double *gradient, const nqi_process *process,
                           const nqi_step_gradient *sums);

#endif
