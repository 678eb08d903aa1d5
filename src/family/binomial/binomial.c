/* binomial.c - each bit relaxes towards its mean m with rate beta_t. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "family/binomial/binomial.h"

void nqi_binomial_posterior(const nq_schedule *schedule, size_t t, double m, int x_t, int x_0,
                            double *one, double *zero)
{
    const size_t i = t - 1;
    const double keep = i ? schedule->alpha_bar[i - 1] : 1;
    const double forget = i ? schedule->one_minus_alpha_bar[i - 1] : 0;
    const double beta = schedule->beta[i];
    const double weight_1 = kernel(1 - beta, beta, m, 1, x_t) * kernel(keep, forget, m, x_0, 1);
    const double weight_0 = kernel(1 - beta, beta, m, 0, x_t) * kernel(keep, forget, m, x_0, 0);
    *one = weight_1 / (weight_1 + weight_0);
    *zero = weight_0 / (weight_1 + weight_0);
}

static double xlogx(double p)
{
    return p > 0 ? p * log(p) : 0;
}

nqi_real nqi_bernoulli_kl(nqi_real one, nqi_real zero, nqi_real z)
{
    /* log sigmoid both ways, each without cancellation */
    const double x = (double)z;
    const double log_one = x < 0 ? x - log1p(exp(x)) : -log1p(exp(-x));
    const double log_zero = x > 0 ? -x - log1p(exp(-x)) : -log1p(exp(x));
    /* the larger one is near 1, where only the smaller has its logarithm's digits */
    const double a = (double)one, b = (double)zero;
    const double first = a > 0 ? a * ((a > b ? log1p(-b) : log(a)) - log_one) : 0;
    const double second = b > 0 ? b * ((b > a ? log1p(-a) : log(b)) - log_zero) : 0;
    return (nqi_real)(first + second);
}

static nqi_binomial_step step_tables(const nq_schedule *schedule, size_t t, double m)
{
    nqi_binomial_step step;
    const double keep = schedule->alpha_bar[t - 1];
    const double forget = schedule->one_minus_alpha_bar[t - 1];
    const double beta = schedule->beta[t - 1];
    const double before = t > 1 ? schedule->alpha_bar[t - 2] : 1;
    for (int x_t = 0; x_t < 2; x_t++) {
        double one[2], zero[2];
        nqi_binomial_posterior(schedule, t, m, x_t, 0, &one[0], &zero[0]);
        nqi_binomial_posterior(schedule, t, m, x_t, 1, &one[1], &zero[1]);
        step.q0[x_t] = (nqi_real)one[0];
        step.q0c[x_t] = (nqi_real)zero[0];
        step.q1[x_t] = (nqi_real)one[1];
        step.q1c[x_t] = (nqi_real)zero[1];
        /* one[1] - one[0] in closed form: the numerators' difference is
         * q(x_t|1) q(x_t|0) (q(1|1) q(0|0) - q(0|1) q(1|0)), and the bracket is alpha_bar_{t-1}. */
        const double one_to = kernel(1 - beta, beta, m, 1, x_t);
        const double zero_to = kernel(1 - beta, beta, m, 0, x_t);
        const double from_one = kernel(keep, forget, m, 1, x_t);
        const double from_zero = kernel(keep, forget, m, 0, x_t);
        step.gap[x_t] = (nqi_real)(before * one_to * zero_to / (from_one * from_zero));
        step.logit_prior[x_t] = (nqi_real)(log(m) - log1p(-m) + log(from_one) - log(from_zero));
        step.flip[x_t] = (nqi_real)kernel(keep, forget, m, x_t, 1);
    }
    return step;
}

static nq_status binomial_prepare(nqi_process *process)
{
    const size_t steps = process->schedule.steps;
    const size_t width = process->shared_activity ? 1 : process->dim;
    process->binomial_stride = process->shared_activity ? 0 : 1;
    if (!process->binomial)
        process->binomial = calloc(steps * width, sizeof *process->binomial);
    if (!process->binomial)
        return NQ_ERROR_MEMORY;
    for (size_t t = 1; t <= steps; t++)
        for (size_t i = 0; i < width; i++)
            process->binomial[(t - 1) * width + i] =
                step_tables(&process->schedule, t, process->activity[i]);
    return NQ_OK;
}

static void binomial_draw(const nqi_process *process, nqi_batch *batch, const nqi_stream *stream)
{
    batch->tape.ops->random_bits(noise_bits(batch), stream, 0, process->dim * batch->tape.ld);
}

static void binomial_corrupt(const nqi_process *process, nqi_batch *batch, size_t group)
{
    const nqi_tape *tape = &batch->tape;
    const size_t at = group * tape->group_rows;
    tape->ops->binomial_corrupt(nqi_batch_x_t(batch) + at, batch->x_0 + at,
                                noise_bits(batch) + at, tape->ld,
                                tables(process, tape->time[group]), process->binomial_stride,
                                process->dim, tape->group_rows);
}

static void binomial_divergence(const nqi_process *process, nqi_batch *batch, size_t group,
                                size_t first, size_t count, nqi_real *kl, nqi_real weight,
                                int gradient)
{
    const nqi_tape *tape = &batch->tape;
    const size_t at = first * tape->ld + group * tape->group_rows;
    tape->ops->binomial_divergence(kl, gradient ? tape->grad[tape->graph->output] + at : NULL,
                                   nqi_batch_output(batch) + at, batch->x_0 + at,
                                   nqi_batch_x_t(batch) + at, tape->ld,
                                   tables(process, tape->time[group]) +
                                       first * process->binomial_stride,
                                   process->binomial_stride, weight, count, tape->group_rows);
}

static void binomial_start(const nqi_process *process, nqi_batch *batch)
{
    nqi_real *x_t = nqi_batch_x_t(batch);
    const size_t ld = batch->tape.ld;
    for (size_t i = 0; i < process->dim; i++) {
        const double threshold = process->activity[i] * 4294967296.0;
        for (size_t r = 0; r < ld; r++)
            x_t[i * ld + r] = (double)noise_bits(batch)[i * ld + r] < threshold;
    }
}

/* p(x_0|x_1) = T_pi(x_0|x_1; beta_1): a bit is kept, or drawn from pi. */
static void last_step(const nqi_process *process, nqi_batch *batch, size_t at)
{
    const nqi_tape *tape = &batch->tape;
    const double beta = process->schedule.beta[0];
    nqi_real *x_t = nqi_batch_x_t(batch) + at;
    const uint32_t *bits = noise_bits(batch) + at;
    for (size_t i = 0; i < process->dim; i++)
        for (size_t r = 0; r < tape->group_rows; r++) {
            const size_t j = i * tape->ld + r;
            const double one = kernel(1 - beta, beta, process->activity[i], x_t[j] > 0, 1);
            x_t[j] = (double)bits[j] < one * 4294967296.0;
        }
}

static void binomial_reverse(const nqi_process *process, nqi_batch *batch, size_t group)
{
    const nqi_tape *tape = &batch->tape;
    const size_t at = group * tape->group_rows, t = tape->time[group];
    nqi_real *x_t = nqi_batch_x_t(batch) + at;
    if (t < process->first_learned) {
        last_step(process, batch, at);
        return;
    }
    tape->ops->binomial_reverse(x_t, x_t, nqi_batch_output(batch) + at, noise_bits(batch) + at,
                                tape->ld, tables(process, t), process->binomial_stride,
                                process->dim, tape->group_rows);
}

static void binomial_moments(const nqi_process *process, const nqi_batch *batch, size_t group,
                             nqi_real *mean, nqi_real *variance)
{
    const int fixed = batch->tape.time[group] < process->first_learned;
    const nqi_tape *tape = &batch->tape;
    const size_t t = tape->time[group], at = group * tape->group_rows;
    for (size_t i = 0; i < process->dim; i++) {
        const nqi_binomial_step *step = tables(process, t) + i * process->binomial_stride;
        const double beta = process->schedule.beta[0], m = process->activity[i];
        for (size_t r = at; r < at + tape->group_rows; r++) {
            const size_t j = i * tape->ld + r;
            const int x_t = nqi_batch_x_t(batch)[j] > 0;
            const double z =
                fixed ? 0 : (double)nqi_batch_output(batch)[j] + (double)step->logit_prior[x_t];
            const double rho = 1 / (1 + exp(-z));
            const double one =
                fixed ? kernel(1 - beta, beta, m, x_t, 1)
                      : rho * (double)step->q1[x_t] + (1 - rho) * (double)step->q0[x_t];
            mean[j] = (nqi_real)one;
            variance[j] = (nqi_real)(one * (1 - one));
        }
    }
}

static double bit_entropy(double p)
{
    return -xlogx(p) - xlogx(1 - p);
}

static double binomial_entropy(const nqi_process *process, const nqi_real *x_0, size_t stride,
                               size_t t)
{
    const double keep = process->schedule.alpha_bar[t - 1];
    const double forget = process->schedule.one_minus_alpha_bar[t - 1];
    double sum = 0;
    for (size_t i = 0; i < process->dim; i++) {
        const int bit = x_0[i * stride] > 0;
        const double one = kernel(keep, forget, process->activity[i], bit, 1);
        const double zero = kernel(keep, forget, process->activity[i], bit, 0);
        sum -= xlogx(one) + xlogx(zero);
    }
    return sum;
}

/* Where p(x_0|x_1) is learned, the divergence at t = 1 is -log p(x_0|x_1) as it stands. */
static double binomial_entropy_first(const nqi_process *process, const nqi_real *x_0,
                                     size_t stride)
{
    return process->first_learned > 1 ? binomial_entropy(process, x_0, stride, 1) : 0;
}

static double binomial_entropy_prior(const nqi_process *process)
{
    double sum = 0;
    for (size_t i = 0; i < process->dim; i++)
        sum += bit_entropy(process->activity[i]);
    return sum;
}

/* sum_i logit(m_i) (beta_1 + alpha_bar_T) (x_{0,i} - m_i) */
static double binomial_edge(const nqi_process *process, const nqi_real *x_0, size_t stride)
{
    const nq_schedule *s = &process->schedule;
    double sum = 0;
    for (size_t i = 0; i < process->dim; i++) {
        const double m = process->activity[i];
        sum += (log(m) - log1p(-m)) * ((double)x_0[i * stride] - m);
    }
    const double first = process->first_learned == 1 ? 0 : s->beta[0];
    return sum * (first + s->alpha_bar[s->steps - 1]);
}

static double binomial_log_prior(const nqi_process *process, const nqi_real *x_0, size_t stride)
{
    double sum = 0;
    for (size_t i = 0; i < process->dim; i++)
        sum += x_0[i * stride] > 0 ? log(process->activity[i]) : log1p(-process->activity[i]);
    return sum;
}

/* Mean of h over a bit that is 1 with probability `part` before `forget` of it is drawn anew. */
static double relaxed_entropy(double part, double keep, double forget, double m)
{
    double sum = 0;
    for (int from = 0; from < 2; from++) {
        const double one = kernel(keep, forget, m, from, 1);
        const double zero = kernel(keep, forget, m, from, 0);
        sum -= (from ? part : 1 - part) * (xlogx(one) + xlogx(zero));
    }
    return sum;
}

static double binomial_entropy_mean(const nqi_process *process, const double *column_mean,
                                    size_t t)
{
    double sum = 0;
    for (size_t i = 0; t && i < process->dim; i++)
        sum +=
            relaxed_entropy(column_mean[i], process->schedule.alpha_bar[t - 1],
                            process->schedule.one_minus_alpha_bar[t - 1], process->activity[i]);
    return sum;
}

/* x_{t-1} is 1 with probability abar_{t-1} c + (1 - abar_{t-1}) m for a column of mean c. */
static double binomial_entropy_step(const nqi_process *process, const double *column_mean,
                                    size_t t)
{
    const nq_schedule *s = &process->schedule;
    const double keep = t > 1 ? s->alpha_bar[t - 2] : 1;
    const double forget = t > 1 ? s->one_minus_alpha_bar[t - 2] : 0;
    double sum = 0;
    for (size_t i = 0; i < process->dim; i++) {
        const double m = process->activity[i];
        sum += relaxed_entropy(keep * column_mean[i] + forget * m, 1 - s->beta[t - 1],
                               s->beta[t - 1], m);
    }
    return sum;
}

static int binomial_holds(double x)
{
    return x == 0 || x == 1;
}

const nqi_family nqi_family_binomial = {
    .name = "binomial",
    .outputs = 1,
    .rate_most = 1,
    .has_activity = 1,
    .holds = binomial_holds,
    .constant_fraction = "constant-fraction",
    .options = " activity ",
    .defaults = {.schedule = "constant-fraction", .scale = "none", .steps = 1000, .narrow = 32},
    .brief = {"constant-fraction", 40, 1}, /* a learned last step of bits costs nothing */
    .prepare = binomial_prepare,
    .draw = binomial_draw,
    .corrupt = binomial_corrupt,
    .divergence = binomial_divergence,
    .start = binomial_start,
    .reverse = binomial_reverse,
    .moments = binomial_moments,
    .entropy_given_data = binomial_entropy,
    .entropy_first = binomial_entropy_first,
    .entropy_prior = binomial_entropy_prior,
    .edge = binomial_edge,
    .log_prior = binomial_log_prior,
    .forward_step = nqi_binomial_forward_step,
    .log_ratio = nqi_binomial_log_ratio,
    .entropy_mean = binomial_entropy_mean,
    .entropy_step = binomial_entropy_step,
};
