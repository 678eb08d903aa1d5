/* schedule.h - the diffusion rates beta_1..beta_T and what follows from them ([SD15] 2.4.1). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_SCHEDULE_H
#define NONEQ_SCHEDULE_H

#include <stddef.h>

#include <noneq/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Time is 1-based in formulas: every array here has T entries and entry [0] belongs to t = 1.
 * All in float64; 1 - alpha_bar by expm1 of the running sum of log1p(-beta), never by
 * subtraction. A plain value: threads may read it at once. */
typedef struct nq_schedule {
    size_t steps;                /* T */
    double *beta;                /* diffusion rate, in (0, 1]; 1 only at t = T */
    double *alpha_bar;           /* product of 1 - beta_s, s <= t */
    double *one_minus_alpha_bar; /* with full relative precision */
    double *log_v;               /* log of the Gaussian forward posterior's variance
                                    v_t = beta_t (1 - abar_{t-1}) / (1 - abar_t); -inf at t = 1 */
} nq_schedule;

/* kind: "constant-fraction" (beta_t = 1/(T-t+1)), "constant-fraction-gaussian" (1/(T-t+2), the
 * reference code's form for real numbers), "linear" (Ho et al. 2020, their 1e-4..0.02 at T = 1000
 * scaled by 1000/T), "cosine" (Nichol & Dhariwal 2021, capped at 0.999), "log-snr" (the log-odds of
 * 1 - abar_t evenly spaced from beta_1 to 1 - alpha_bar_last). beta_1 > 0 fixes the first rate
 * where the kind has one; 0: the kind's own. NQ_ERROR_ARGUMENT, NQ_ERROR_MEMORY. */
nq_status nq_schedule_new(nq_schedule *out, nq_context *context, const char *kind, size_t steps,
                          double beta_1, double alpha_bar_last);
/* From rates; each must be in (0, 1), the last one in (0, 1]. */
nq_status nq_schedule_from_beta(nq_schedule *out, nq_context *context, const double *beta,
                                size_t steps);
/* From a text or .npy file of T rates. */
nq_status nq_schedule_open(nq_schedule *out, nq_context *context, const char *path);
void nq_schedule_free(nq_schedule *schedule); /* copes with a zeroed struct */

#ifdef __cplusplus
}
#endif
#endif
