/* schedule_gradient.c - dK/dbeta: back from a step's scalars to the rates that they come from.
 * With u = s x_0 - a eps, w = (cs)^2 and S = sigmoid(z_var + logit beta), the divergence of one
 * number is k = 1/2 [d + expm1(-d) + w (u - g z)^2 / S], d = log S - log v. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "diffusion/schedule_gradient.h"

#include <math.h>
#include <string.h>

void nqi_step_gradient_add(nqi_step_gradient *sum, const nqi_process *process,
                           const nqi_batch *batch, size_t group)
{
    const nqi_tape *tape = &batch->tape;
    const nqi_gaussian_step *step = &process->gaussian[tape->time[group] - 1];
    const size_t half = process->dim * tape->ld;
    const nqi_real *output = nqi_batch_output(batch), *slope = tape->grad[tape->graph->output];
    const nqi_real *dx_t = tape->grad[tape->graph->input];
    const double gain = (double)step->gain;
    const size_t first = group * tape->group_rows;
    for (size_t i = 0; i < process->dim; i++)
        for (size_t r = first; r < first + tape->group_rows && r < batch->valid_rows; r++) {
            const size_t j = i * tape->ld + r;
            const double x_0 = (double)batch->x_0[j], noise = (double)batch->noise[j];
            const double z = (double)output[j], dz = (double)slope[j];
            const double dz_var = (double)slope[half + j], dx = (double)dx_t[j];
            const double u = (double)step->spread * x_0 - (double)step->signal * noise;
            const double half_square = -0.5 * dz * (u - gain * z) / gain; /* w (u - g z)^2 / 2S */
            const double odds = exp((double)output[half + j] + (double)step->logit_beta);
            sum->logit_beta += dz_var;
            sum->log_v -= dz_var * (1 + odds) + half_square;
            sum->log_weight += half_square;
            sum->log_gain += dz * z;
            sum->signal += dx * x_0 + dz * noise / gain;
            sum->spread += dx * noise - dz * x_0 / gain;
        }
}

/* Splits the derivatives of step i (0-based) over beta_t, abar_{t-1} and abar_t. */
static void spread_step(const nqi_process *process, const nqi_step_gradient *g, size_t i,
                        double *beta, double *before, double *here)
{
    const nq_schedule *s = &process->schedule;
    const double rate = s->beta[i], alpha_bar = s->alpha_bar[i];
    const double complement = s->one_minus_alpha_bar[i];
    const double alpha_bar_before = i ? s->alpha_bar[i - 1] : 1;
    const double complement_before = i ? s->one_minus_alpha_bar[i - 1] : 1;
    /* log g = log(beta)/2 - log(w)/2 in the forward form, 0 in the other */
    const double log_gain = process->forward_form ? g->log_gain : 0;
    const double log_weight = g->log_weight - 0.5 * log_gain;
    *beta =
        g->logit_beta / (rate * (1 - rate)) + (g->log_v + 2 * log_weight + 0.5 * log_gain) / rate;
    *before = -g->log_v / complement_before + log_weight / alpha_bar_before;
    *here = (g->log_v + log_weight) / complement + 0.5 * g->signal / sqrt(alpha_bar) -
            0.5 * g->spread / sqrt(complement);
}

void nqi_schedule_gradient(double *gradient, const nqi_process *process,
                           const nqi_step_gradient *sums)
{
    const nq_schedule *s = &process->schedule;
    const double half_dim = 0.5 * (double)process->dim;
    /* From the last step back: `slope` is the sum over s >= t of abar_s dK/dabar_s. H_q(X_T|X_0)
     * holds half_dim log(1 - abar_T). */
    const double last = s->alpha_bar[s->steps - 1] / s->one_minus_alpha_bar[s->steps - 1];
    double slope = -half_dim * last, from_next = 0;
    for (size_t i = s->steps; i-- > 0;) {
        double beta = 0, before = 0, here = 0;
        if (i > 0)
            spread_step(process, &sums[i], i, &beta, &before, &here);
        slope -= s->alpha_bar[i] * (here + from_next);
        from_next = before;
        gradient[i] = -beta - slope / (1 - s->beta[i]);
    }
    gradient[0] -= half_dim / s->beta[0]; /* - H_q(X_1|X_0) */
}
