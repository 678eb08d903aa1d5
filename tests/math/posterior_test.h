/* posterior_test.h - what tests of posteriors share: one call, and a pair of correlated numbers. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_POSTERIOR_TEST_H
#define NQI_TESTS_POSTERIOR_TEST_H

#include "inside.h"
#include "math/by_hand.h"

typedef struct posterior_call {
    const char *method, *twist;
    size_t draws, particles, jumps;
    uint64_t seed;
} posterior_call;

static inline nq_posterior_options posterior_options(posterior_call call)
{
    nq_posterior_options options;
    nq_posterior_options_init(&options, sizeof options);
    if (call.method)
        snprintf(options.method, sizeof options.method, "%s", call.method);
    if (call.twist)
        snprintf(options.twist, sizeof options.twist, "%s", call.twist);
    options.draws = call.draws;
    options.particles = call.particles;
    options.jumps = call.jumps;
    options.seed = call.seed ? call.seed : 1;
    return options;
}

static inline nq_posterior posterior_of(nq_context *context, const nq_model *model,
                                        const nq_evidence *evidence, posterior_call call)
{
    nq_posterior out;
    const nq_posterior_options options = posterior_options(call);
    assert_ok(nq_posterior_sample(&out, context, model, evidence, &options), context);
    return out;
}

/* Mean of column c over a target's draws, and its variance. */
static inline void draw_moments(const nq_posterior *p, size_t target, size_t c, double *mean,
                                double *variance)
{
    double sum = 0, squares = 0;
    for (size_t d = 0; d < p->draws; d++) {
        const double x = (double)p->samples[(target * p->draws + d) * p->columns + c];
        sum += x;
        squares += x * x;
    }
    *mean = sum / (double)p->draws;
    *variance = squares / (double)p->draws - *mean * *mean;
}

/* Draws of one target have this mean within 4 standard errors and this variance within 5 %. */
static inline void assert_moments(const nq_posterior *p, size_t target, size_t c, double mean,
                                  double variance)
{
    double found, spread;
    draw_moments(p, target, c, &found, &spread);
    assert_close("posterior mean", found, mean, 4 * sqrt(variance / (double)p->draws));
    assert_close("posterior variance", spread, variance, 0.05 * variance);
}

/* Two numbers of variance 1 and correlation rho; reverse means exact, variances the diagonal of
 * the exact ones. covariance[4] becomes that of the model's own x_0. */
static inline nq_model *pair_model(nq_context *context, const char *steps, double rho,
                                   double *covariance)
{
    const setting settings[] = {{"kernel", "gaussian"},  {"regressor", "rbf"}, {"hidden", "1"},
                                {"steps", steps},        {"scale", "none"},    {"beta_1", "1e-3"},
                                {"schedule", "log-snr"}, {NULL, NULL}};
    const double rows[8] = {-1, -1, 1, 1, -1, 1, 1, -1};
    nq_dataset *data = dataset_of(context, rows, 4, 2);
    nq_model *model = model_of(context, data, settings);
    const nq_schedule *s = &model->process.schedule;
    double v = 1, c = 0; /* diagonal and off-diagonal of x_t's covariance; both kernels share
                            the eigenvectors (1, 1) and (1, -1) */
    nq_dataset_free(data);
    for (size_t t = s->steps; t > 1; t--) {
        const nqi_gaussian_step *step = gaussian_step(&model->process, t);
        const double beta = s->beta[t - 1], kept = sqrt(1 - beta);
        double a[2], spread[2];
        for (int k = 0; k < 2; k++) {
            const double s2 = k ? 1 - rho : 1 + rho;
            const double ratio = line_marginal(s, t - 1, s2) / line_marginal(s, t, s2);
            a[k] = kept * ratio;
            spread[k] = beta * ratio;
        }
        const double same = (a[0] + a[1]) / 2, cross = (a[0] - a[1]) / 2;
        const double each = (spread[0] + spread[1]) / 2;
        const double gain = (double)step->cs * (double)step->gain;
        nqi_real *weight = model_param(model, "readout.weight", t);
        nqi_real *bias = model_param(model, "readout.bias", t);
        for (size_t o = 0; o < 2; o++) {
            weight[o * 3 + 1 + o] = (nqi_real)((same - kept) / gain);
            weight[o * 3 + 2 - o] = (nqi_real)(cross / gain);
            bias[2 + o] = (nqi_real)(log(each) - log1p(-each) - log(beta) + log1p(-beta));
        }
        const double next = (same * same + cross * cross) * v + 2 * same * cross * c + each;
        c = (same * same + cross * cross) * c + 2 * same * cross * v;
        v = next;
    }
    covariance[0] = covariance[3] = (1 - s->beta[0]) * v + s->beta[0];
    covariance[1] = covariance[2] = (1 - s->beta[0]) * c;
    return model;
}

static inline double log_normal_density(double x, double variance)
{
    return -0.5 * (log(6.28318530717958647692 * variance) + x * x / variance);
}

#endif
