/* gaussian_account.c - entropies, prior and edge term of real numbers. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/gaussian/gaussian.h"

static const double two_pi = 6.28318530717958647692;

static double entropy_given_data(const nqi_block *block, const nqi_real *x_0, size_t stride,
                                 size_t t)
{
    (void)x_0;
    (void)stride;
    return (double)block->count / 2 *
           (log(two_pi) + 1 + log(block->schedule.one_minus_alpha_bar[t - 1]));
}

/* With log v = log beta_1 - point_log at t = 1, d + expm1(-d) is log S - log v - 1: the divergence
 * then gives the cross-entropy of x_0 less the entropy of a Gaussian of variance v. */
static double entropy_point(const nqi_block *block)
{
    return (double)block->count / 2 *
           (log(two_pi) + 1 + log(block->schedule.beta[0]) - nqi_gaussian_of(block)->point_log);
}

static double entropy_prior(const nqi_block *block)
{
    return (double)block->count / 2 * (log(two_pi) + 1);
}

static double square_norm(const nqi_block *block, const nqi_real *x_0, size_t stride)
{
    double sum = 0;
    for (size_t i = 0; i < block->count; i++)
        sum += (double)x_0[i * stride] * (double)x_0[i * stride];
    return sum;
}

/* -1/2 (|x_0|^2 - n) */
static double edge(const nqi_block *block, const nqi_real *x_0, size_t stride)
{
    return -0.5 * (square_norm(block, x_0, stride) - (double)block->count);
}

static double log_prior(const nqi_block *block, const nqi_real *x_0, size_t stride)
{
    return -0.5 * (square_norm(block, x_0, stride) + (double)block->count * log(two_pi));
}

/* Neither depends on the data. */
static double entropy_mean(const nqi_block *block, const double *column_mean, size_t t)
{
    (void)column_mean;
    return t ? entropy_given_data(block, NULL, 0, t) : -INFINITY;
}

static double entropy_step(const nqi_block *block, const double *column_mean, size_t t)
{
    (void)column_mean;
    return (double)block->count / 2 * (log(two_pi) + 1 + log(block->schedule.beta[t - 1]));
}

/* n less the sum of the columns' variances */
static double entropy_rise(const nqi_block *block, const double *column_mean,
                           const double *column_variance, double *largest)
{
    double rise = 0;
    (void)column_mean;
    for (size_t i = 0; i < block->count; i++) {
        rise += 1 - column_variance[i];
        *largest = fmax(*largest, column_variance[i]);
    }
    return rise;
}

const nqi_account nqi_gaussian_account = {.entropy_given_data = entropy_given_data,
                                          .entropy_point = entropy_point,
                                          .entropy_prior = entropy_prior,
                                          .edge = edge,
                                          .log_prior = log_prior,
                                          .entropy_mean = entropy_mean,
                                          .entropy_step = entropy_step,
                                          .entropy_rise = entropy_rise};
