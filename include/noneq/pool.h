/* pool.h - one answer from several completed tables: Rubin's rules. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_POOL_H
#define NONEQ_POOL_H

#include <noneq/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Gaps that are filled once look as sure as what was recorded. Filled M times by draws of what they
 * may have been, the table is analysed M times, and how the M answers differ is what the gaps cost:
 * D. B. Rubin, Multiple Imputation for Nonresponse in Surveys (1987), chapter 3; degrees of freedom
 * by J. Barnard and D. B. Rubin, Biometrika 86 (1999) 948; several draws of each of several models
 * by Z. Shen, Nested Multiple Imputation (2000), as in O. Harel, Statistical Methodology 4 (2007)
 * 75. All of it is for answers that are about normal. */

#define NQ_POOL_OPTIONS(X)                                                                       \
    X(number, df, "df", "0", -NQ_NUMBER_MOST, NQ_NUMBER_MOST,                                    \
      "degrees of freedom that the answer would have without gaps, such as rows less "           \
      "coefficients; 0: infinite")                                                               \
    X(number, level, "level", "0", -NQ_NUMBER_MOST, NQ_NUMBER_MOST,                              \
      "probability of the interval; 0: .95")                                                     \
    X(size, models, "models", "0", 0, NQ_SIZE_MOST,                                              \
      "of so many parts of equally many answers each, one after the other, the draws of a part " \
      "are of one model: a model errs for all its draws at once. 0 or 1: nothing is said; as "   \
      "many as there are answers: the same")

typedef struct nq_pool_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_POOL_OPTIONS(NQ_FIELD)
} nq_pool_options;
void nq_pool_options_init(nq_pool_options *options, size_t size);

typedef struct nq_pooled {
    size_t count;
    double mean;   /* of the answers */
    double within; /* W: mean of their variances */
    double
        between; /* B: variance of the answers, over M - 1; of several models with several draws
                       each, that of the models' means */
    double within_models; /* variance of answers of one model; 0 where a part has one */
    double total;         /* T = W + (1 + 1/M) B; of R models with N draws each
                             W + (1 + 1/R) B + (1 - 1/N) times the former */
    double lambda;        /* part of T that is due to the gaps, (T - W) / T */
    double df_old;        /* (M - 1) / lambda^2; Rubin 1987 */
    double df_observed;   /* (df + 1) / (df + 3) df (1 - lambda) */
    double df;            /* 1 / (1 / df_old + 1 / df_observed); Barnard and Rubin 1999 */
    double se;            /* square root of T */
    double low, high;     /* mean -+ se times Student's t of df: infinite where df is 0 */
} nq_pooled;

/* estimates[count], and the variances[count] that each would have were its table complete: squares
 * of standard errors. options NULL: defaults. NQ_ERROR_ARGUMENT: fewer than two answers, numbers
 * that are not finite, a negative variance, a level outside (0, 1), or parts of unequal size. */
nq_status nq_pool(nq_pooled *out, nq_context *context, const double *estimates,
                  const double *variances, size_t count, const nq_pool_options *options);

/* The t that Student's law with df > 0 degrees of freedom (infinite: the normal law) does not
 * exceed with probability p in (0, 1). NaN: p or df is none. */
double nq_student_quantile(double p, double df);

#ifdef __cplusplus
}
#endif
#endif
