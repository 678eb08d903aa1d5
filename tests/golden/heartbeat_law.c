/* heartbeat_law.c - the exact law of x_0 under the optimal model, as a chain over phase counts. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "golden/heartbeat.h"
#include "inside.h"

/* f and 1 - f of the optimal reverse step for bits of logit P(x_0 = 1 | x_t); at t = 1 those of the
 * forward kernel. Both from positive terms. */
static void reverse_rate(const heartbeat *h, size_t t, double logit, int x_t, double *one,
                         double *zero)
{
    const nqi_binomial_step *step = heartbeat_step(h, t);
    const double rho = 1 / (1 + exp(-logit)), not_rho = 1 / (1 + exp(logit));
    *one = rho * (double)step->q1[x_t] + not_rho * (double)step->q0[x_t];
    *zero = rho * (double)step->q1c[x_t] + not_rho * (double)step->q0c[x_t];
    if (t == 1) {
        *one = (double)step->flip[x_t];
        *zero = 1 - *one;
    }
    /* float32 tables add up to 1 but for 3e-8, which 2000 steps of n bits would multiply */
    if (*one > *zero)
        *one = 1 - *zero;
    else
        *zero = 1 - *one;
}

/* Law of the number of ones in a phase after the step: one bit after the other. */
static void next_counts(double *law, const heartbeat *h, size_t t, double logit, size_t ones)
{
    memset(law, 0, (PLACES_MOST + 1) * sizeof *law);
    law[0] = 1;
    for (size_t i = 0; i < h->places; i++) {
        double one, zero;
        reverse_rate(h, t, logit, i < ones, &one, &zero);
        for (size_t k = i + 1; k > 0; k--)
            law[k] = law[k] * zero + law[k - 1] * one;
        law[0] *= zero;
    }
}

/* Adds `mass` times the law of the state after the step from `code`, phase by phase: `part` holds
 * the law over codes of the phases so far. by_size lists the codes of each number of phases. */
static void step_state(double *next, const heartbeat *h, size_t t, size_t code, double mass,
                       double *part, size_t *const *by_size, const size_t *sizes)
{
    size_t done = 0;
    part[0] = mass;
    for (size_t ones = 0; ones <= h->places; ones++) {
        double law[PLACES_MOST + 1];
        const size_t phases = heartbeat_phases_with(h, code, ones);
        if (phases)
            next_counts(law, h, t, heartbeat_logit(h, t, code, ones), ones);
        for (size_t i = 0; i < phases; i++, done++)
            for (size_t j = 0; j < sizes[done]; j++) {
                const size_t from = by_size[done][j];
                for (size_t k = 0; k <= h->places; k++)
                    part[from + (size_t)h->scale[k]] += part[from] * law[k];
                part[from] = 0;
            }
    }
    for (size_t j = 0; j < h->code_count; j++) {
        next[h->codes[j]] += part[h->codes[j]];
        part[h->codes[j]] = 0;
    }
}

/* Law of the state of x_T ~ pi, by code. */
static void start_law(double *law, const heartbeat *h)
{
    const double m = bit_mean(&h->process, 0);
    for (size_t i = 0; i < h->code_count; i++) {
        double sum = heartbeat_log_factorial(h->period);
        for (size_t k = 0; k <= h->places; k++) {
            const double phases = (double)heartbeat_phases_with(h, h->codes[i], k);
            const double count = heartbeat_log_factorial(h->places) - heartbeat_log_factorial(k) -
                                 heartbeat_log_factorial(h->places - k) + (double)k * log(m) +
                                 (double)(h->places - k) * log1p(-m);
            sum += phases * count -
                   heartbeat_log_factorial(heartbeat_phases_with(h, h->codes[i], k));
        }
        law[h->codes[i]] = exp(sum);
    }
}

double heartbeat_valid_part(golden_case *c, const heartbeat *h)
{
    size_t *by_size[PERIOD_MOST + 1], sizes[PERIOD_MOST + 1] = {0};
    const size_t end = heartbeat_code_end(h);
    double *law = golden_new(c, end, sizeof *law), *next = golden_new(c, end, sizeof *next);
    double *part = golden_new(c, end, sizeof *part);
    for (size_t size = 0; size <= h->period; size++)
        by_size[size] = golden_new(c, end, sizeof *by_size[size]);
    for (size_t code = 0; code < end; code++) {
        const size_t size = heartbeat_phases(h, code);
        if (size <= h->period)
            by_size[size][sizes[size]++] = code;
    }
    start_law(law, h);
    for (size_t t = h->process.schedule.steps; t > 0; t--) {
        memset(next, 0, end * sizeof *next);
        for (size_t j = 0; j < h->code_count; j++)
            step_state(next, h, t, h->codes[j], law[h->codes[j]], part, by_size, sizes);
        memcpy(law, next, end * sizeof *law);
    }
    /* one phase has all its places, the others none */
    return law[(size_t)h->scale[h->places] + (h->period - 1)];
}
