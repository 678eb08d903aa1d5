/* binomial_twisting.c - bits under evidence: probabilities of a one, multiplied and tilted. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/binomial/binomial.h"
#include "family/normal.h"

/* A first-order logit may leave the region in which first order means anything; what is cut off
 * here only costs weight. */
static const double furthest_logit = 10;

/* 0 log 0 = 0 */
static double power_log(double kappa, double d)
{
    return kappa == 0 ? 0 : kappa * log(d);
}

nqi_bit_factor nqi_bit_factor_at(nqi_twist twist, const nq_schedule *schedule, size_t t, double d,
                                 double m)
{
    if (t > 0 && twist == NQI_TWIST_INFORMED) {
        const double keep = schedule->alpha_bar[t - 1];
        const double forget = schedule->one_minus_alpha_bar[t - 1];
        const double mean = forget * (m * d + (1 - m) * (1 - d));
        return (nqi_bit_factor){log(keep * (1 - d) + mean), log(keep * d + mean)};
    }
    const double kappa =
        t > 0 && twist == NQI_TWIST_ANNEALED && d > 0 && d < 1 ? nqi_annealing(schedule, t) : 1;
    return (nqi_bit_factor){power_log(kappa, 1 - d), power_log(kappa, d)};
}

double nqi_bit_factor_multiply(double *one, const nqi_bit_factor *factor)
{
    const double most = fmax(factor->log_zero, factor->log_one);
    const double weight_1 = *one * exp(factor->log_one - most);
    const double weight_0 = (1 - *one) * exp(factor->log_zero - most);
    *one = weight_1 / (weight_1 + weight_0);
    return most + log(weight_1 + weight_0);
}

static void prior(const nqi_block *block, nqi_proposal *p)
{
    for (size_t i = 0; i < block->count; i++)
        for (size_t j = i * p->rows; j < (i + 1) * p->rows; j++) {
            p->mean[j] = block->equilibrium[i];
            p->variance[j] = 1;
            p->x[j] = block->equilibrium[i] > 0.5;
        }
}

static double proper(double mean)
{
    return fmin(fmax(mean, 0x1p-26), 1 - 0x1p-26);
}

/* P(x = 1) with the tilt added to its logit. */
static double tilted(double one, double by)
{
    return by == 0 ? one : 1 / (1 + (1 - one) / one * exp(-by));
}

/* The middle of what 32 bits say. */
static nqi_real draw_bit(uint32_t bits, double one)
{
    return (nqi_real)(((double)bits + 0.5) * 0x1p-32 < one);
}

static void draw_from(const nqi_block *block, nqi_proposal *p, const nqi_real *noise)
{
    const uint32_t *bits = nqi_bits_of(noise);
    for (size_t j = 0; j < block->count * p->rows; j++)
        p->x[j] = draw_bit(bits[j], tilted(p->mean[j], p->tilt[j]));
}

static void diffuse(const nqi_block *block, double keep, double forget, const double *from,
                    nqi_real *x, const nqi_real *noise, size_t rows)
{
    const uint32_t *bits = nqi_bits_of(noise);
    for (size_t i = 0; i < block->count; i++)
        for (size_t j = i * rows; j < (i + 1) * rows; j++)
            if (!isnan(from[j]))
                x[j] = draw_bit(bits[j], keep * (from[j] > 0) + forget * block->equilibrium[i]);
}

/* The twist of the cell of row r, which it has in common with other rows of its target. */
static int factor_of(nqi_bit_factor *factor, const nqi_block *block, const nqi_cells *cells,
                     nqi_twist twist, size_t level, size_t i, size_t r)
{
    const size_t target = cells->target[r];
    const double d = cells->value[target * cells->stride + i];
    if (isnan(d))
        return 0;
    if (r == 0 || target != cells->target[r - 1])
        *factor = nqi_bit_factor_at(twist, &block->schedule, level, d, block->equilibrium[i]);
    return 1;
}

static void multiply(const nqi_block *block, const nqi_cells *cells, nqi_twist twist,
                     size_t level, nqi_proposal *p, double *log_weight)
{
    nqi_bit_factor factor = {0, 0};
    for (size_t i = 0; i < block->count; i++)
        for (size_t r = 0; r < p->rows; r++)
            if (factor_of(&factor, block, cells, twist, level, i, r))
                log_weight[r] += nqi_bit_factor_multiply(&p->mean[i * p->rows + r], &factor);
}

static void untwist(const nqi_block *block, const nqi_cells *cells, nqi_twist twist, size_t level,
                    const nqi_proposal *p, double *log_weight)
{
    nqi_bit_factor factor = {0, 0};
    for (size_t i = 0; i < block->count; i++)
        for (size_t r = 0; r < p->rows; r++)
            if (factor_of(&factor, block, cells, twist, level, i, r))
                log_weight[r] -= p->x[i * p->rows + r] > 0 ? factor.log_one : factor.log_zero;
}

/* At x_t, which is a row of bits. */
static void ask_at(const nqi_block *block, const nqi_proposal *p, nqi_real *at)
{
    for (size_t j = 0; j < block->count * p->rows; j++)
        at[j] = p->x[j];
}

static void tilt(const nqi_block *block, nqi_proposal *p, const double *gradient)
{
    for (size_t j = 0; j < block->count * p->rows; j++)
        p->tilt[j] = !isnan(gradient[j]) && p->mean[j] > 0 && p->mean[j] < 1
                         ? fmax(-furthest_logit, fmin(furthest_logit, gradient[j]))
                         : 0;
}

static double tilt_cost(const nqi_block *block, const nqi_proposal *p, size_t row)
{
    double sum = 0;
    for (size_t i = 0; i < block->count; i++) {
        const size_t j = i * p->rows + row;
        if (p->tilt[j] != 0)
            sum += log1p(p->mean[j] * expm1(p->tilt[j])) - (p->x[j] > 0 ? p->tilt[j] : 0);
    }
    return sum;
}

static double log_law(const nqi_block *block, const nqi_proposal *p, size_t i, size_t row)
{
    const size_t j = i * p->rows + row;
    (void)block;
    return p->x[j] > 0 ? log(p->mean[j]) : log1p(-p->mean[j]);
}

static void back(const nqi_block *block, const nqi_rows *rows, const double *slope,
                 double *x_slope)
{
    for (size_t i = 0; i < block->count; i++)
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++) {
            rows->output_gradient[j] = (nqi_real)slope[j];
            x_slope[j] = 0;
        }
}

static void step(const nqi_block *block, size_t t, double x_t, size_t number,
                 const double *belief, size_t belief_stride, double *law, size_t law_stride)
{
    const nqi_binomial_step *s =
        nqi_binomial_at(block, t) + number * nqi_binomial_of(block)->stride;
    const double one = belief[0];
    (void)belief_stride;
    (void)law_stride;
    law[0] = one * (double)s->q1[x_t > 0] + (1 - one) * (double)s->q0[x_t > 0];
}

static const double pair[2] = {0, 1};

const nqi_twisting nqi_binomial_twisting = {.noise = NQI_NOISE_ODDS,
                                            .pair = pair,
                                            .prior = prior,
                                            .proper = proper,
                                            .draw_from = draw_from,
                                            .diffuse = diffuse,
                                            .multiply = multiply,
                                            .untwist = untwist,
                                            .ask_at = ask_at,
                                            .tilt = tilt,
                                            .tilt_cost = tilt_cost,
                                            .log_law = log_law,
                                            .ahead = {.back = back, .step = step}};
