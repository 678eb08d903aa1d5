/* gaussian.c - each number decays by sqrt(alpha_t) and gains noise of variance beta_t. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "family/gaussian/gaussian.h"

/* A posterior of x_0 given x_0 is a point; its variance in the tables is beta_1 e^-point_log. */
static const double point_log = 30;
static const double two_pi = 6.28318530717958647692;

static nqi_gaussian_step step_tables(const nqi_process *process, size_t i)
{
    const nq_schedule *s = &process->schedule;
    const double before = i ? s->alpha_bar[i - 1] : 1;
    const double beta = s->beta[i], spread = sqrt(s->one_minus_alpha_bar[i]);
    const double cs = sqrt(before) * beta / spread;
    return (nqi_gaussian_step){
        .signal = (nqi_real)sqrt(s->alpha_bar[i]),
        .spread = (nqi_real)spread,
        .root_alpha = (nqi_real)sqrt(1 - beta),
        .cs = (nqi_real)cs,
        .gain = (nqi_real)(process->forward_form ? sqrt(beta) / cs : 1),
        .logit_beta = (nqi_real)(log(beta) - log1p(-beta)),
        .log_v = (nqi_real)(i ? s->log_v[i] : log(beta) - point_log),
    };
}

static nq_status gaussian_prepare(nqi_process *process)
{
    const size_t steps = process->schedule.steps;
    if (!process->gaussian)
        process->gaussian = calloc(steps, sizeof *process->gaussian);
    if (!process->gaussian)
        return NQ_ERROR_MEMORY;
    /* A rate of 1 has no logit; .999 forgets as well (findings: float32 traps). What is asked for
     * is refused before; a learned rate is held here. */
    int capped = 0;
    double *beta = process->schedule.beta;
    for (size_t i = 0; i < steps; i++)
        if (beta[i] > 0.999) {
            beta[i] = 0.999;
            capped = 1;
        }
    if (capped) {
        nq_schedule fresh;
        const nq_status status = nq_schedule_from_beta(&fresh, NULL, beta, steps);
        if (status)
            return status;
        nq_schedule_free(&process->schedule);
        process->schedule = fresh;
    }
    for (size_t i = 0; i < steps; i++)
        process->gaussian[i] = step_tables(process, i);
    return NQ_OK;
}

static void gaussian_draw(const nqi_process *process, nqi_batch *batch, const nqi_stream *stream)
{
    batch->tape.ops->random_normal(batch->noise, stream, 0, process->dim * batch->tape.ld);
}

static void gaussian_corrupt(const nqi_process *process, nqi_batch *batch, size_t group)
{
    const nqi_tape *tape = &batch->tape;
    const size_t at = group * tape->group_rows;
    tape->ops->gaussian_corrupt(nqi_batch_x_t(batch) + at, batch->x_0 + at, batch->noise + at,
                                tape->ld, &process->gaussian[tape->time[group] - 1], process->dim,
                                tape->group_rows);
}

static void gaussian_divergence(const nqi_process *process, nqi_batch *batch, size_t group,
                                size_t first, size_t count, nqi_real *kl, nqi_real weight,
                                int gradient)
{
    const nqi_tape *tape = &batch->tape;
    const size_t at = first * tape->ld + group * tape->group_rows, half = process->dim * tape->ld;
    const nqi_real *z = nqi_batch_output(batch) + at;
    nqi_real *dz = gradient ? tape->grad[tape->graph->output] + at : NULL;
    tape->ops->gaussian_divergence(kl, dz, dz ? dz + half : NULL, z, z + half, batch->x_0 + at,
                                   batch->noise + at, tape->ld,
                                   &process->gaussian[tape->time[group] - 1], weight, count,
                                   tape->group_rows);
}

static void gaussian_start(const nqi_process *process, nqi_batch *batch)
{
    nqi_real *x_t = nqi_batch_x_t(batch);
    for (size_t i = 0; i < process->dim * batch->tape.ld; i++)
        x_t[i] = batch->noise[i];
}

/* Around the last step: N(sqrt(alpha_1) x_1, beta_1), the forward kernel. */
static void last_step(const nqi_process *process, nqi_batch *batch, size_t at)
{
    const nqi_tape *tape = &batch->tape;
    const nqi_real keep = process->gaussian[0].root_alpha;
    const nqi_real deviation = (nqi_real)sqrt(process->schedule.beta[0]);
    nqi_real *x_t = nqi_batch_x_t(batch) + at;
    const nqi_real *noise = batch->noise + at;
    for (size_t i = 0; i < process->dim; i++)
        for (size_t r = 0; r < tape->group_rows; r++)
            x_t[i * tape->ld + r] =
                keep * x_t[i * tape->ld + r] + deviation * noise[i * tape->ld + r];
}

static void gaussian_reverse(const nqi_process *process, nqi_batch *batch, size_t group)
{
    const nqi_tape *tape = &batch->tape;
    const size_t at = group * tape->group_rows, t = tape->time[group];
    nqi_real *x_t = nqi_batch_x_t(batch) + at;
    if (t < process->first_learned) {
        last_step(process, batch, at);
        return;
    }
    const nqi_real *z = nqi_batch_output(batch) + at;
    tape->ops->gaussian_reverse(x_t, x_t, z, z + process->dim * tape->ld, batch->noise + at,
                                tape->ld, &process->gaussian[t - 1], process->dim,
                                tape->group_rows);
}

static void gaussian_moments(const nqi_process *process, const nqi_batch *batch, size_t group,
                             nqi_real *mean, nqi_real *variance)
{
    const nqi_tape *tape = &batch->tape;
    const size_t t = tape->time[group], at = group * tape->group_rows;
    const nqi_gaussian_step *step = &process->gaussian[t - 1];
    const int fixed = t < process->first_learned;
    const double beta_odds = exp((double)step->logit_beta);
    for (size_t i = 0; i < process->dim; i++)
        for (size_t r = at; r < at + tape->group_rows; r++) {
            const size_t j = i * tape->ld + r;
            const double z = fixed ? 0 : (double)nqi_batch_output(batch)[j];
            const double z_var =
                fixed ? 0 : (double)nqi_batch_output(batch)[process->dim * tape->ld + j];
            const double odds = beta_odds * exp(z_var);
            mean[j] = (nqi_real)((double)step->root_alpha * (double)nqi_batch_x_t(batch)[j] +
                                 (double)step->cs * (double)step->gain * z);
            variance[j] = (nqi_real)(odds / (1 + odds));
        }
}

static double gaussian_entropy(const nqi_process *process, const nqi_real *x_0, size_t stride,
                               size_t t)
{
    (void)x_0;
    (void)stride;
    return (double)process->dim / 2 *
           (log(two_pi) + 1 + log(process->schedule.one_minus_alpha_bar[t - 1]));
}

/* With log v = log beta_1 - point_log at t = 1, d + expm1(-d) is log S - log v - 1: the kernel then
 * gives the cross-entropy of x_0 less the entropy of a Gaussian of variance v. */
static double gaussian_entropy_first(const nqi_process *process, const nqi_real *x_0,
                                     size_t stride)
{
    if (process->first_learned > 1)
        return gaussian_entropy(process, x_0, stride, 1);
    return (double)process->dim / 2 *
           (log(two_pi) + 1 + log(process->schedule.beta[0]) - point_log);
}

static double gaussian_entropy_prior(const nqi_process *process)
{
    return (double)process->dim / 2 * (log(two_pi) + 1);
}

static double square_norm(const nqi_process *process, const nqi_real *x_0, size_t stride)
{
    double sum = 0;
    for (size_t i = 0; i < process->dim; i++)
        sum += (double)x_0[i * stride] * (double)x_0[i * stride];
    return sum;
}

/* -1/2 (beta_1 + alpha_bar_T) (|x_0|^2 - n); beta_1 only while the last step is fixed */
static double gaussian_edge(const nqi_process *process, const nqi_real *x_0, size_t stride)
{
    const nq_schedule *s = &process->schedule;
    const double first = process->first_learned == 1 ? 0 : s->beta[0];
    return -0.5 * (first + s->alpha_bar[s->steps - 1]) *
           (square_norm(process, x_0, stride) - (double)process->dim);
}

static double gaussian_log_prior(const nqi_process *process, const nqi_real *x_0, size_t stride)
{
    return -0.5 * (square_norm(process, x_0, stride) + (double)process->dim * log(two_pi));
}

/* Neither depends on the data. */
static double gaussian_entropy_mean(const nqi_process *process, const double *column_mean,
                                    size_t t)
{
    (void)column_mean;
    return t ? gaussian_entropy(process, NULL, 0, t) : -INFINITY;
}

static double gaussian_entropy_step(const nqi_process *process, const double *column_mean,
                                    size_t t)
{
    (void)column_mean;
    return (double)process->dim / 2 * (log(two_pi) + 1 + log(process->schedule.beta[t - 1]));
}

const nqi_family nqi_family_gaussian = {
    .name = "gaussian",
    .rate_most = 0.999, /* float32 divides by what is left */
    .brief = {"log-snr", 50, 0},
    .outputs = 2,
    .is_density = 1,
    .has_rate_gradient = 1,
    .constant_fraction = "constant-fraction-gaussian",
    .options = " mean_form ",
    /* Small tables of real numbers overfit without dropout: on 1440 rows of wine and 927 of
     * concrete, hold-out K rose by .55 and 1.8 nats. Bits did not gain (docs/results.md). */
    .defaults = {.schedule = "log-snr", .steps = 200, .dropout = 0.1},
    .prepare = gaussian_prepare,
    .draw = gaussian_draw,
    .corrupt = gaussian_corrupt,
    .divergence = gaussian_divergence,
    .start = gaussian_start,
    .reverse = gaussian_reverse,
    .moments = gaussian_moments,
    .entropy_given_data = gaussian_entropy,
    .entropy_first = gaussian_entropy_first,
    .entropy_prior = gaussian_entropy_prior,
    .edge = gaussian_edge,
    .log_prior = gaussian_log_prior,
    .forward_step = nqi_gaussian_forward_step,
    .log_ratio = nqi_gaussian_log_ratio,
    .entropy_mean = gaussian_entropy_mean,
    .entropy_step = gaussian_entropy_step,
};

/* m_t as sqrt(alpha_t) x_t plus a multiple of x_0 - sqrt(abar_t) x_t, which is what the data adds
 * to the kernel; the two weights are products and ratios, without cancellation. */
void nqi_gaussian_posterior(const nq_schedule *schedule, size_t t, nqi_real x_t, nqi_real x_0,
                            nqi_real *mean, nqi_real *variance)
{
    const size_t i = t - 1;
    const double before = i ? schedule->alpha_bar[i - 1] : 1;
    const double before_complement = i ? schedule->one_minus_alpha_bar[i - 1] : 0;
    const double complement = schedule->one_minus_alpha_bar[i], beta = schedule->beta[i];
    const double weight_0 = sqrt(before) * beta / complement;
    const double weight_t = sqrt(1 - beta) * before_complement / complement;
    *mean = (nqi_real)(weight_0 * (double)x_0 + weight_t * (double)x_t);
    *variance = (nqi_real)(beta * before_complement / complement);
}

nqi_real nqi_gaussian_kl(nqi_real mean_0, nqi_real variance_0, nqi_real mean_1,
                         nqi_real variance_1)
{
    const double d = log((double)variance_1) - log((double)variance_0);
    const double gap = (double)mean_0 - (double)mean_1;
    return (nqi_real)(0.5 * (d + expm1(-d) + gap * gap / (double)variance_1));
}
