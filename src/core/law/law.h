/* law.h - tails of the laws that tests of hypotheses need, and many p values as one. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_LAW_LAW_H
#define NQI_CORE_LAW_LAW_H

#include <stddef.h>

#include <noneq/context.h>

/* Mass of chi square with df > 0 degrees of freedom above x, and below it: to 1e-12 relative, each
 * in its own tail too. */
double nqi_chi2_above(double x, double df);
double nqi_chi2_below(double x, double df);

/* p values of both sides: of a standard normal number, and of one with the law of chi square. */
double nqi_normal_p(double z);
double nqi_chi2_p(double x, double df);

/* One p value of several that may depend on each other in any way, in which the small ones count:
 * the tail of the mean of tan((1/2 - p) pi), which is a Cauchy number where they are independent or
 * equal, and near one in its tail else (Liu & Xie, Cauchy combination test, 2020). NaN: not there;
 * of none NaN. */
double nqi_p_combine(const double *p, size_t count);
/* p of Holm's procedure (1979): an adjusted[i] below a level happens, to any right hypothesis
 * among them, with that probability at most. NaN: not there. adjusted may be p. scratch[count]. */
void nqi_p_holm(double *adjusted, const double *p, size_t count, size_t *scratch);

/* Mean [n] and covariance [n][n] of rows[count][n], where NaN is not known, as most likely under a
 * normal law (expectation-maximisation; right where cells are missing at random). Covariances are
 * shrunk by as much as their errors say (Schaefer and Strimmer 2005). Asks the context's monitor;
 * NULL: there is none. NQ_ERROR_MEMORY, without a sentence. */
nq_status nqi_normal_fit(double *mean, double *covariance, nq_context *context,
                         const double *rows, size_t count, size_t n);

#endif
