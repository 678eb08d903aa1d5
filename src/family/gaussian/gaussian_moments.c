/* gaussian_moments.c - a reverse step's mean and variance from outputs, and outputs from x_0's. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/gaussian/gaussian.h"

double nqi_gaussian_belief_output(double ratio)
{
    return fmin(fmax(log(ratio), -NQI_BELIEF_LIMIT), NQI_BELIEF_LIMIT);
}

/* v + cs^2 e^z, cs^2 = abar_{t-1} beta_t^2 / (1 - abar_t); v is 0 at t = 1 */
double nqi_gaussian_belief_variance(const nqi_block *block, size_t t, double z)
{
    const nq_schedule *s = &block->schedule;
    const double limit = NQI_BELIEF_LIMIT, held = z > limit ? limit : z < -limit ? -limit : z;
    const double before = t > 1 ? s->alpha_bar[t - 2] : 1, beta = s->beta[t - 1];
    const double square = before * beta * beta / s->one_minus_alpha_bar[t - 1];
    return (t > 1 ? exp(s->log_v[t - 1]) : 0) + square * exp(held);
}

void nqi_gaussian_moments(const nqi_block *block, const nqi_rows *rows, nqi_real *mean,
                          nqi_real *variance)
{
    const nqi_gaussian_step *step = &nqi_gaussian_of(block)->step[rows->t - 1];
    const int fixed = rows->t < block->first_learned;
    const int believes = nqi_gaussian_believes(block, rows->t);
    const double beta_odds = exp((double)step->logit_beta);
    for (size_t i = 0; i < block->count; i++)
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++) {
            const double z = fixed ? 0 : (double)rows->output[j];
            const double z_var = fixed ? 0 : nqi_gaussian_z_var(block, rows, i, j);
            const double odds = beta_odds * exp(z_var);
            mean[j] = (nqi_real)((double)step->root_alpha * (double)rows->x_t[j] +
                                 (double)step->cs * (double)step->gain * z);
            variance[j] =
                (nqi_real)(believes ? nqi_gaussian_belief_variance(block, rows->t, z_var)
                                    : odds / (1 + odds));
        }
}

/* V of the step's own variance, (S - v) / c^2: good where the step is long, elsewhere a difference
 * of numbers that are nearly equal, and held at 0. */
static double divided(const nqi_gaussian_step *step, double z_var)
{
    const double odds = exp(z_var + (double)step->logit_beta);
    const double slope = (double)step->cs / (double)step->spread;
    return fmax(odds / (1 + odds) - exp((double)step->log_v), 0) / (slope * slope);
}

void nqi_gaussian_belief(const nqi_block *block, const nqi_rows *rows, nqi_real *mean,
                         nqi_real *variance)
{
    const nqi_gaussian_step *step = &nqi_gaussian_of(block)->step[rows->t - 1];
    const double complement = block->schedule.one_minus_alpha_bar[rows->t - 1];
    const double slope = (double)step->spread * (double)step->gain;
    const double limit = NQI_BELIEF_LIMIT;
    if (rows->t < block->first_learned) {
        nqi_gaussian_moments(block, rows, mean, variance);
        return;
    }
    for (size_t i = 0; i < block->count; i++)
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++) {
            const double z_var = nqi_gaussian_z_var(block, rows, i, j);
            mean[j] = (nqi_real)((double)step->signal * (double)rows->x_t[j] +
                                 slope * (double)rows->output[j]);
            variance[j] = (nqi_real)(nqi_gaussian_believes(block, rows->t)
                                         ? complement * exp(fmin(fmax(z_var, -limit), limit))
                                         : divided(step, z_var));
        }
}

/* u = (x_0 - signal x_t) / spread, of which the variance of x_{t-1} has (cs)^2. */
void nqi_gaussian_outputs(const nqi_block *block, const nqi_rows *rows, const nqi_real *mean,
                          const nqi_real *variance, nqi_real *output)
{
    const nqi_gaussian_tables *tables = nqi_gaussian_of(block);
    const nqi_gaussian_step *step = &tables->step[rows->t - 1];
    const double complement = block->schedule.one_minus_alpha_bar[rows->t - 1];
    const double spread = (double)step->spread, slope = (double)step->cs / spread;
    for (size_t i = 0; i < block->count; i++)
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++) {
            const double gap = (double)mean[j] - (double)step->signal * (double)rows->x_t[j];
            const double own = exp((double)step->log_v) + slope * slope * (double)variance[j];
            const double s = fmin(own, 0.9999);
            output[j] = (nqi_real)(gap / spread / (double)step->gain);
            output[block->count * rows->ld + j] =
                (nqi_real)(tables->belief
                               ? nqi_gaussian_belief_output((double)variance[j] / complement)
                               : log(s) - log1p(-s) - (double)step->logit_beta);
        }
}

/* x_t / sqrt(abar) is x_0 with noise of variance (1 - abar) / abar. */
void nqi_gaussian_said(const nqi_block *block, const nqi_rows *rows, nqi_real *value,
                       nqi_real *variance)
{
    const double keep = block->schedule.alpha_bar[rows->t - 1];
    const double noise = block->schedule.one_minus_alpha_bar[rows->t - 1] / keep;
    for (size_t i = 0; i < block->count; i++)
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++) {
            value[j] = (nqi_real)((double)rows->x_t[j] / sqrt(keep));
            variance[j] = (nqi_real)noise;
        }
}

/* 1/2 log(1 + c^2 V / v), with c^2 / v = before beta / (forget lost) of v = beta lost / forget; of
 * s = 0 that of 2 pi e V. */
double nqi_gaussian_jump_cost(const nqi_block *block, const nqi_jump *jump, size_t i,
                              const nqi_real *law, size_t stride, double variance, double x_t)
{
    const double two_pi_e = 17.079468445347132;
    (void)block;
    (void)i;
    (void)law;
    (void)stride;
    (void)x_t;
    if (!(jump->lost > 0))
        return 0.5 * log(two_pi_e * variance);
    return 0.5 * log1p(jump->before * jump->beta * variance / (jump->forget * jump->lost));
}
