/* gaussian_rates.c - dK/dbeta: back from a step's scalars to the rates that they come from.
 * With u = s x_0 - a eps, w = (cs)^2 and S = sigmoid(z_var + logit beta), the divergence of one
 * number is k = 1/2 [d + expm1(-d) + w (u - g z)^2 / S], d = log S - log v. The rates come into S
 * by the logit, or (a belief's S = v + w e^z) by w / v alone, and then dk / d log(w / v) is
 * dk / dz + w (u - g z)^2 / 2S: exact where |z| is within NQI_BELIEF_LIMIT. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/gaussian/gaussian.h"

/* Derivatives of a weighted sum of divergences at one step with respect to the scalars of that
 * step (nqi_gaussian_step), each as if independent; log_weight is of (cs)^2. */
enum { LOGIT_BETA, LOG_V, LOG_WEIGHT, LOG_GAIN, SIGNAL, SPREAD, ROOT_ALPHA };

static void add(const nqi_block *block, const nqi_rows *rows, size_t valid,
                nqi_step_gradient *out)
{
    const nqi_gaussian_step *step = &nqi_gaussian_of(block)->step[rows->t - 1];
    const size_t half = block->count * rows->ld;
    const int belief = nqi_gaussian_of(block)->belief;
    const double gain = (double)step->gain;
    double *sum = out->sum;
    for (size_t i = 0; i < block->count; i++)
        for (size_t j = i * rows->ld; j < i * rows->ld + valid; j++) {
            const double x_0 = (double)rows->x_0[j], noise = (double)rows->noise[j];
            const nqi_gaussian_read_slopes slope = nqi_gaussian_slopes_read(block, rows, j);
            const double z = (double)rows->output[j], dz = slope.z, dz_var = slope.z_var;
            const double dx = (double)rows->x_t_gradient[j] + slope.x_t;
            const double u = (double)step->spread * x_0 - (double)step->signal * noise;
            const double half_square = -0.5 * dz * (u - gain * z) / gain; /* w (u - g z)^2 / 2S */
            const double odds = exp((double)rows->output[half + j] + (double)step->logit_beta);
            sum[LOGIT_BETA] += belief ? 0 : slope.logit;
            sum[LOG_V] -= dz_var * (belief ? 1 : 1 + odds) + half_square;
            sum[LOG_WEIGHT] += (belief ? dz_var : 0) + half_square;
            sum[LOG_GAIN] += dz * z;
            sum[ROOT_ALPHA] += slope.root_alpha;
            sum[SIGNAL] += dx * x_0 + dz * noise / gain;
            sum[SPREAD] += dx * noise - dz * x_0 / gain;
        }
}

/* Splits the derivatives of step i (0-based) over beta_t, abar_{t-1} and abar_t. */
static void spread_step(const nqi_block *block, const double *g, size_t i, double *beta,
                        double *before, double *here)
{
    const nq_schedule *s = &block->schedule;
    const double rate = s->beta[i], alpha_bar = s->alpha_bar[i];
    const double complement = s->one_minus_alpha_bar[i];
    const double alpha_bar_before = i ? s->alpha_bar[i - 1] : 1;
    const double complement_before = i ? s->one_minus_alpha_bar[i - 1] : 1;
    const nqi_gaussian_tables *tables = nqi_gaussian_of(block);
    /* log g = log(beta)/2 - log(w)/2 in the forward form, 0 in the others; z of the paper's is
     * divided by sqrt(w) */
    const double log_gain = tables->forward_form ? g[LOG_GAIN] : 0;
    const double divided = tables->paper_form ? g[LOG_GAIN] : 0;
    const double log_weight = g[LOG_WEIGHT] - 0.5 * log_gain - 0.5 * divided;
    *beta = g[LOGIT_BETA] / (rate * (1 - rate)) +
            (g[LOG_V] + 2 * log_weight + 0.5 * log_gain) / rate -
            0.5 * g[ROOT_ALPHA] / sqrt(1 - rate);
    *before = -g[LOG_V] / complement_before + log_weight / alpha_bar_before;
    *here = (g[LOG_V] + log_weight) / complement + 0.5 * g[SIGNAL] / sqrt(alpha_bar) -
            0.5 * g[SPREAD] / sqrt(complement);
}

static void gradient(const nqi_block *block, const nqi_step_gradient *sums, double *out)
{
    const nq_schedule *s = &block->schedule;
    const double half_dim = 0.5 * (double)block->count;
    /* From the last step back: `slope` is the sum over s >= t of abar_s dK/dabar_s. H_q(X_T|X_0)
     * holds half_dim log(1 - abar_T). */
    const double last = s->alpha_bar[s->steps - 1] / s->one_minus_alpha_bar[s->steps - 1];
    double slope = -half_dim * last, from_next = 0;
    for (size_t i = s->steps; i-- > 0;) {
        double beta = 0, before = 0, here = 0;
        if (i > 0)
            spread_step(block, sums[i].sum, i, &beta, &before, &here);
        slope -= s->alpha_bar[i] * (here + from_next);
        from_next = before;
        out[i] = -beta - slope / (1 - s->beta[i]);
    }
    out[0] -= half_dim / s->beta[0]; /* - H_q(X_1|X_0) */
}

/* In units of K the squared error of v = signal noise - spread x_0 counts cs^2 / (2 v_t) at step t:
 * in proportion to the signal that is left. Counting all steps alike instead (Salimans & Ho 2022)
 * tells a network more about coarse structure. */
static double even_weight(const nqi_block *block, size_t t)
{
    const nqi_gaussian_tables *tables = nqi_gaussian_of(block);
    const nqi_gaussian_step *step = &tables->step[t - 1];
    if (tables->forward_form || block->first_learned == 1)
        return 0;
    return exp((double)step->log_v) / ((double)step->cs * (double)step->cs);
}

const nqi_rates nqi_gaussian_rates = {.add = add,
                                      .gradient = gradient,
                                      .even_weight = even_weight};
