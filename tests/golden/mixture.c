/* mixture.c - the best that any model can do on two Gaussians: K of the Bayes-optimal kernel.
 * Data .5 N(-m, s^2) + .5 N(m, s^2), m^2 = 1 - s^2. Mean and variance of x_{t-1} given x_t are
 * closed forms; the expectation over x_t is a quadrature, in which the library's own divergence
 * scores them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "golden/chain.h"
#include "inside.h"

enum { POINTS = 1024, ROWS = 2 * POINTS };

typedef struct mixture {
    nq_schedule schedule;
    double m, s2;
} mixture;

/* Moments of x_0 given x_t, and from them those of x_{t-1}. */
typedef struct optimum {
    double data_mean, data_variance, mean, variance;
} optimum;

static optimum optimum_at(const mixture *mix, size_t t, double x)
{
    const nq_schedule *s = &mix->schedule;
    const double signal = sqrt(s->alpha_bar[t - 1]), noise = s->one_minus_alpha_bar[t - 1];
    const double variance = s->alpha_bar[t - 1] * mix->s2 + noise, beta = s->beta[t - 1];
    const double pull = mix->s2 * signal / variance;
    /* x_0 given x_t and the component: m (1 - pull signal) apart from 0, so 2 of it in all */
    const double half = mix->m * (noise / variance), tilt = tanh(mix->m * signal * x / variance);
    optimum best;
    best.data_mean = pull * x + half * tilt;
    best.data_variance = mix->s2 * noise / variance + half * half * (1 - tilt) * (1 + tilt);
    const double before = s->alpha_bar[t - 2], noise_before = s->one_minus_alpha_bar[t - 2];
    const double weight = sqrt(before) * beta / noise;
    best.mean = weight * best.data_mean + sqrt(1 - beta) * noise_before / noise * x;
    best.variance = beta * noise_before / noise + weight * weight * best.data_variance;
    return best;
}

/* z and z_var that say N(mean, variance). */
static void set_row(linear_chain *chain, size_t t, size_t r, double x, double mean,
                    double variance)
{
    const double beta = chain->process.schedule.beta[t - 1];
    const nqi_gaussian_step *step = gaussian_step(&chain->process, t);
    nqi_real *output = chain->batch.tape.value[chain->graph.output];
    const double gain = (double)step->cs * (double)step->gain;
    output[r] = (nqi_real)((mean - sqrt(1 - beta) * x) / gain);
    output[chain->batch.tape.ld + r] =
        (nqi_real)(log(variance) - log1p(-variance) - log(beta) + log1p(-beta));
}

/* x_0 and the noise that make x_t = x with it. */
static void set_data(linear_chain *chain, size_t t, size_t r, double x, double x_0)
{
    const nq_schedule *s = &chain->process.schedule;
    chain->batch.x_0[r] = (nqi_real)x_0;
    chain->batch.noise[r] =
        (nqi_real)((x - sqrt(s->alpha_bar[t - 1]) * x_0) / sqrt(s->one_minus_alpha_bar[t - 1]));
}

/* Density of x_t times the spacing of the points 0, h, 2 h, ...; the law is even, so that the
 * trapezoid rule has half of the weight of a whole point at 0. */
static double point_weight(const mixture *mix, size_t t, double x, double spacing)
{
    const double signal = sqrt(mix->schedule.alpha_bar[t - 1]);
    const double variance =
        mix->schedule.alpha_bar[t - 1] * mix->s2 + mix->schedule.one_minus_alpha_bar[t - 1];
    const double up = x - signal * mix->m, down = x + signal * mix->m;
    const double density = exp(-0.5 * up * up / variance) + exp(-0.5 * down * down / variance);
    return density * spacing / sqrt(6.28318530717958647692 * variance) * (x > 0 ? 1 : 0.5);
}

/* E KL_t of the optimum with the variance that depends on x, and with its mean. For given x_t the
 * divergence is quadratic in x_0: two points at one standard deviation are exact. */
static void step_kl(double kl[2], const mixture *mix, linear_chain *chain, size_t t)
{
    const nq_schedule *s = &mix->schedule;
    const double reach =
        sqrt(s->alpha_bar[t - 1]) * mix->m +
        9.5 * sqrt(s->alpha_bar[t - 1] * mix->s2 + s->one_minus_alpha_bar[t - 1]);
    const double spacing = reach / POINTS;
    double weight[POINTS], total = 0, variance = 0;
    for (size_t k = 0; k < POINTS; k++) {
        const double x = spacing * (double)k;
        weight[k] = point_weight(mix, t, x, spacing);
        total += weight[k];
        variance += weight[k] * optimum_at(mix, t, x).variance;
    }
    chain->batch.tape.time[0] = (uint32_t)t;
    for (int constant = 0; constant < 2; constant++) {
        for (size_t r = 0; r < ROWS; r++) {
            const double x = spacing * (double)(r / 2);
            const optimum best = optimum_at(mix, t, x);
            const double away = (r & 1 ? 1 : -1) * sqrt(best.data_variance);
            set_data(chain, t, r, x, best.data_mean + away);
            set_row(chain, t, r, x, best.mean, constant ? variance / total : best.variance);
        }
        nqi_batch_divergence(&chain->process, &chain->batch, 0, 1, 0);
        kl[constant] = 0;
        for (size_t r = 0; r < ROWS; r++)
            kl[constant] += 0.5 * weight[r / 2] * (double)chain->batch.kl[r] / total;
    }
}

/* Rows [t, x, mean, variance], through the family's moments. */
static void check_probes(golden_case *c, const mixture *mix, linear_chain *chain)
{
    const char *const output = "probe_rows_t_x_mean_var";
    size_t count;
    if (!golden_offers(c, output))
        return;
    const double *rows = golden_rows(c, output, 4, &count);
    nqi_real *mean = golden_new(c, 2 * chain->batch.tape.ld, sizeof *mean);
    nqi_real *variance = mean + chain->batch.tape.ld;
    for (size_t i = 0; i < count; i++) {
        const double *row = rows + 4 * i;
        if (!(row[0] >= 2 && row[0] <= (double)mix->schedule.steps))
            golden_damaged(c, "output \"%s\": there is no step %g", output, row[0]);
        const size_t t = (size_t)row[0];
        const optimum best = optimum_at(mix, t, row[1]);
        chain->batch.tape.time[0] = (uint32_t)t;
        nqi_batch_x_t(&chain->batch)[0] = (nqi_real)row[1];
        set_row(chain, t, 0, row[1], best.mean, best.variance);
        nqi_batch_moments(&chain->process, &chain->batch, 0, mean, variance);
        golden_check_at(c, "mean of probe row", i, (double)mean[0], row[2],
                        golden_float_scale(1));
        golden_check_at(c, "variance of probe row", i, (double)variance[0], row[3], 0);
    }
}

/* All T values, or [value, t] of one step. */
static void check_kl(golden_case *c, const double *kl, size_t steps)
{
    size_t count;
    const double *expected = golden_list(c, golden_output(c, "kl_t"), "kl_t", 0, &count);
    if (count == steps)
        golden_check_list(c, "kl_t", kl, steps, golden_float_scale(1));
    else if (count == 2 && expected[1] >= 1 && expected[1] <= (double)steps)
        golden_check_at(c, "kl_t", (size_t)expected[1] - 1, kl[(size_t)expected[1] - 1],
                        expected[0], golden_float_scale(1));
    else
        golden_damaged(c, "output \"kl_t\": expected %zu numbers, or a number and its step",
                       steps);
}

void golden_check_mixture_optimum(golden_case *c)
{
    mixture mix;
    linear_chain chain;
    const double s = golden_number(c, "s");
    if (!(s > 0 && s < 1))
        golden_damaged(c, "input \"s\" is %g: expected a number between 0 and 1", s);
    golden_schedule(&mix.schedule, c);
    mix.s2 = s * s;
    mix.m = sqrt((1 - s) * (1 + s));
    const size_t steps = mix.schedule.steps;
    double *kl = golden_new(c, steps, sizeof *kl), paid = 0, paid_constant = 0;
    chain_new(&chain, c, &mix.schedule, 1, ROWS, 0);
    for (size_t t = 2; t <= steps; t++) {
        double both[2];
        step_kl(both, &mix, &chain, t);
        kl[t - 1] = both[0];
        paid += both[0];
        paid_constant += both[1];
    }
    const double scale = fmax(1, paid), entropies = chain_entropies(&chain);
    check_kl(c, kl, steps);
    golden_check_output(c, "K", entropies - paid, scale);
    golden_check_offered(c, "K_const_var", entropies - paid_constant, scale);
    golden_check_offered(c, "L_null", chain_mean(&chain, (double[]){1}, nqi_process_log_prior),
                         1);
    check_probes(c, &mix, &chain);
    chain_free(&chain);
    nq_schedule_free(&mix.schedule);
}
