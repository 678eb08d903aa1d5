/* binomial_account.c - entropies, prior and edge term of bits. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/binomial/binomial.h"

static double bit_entropy(double p)
{
    return -nqi_xlogx(p) - nqi_xlogx(1 - p);
}

static double entropy_given_data(const nqi_block *block, const nqi_real *x_0, size_t stride,
                                 size_t t)
{
    const double keep = block->schedule.alpha_bar[t - 1];
    const double forget = block->schedule.one_minus_alpha_bar[t - 1];
    double sum = 0;
    for (size_t i = 0; i < block->count; i++) {
        const int bit = x_0[i * stride] > 0;
        const double one = nqi_bit_law(keep, forget, block->equilibrium[i], bit, 1);
        const double zero = nqi_bit_law(keep, forget, block->equilibrium[i], bit, 0);
        sum -= nqi_xlogx(one) + nqi_xlogx(zero);
    }
    return sum;
}

static double entropy_prior(const nqi_block *block)
{
    double sum = 0;
    for (size_t i = 0; i < block->count; i++)
        sum += bit_entropy(block->equilibrium[i]);
    return sum;
}

/* sum_i logit(m_i) (x_{0,i} - m_i) */
static double edge(const nqi_block *block, const nqi_real *x_0, size_t stride)
{
    double sum = 0;
    for (size_t i = 0; i < block->count; i++) {
        const double m = block->equilibrium[i];
        sum += (log(m) - log1p(-m)) * ((double)x_0[i * stride] - m);
    }
    return sum;
}

static double log_prior(const nqi_block *block, const nqi_real *x_0, size_t stride)
{
    double sum = 0;
    for (size_t i = 0; i < block->count; i++)
        sum += x_0[i * stride] > 0 ? log(block->equilibrium[i]) : log1p(-block->equilibrium[i]);
    return sum;
}

/* Mean of h over a bit that is 1 with probability `part` before `forget` of it is drawn anew. */
static double relaxed_entropy(double part, double keep, double forget, double m)
{
    double sum = 0;
    for (int from = 0; from < 2; from++) {
        const double one = nqi_bit_law(keep, forget, m, from, 1);
        const double zero = nqi_bit_law(keep, forget, m, from, 0);
        sum -= (from ? part : 1 - part) * (nqi_xlogx(one) + nqi_xlogx(zero));
    }
    return sum;
}

static double entropy_mean(const nqi_block *block, const double *column_mean, size_t t)
{
    double sum = 0;
    for (size_t i = 0; t && i < block->count; i++)
        sum += relaxed_entropy(column_mean[i], block->schedule.alpha_bar[t - 1],
                               block->schedule.one_minus_alpha_bar[t - 1], block->equilibrium[i]);
    return sum;
}

/* x_{t-1} is 1 with probability abar_{t-1} c + (1 - abar_{t-1}) m for a column of mean c. */
static double entropy_step(const nqi_block *block, const double *column_mean, size_t t)
{
    const nq_schedule *s = &block->schedule;
    const double keep = t > 1 ? s->alpha_bar[t - 2] : 1;
    const double forget = t > 1 ? s->one_minus_alpha_bar[t - 2] : 0;
    double sum = 0;
    for (size_t i = 0; i < block->count; i++) {
        const double m = block->equilibrium[i];
        sum += relaxed_entropy(keep * column_mean[i] + forget * m, 1 - s->beta[t - 1],
                               s->beta[t - 1], m);
    }
    return sum;
}

/* sum_i logit(m_i) (c_i - m_i), c_i the mean of column i */
static double entropy_rise(const nqi_block *block, const double *column_mean,
                           const double *column_variance, double *largest)
{
    double rise = 0;
    (void)column_variance;
    for (size_t i = 0; i < block->count; i++) {
        const double m = block->equilibrium[i];
        rise += (log(m) - log1p(-m)) * (column_mean[i] - m);
        *largest = fmax(*largest, fabs(column_mean[i] - m));
    }
    return rise;
}

const nqi_account nqi_binomial_account = {.entropies_vary = 1,
                                          .entropy_given_data = entropy_given_data,
                                          .entropy_prior = entropy_prior,
                                          .edge = edge,
                                          .log_prior = log_prior,
                                          .entropy_mean = entropy_mean,
                                          .entropy_step = entropy_step,
                                          .entropy_rise = entropy_rise};
