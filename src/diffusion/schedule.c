/* schedule.c - alpha_bar_t = product of (1 - beta_s), and its complement with full precision.
 * Check: beta = .001, .02, .1, .3, .6 gives 1 - alpha_bar_5 = .75328696. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/options.h>
#include <noneq/schedule.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "diffusion/process.h"

enum { STEPS_MAX = NQ_STEPS_MOST };
static const double pi = 3.14159265358979323846;

static nq_status schedule_alloc(nq_schedule *out, nq_context *context, size_t steps)
{
    memset(out, 0, sizeof *out);
    if (steps < 1 || steps > STEPS_MAX)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "%zu diffusion steps: expected 1 to %d",
                        steps, STEPS_MAX);
    double *tables = calloc(4 * steps, sizeof *tables);
    if (!tables)
        return nqi_fail_memory(context, "a schedule", 4 * steps * sizeof *tables);
    out->steps = steps;
    out->beta = tables;
    out->alpha_bar = tables + steps;
    out->one_minus_alpha_bar = tables + 2 * steps;
    out->log_v = tables + 3 * steps;
    return NQ_OK;
}

void nq_schedule_free(nq_schedule *schedule)
{
    if (!schedule)
        return;
    free(schedule->beta);
    memset(schedule, 0, sizeof *schedule);
}

/* Everything that follows from beta. 1 - alpha_bar by expm1 of the running sum of log1p(-beta)
 * keeps full relative precision where a product would leave only the digits after 1 (findings:
 * the subtraction turned K = 3.198 into -986). alpha_bar is the product while 1 - alpha_bar is
 * small and exp of the sum is as good later; the product has fewer roundings. */
static void schedule_derive(nq_schedule *schedule)
{
    double sum = 0, product = 1;
    for (size_t i = 0; i < schedule->steps; i++) {
        const double beta = schedule->beta[i];
        const double before = i ? schedule->one_minus_alpha_bar[i - 1] : 0;
        /* No logarithm of 0: the host may trap it. */
        sum = beta < 1 ? sum + log1p(-beta) : -INFINITY;
        product *= 1 - beta;
        schedule->alpha_bar[i] = product;
        schedule->one_minus_alpha_bar[i] = beta < 1 ? -expm1(sum) : 1;
        schedule->log_v[i] =
            i ? log(beta) + log(before) - log(schedule->one_minus_alpha_bar[i]) : -INFINITY;
    }
}

/* 1/(T-t+1): alpha_bar is a ratio of integers; exactly 0 at T. */
static void constant_fraction_exact(nq_schedule *schedule)
{
    const double steps = (double)schedule->steps;
    for (size_t i = 0; i < schedule->steps; i++) {
        const double t = (double)(i + 1);
        schedule->alpha_bar[i] = (steps - t) / steps;
        schedule->one_minus_alpha_bar[i] = t / steps;
    }
}

static void fill_constant_fraction(nq_schedule *s, double extra)
{
    for (size_t i = 0; i < s->steps; i++)
        s->beta[i] = 1 / ((double)(s->steps - i) + extra);
}

/* From 0 at the first step to 1 at the last. A single one is the last: noise is all it ends in. */
static double part_of(const nq_schedule *s, size_t i)
{
    return s->steps > 1 ? (double)i / (double)(s->steps - 1) : 1;
}

static void fill_linear(nq_schedule *s)
{
    const double scale = 1000 / (double)s->steps;
    for (size_t i = 0; i < s->steps; i++)
        s->beta[i] = fmin(scale * (1e-4 + (0.02 - 1e-4) * part_of(s, i)), 0.999);
}

static void fill_cosine(nq_schedule *s)
{
    const double shift = 0.008, steps = (double)s->steps;
    double before = 1;
    for (size_t i = 0; i < s->steps; i++) {
        const double c = cos(((double)(i + 1) / steps + shift) / (1 + shift) * pi / 2);
        const double c_0 = cos(shift / (1 + shift) * pi / 2);
        const double now = c * c / (c_0 * c_0);
        s->beta[i] = fmin(1 - now / before, 0.999);
        before = now;
    }
}

/* Rates whose 1 - alpha_bar have the given odds: beta_t = (o_t - o_{t-1}) / (1 + o_t). */
static void fill_from_log_odds(nq_schedule *s, double first, double last)
{
    double before = 0;
    for (size_t i = 0; i < s->steps; i++) {
        const double odds = exp(first + (last - first) * part_of(s, i));
        s->beta[i] = (odds - before) / (1 + odds);
        before = odds;
    }
}

static double logit(double p)
{
    return log(p) - log1p(-p);
}

nq_status nq_schedule_from_beta(nq_schedule *out, nq_context *context, const double *beta,
                                size_t steps)
{
    const nq_status status = schedule_alloc(out, context, steps);
    if (status)
        return status;
    memcpy(out->beta, beta, steps * sizeof *beta);
    for (size_t i = 0; i < steps; i++)
        if (!(beta[i] > 0 && (beta[i] < 1 || (beta[i] == 1 && i + 1 == steps)))) {
            nq_schedule_free(out);
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "diffusion rate %zu is %g: expected a number between 0 and 1", i + 1,
                            beta[i]);
        }
    schedule_derive(out);
    return NQ_OK;
}

static int is_kind(const char *kind, const char *name)
{
    return !strcmp(kind, name);
}

int nqi_schedule_has_first_rate(const char *kind)
{
    return !is_kind(kind, "constant-fraction");
}

nq_status nq_schedule_new(nq_schedule *out, nq_context *context, const char *kind, size_t steps,
                          double beta_1, double alpha_bar_last)
{
    const nq_status status = schedule_alloc(out, context, steps);
    if (status)
        return status;
    const char *wrong = NULL;
    if (!(beta_1 >= 0 && beta_1 < 1))
        wrong = "beta_1 must be between 0 and 1";
    else if (is_kind(kind, "constant-fraction") || is_kind(kind, "constant-fraction-gaussian"))
        fill_constant_fraction(out, is_kind(kind, "constant-fraction") ? 0 : 1);
    else if (is_kind(kind, "linear"))
        fill_linear(out);
    else if (is_kind(kind, "cosine"))
        fill_cosine(out);
    else if (!is_kind(kind, "log-snr"))
        wrong = "expected constant-fraction, log-snr, linear, cosine, learned or a file";
    else if (!(alpha_bar_last > 0 && alpha_bar_last < 1 && 1 - alpha_bar_last > beta_1))
        wrong = "alpha-bar-last must be between 0 and 1 - beta_1";
    else
        fill_from_log_odds(out, logit(beta_1 > 0 ? beta_1 : 1e-4), -logit(alpha_bar_last));
    if (wrong) {
        nq_schedule_free(out);
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "schedule \"%s\": %s", kind, wrong);
    }
    if (beta_1 > 0 && nqi_schedule_has_first_rate(kind))
        out->beta[0] = beta_1;
    schedule_derive(out);
    if (is_kind(kind, "constant-fraction"))
        constant_fraction_exact(out);
    return NQ_OK;
}
