/* categorical_account.c - entropies, prior and edge term of levels. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/categorical/categorical.h"

/* Of q(. | from) of number i: -sum_k forget pi_k log(forget pi_k), and `from` has more. */
static double law_entropy(const nqi_block *block, size_t i, double keep, double forget,
                          size_t from)
{
    const double part = forget * nqi_categorical_pi(block, i)[from];
    const double drawn =
        forget > 0 ? forget * (log(forget) - nqi_categorical_of(block)->entropy[i]) : 0;
    return nqi_xlogx(part) - nqi_xlogx(keep + part) - drawn;
}

static double entropy_given_data(const nqi_block *block, const nqi_real *x_0, size_t stride,
                                 size_t t)
{
    const double keep = block->schedule.alpha_bar[t - 1];
    const double forget = block->schedule.one_minus_alpha_bar[t - 1];
    double sum = 0;
    for (size_t i = 0; i < block->count; i++)
        sum += law_entropy(block, i, keep, forget, nqi_level_at(block, x_0[i * stride]));
    return sum;
}

static double entropy_prior(const nqi_block *block)
{
    double sum = 0;
    for (size_t i = 0; i < block->count; i++)
        sum += nqi_categorical_of(block)->entropy[i];
    return sum;
}

/* sum_i log pi(x_{0,i}) + H(pi) */
static double edge(const nqi_block *block, const nqi_real *x_0, size_t stride)
{
    double sum = 0;
    for (size_t i = 0; i < block->count; i++)
        sum += log(nqi_categorical_pi(block, i)[nqi_level_at(block, x_0[i * stride])]) +
               nqi_categorical_of(block)->entropy[i];
    return sum;
}

static double log_prior(const nqi_block *block, const nqi_real *x_0, size_t stride)
{
    double sum = 0;
    for (size_t i = 0; i < block->count; i++)
        sum += log(nqi_categorical_pi(block, i)[nqi_level_at(block, x_0[i * stride])]);
    return sum;
}

/* Mean over a column whose levels are as frequent as `part` says, where a part `left` of it has
 * stayed since and the rest is of pi. */
static double mean_entropy(const nqi_block *block, size_t i, const double *part, double left,
                           double keep, double forget)
{
    const double *pi = nqi_categorical_pi(block, i);
    double sum = 0;
    for (size_t k = 0; k < block->levels; k++)
        sum += (left * part[k] + (1 - left) * pi[k]) * law_entropy(block, i, keep, forget, k);
    return sum;
}

static double entropy_mean(const nqi_block *block, const double *column_mean, size_t t)
{
    double sum = 0;
    for (size_t i = 0; t && i < block->count; i++)
        sum += mean_entropy(block, i, column_mean + i * block->levels, 1,
                            block->schedule.alpha_bar[t - 1],
                            block->schedule.one_minus_alpha_bar[t - 1]);
    return sum;
}

static double entropy_step(const nqi_block *block, const double *column_mean, size_t t)
{
    const nq_schedule *s = &block->schedule;
    double sum = 0;
    for (size_t i = 0; i < block->count; i++)
        sum += mean_entropy(block, i, column_mean + i * block->levels,
                            t > 1 ? s->alpha_bar[t - 2] : 1, 1 - s->beta[t - 1], s->beta[t - 1]);
    return sum;
}

/* sum_k log(pi_k) (c_k - pi_k), c_k how frequent level k is */
static double entropy_rise(const nqi_block *block, const double *column_mean,
                           const double *column_variance, double *largest)
{
    double rise = 0;
    (void)column_variance;
    for (size_t j = 0; j < nqi_block_laws(block); j++) {
        rise += log(block->equilibrium[j]) * (column_mean[j] - block->equilibrium[j]);
        *largest = fmax(*largest, fabs(column_mean[j] - block->equilibrium[j]));
    }
    return rise;
}

const nqi_account nqi_categorical_account = {.entropies_vary = 1,
                                             .entropy_given_data = entropy_given_data,
                                             .entropy_prior = entropy_prior,
                                             .edge = edge,
                                             .log_prior = log_prior,
                                             .entropy_mean = entropy_mean,
                                             .entropy_step = entropy_step,
                                             .entropy_rise = entropy_rise};
