/* schedule_learner.c - theta -> increments of the log-odds -> odds -> beta, and back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/learn/schedule_learner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

static double log_odds(const nq_schedule *s, size_t i)
{
    return log(s->one_minus_alpha_bar[i]) - log(s->alpha_bar[i]);
}

nq_status nqi_schedule_learner_new(nqi_schedule_learner *out, nq_context *context,
                                   const nq_schedule *start)
{
    enum { ARRAYS = 7 };
    memset(out, 0, sizeof *out);
    const size_t steps = start->steps;
    out->theta = calloc(ARRAYS * steps, sizeof(double));
    if (!out->theta)
        return nqi_fail_memory(context, "the schedule's gradient",
                               ARRAYS * steps * sizeof(double));
    out->steps = steps;
    out->moment1 = out->theta + steps;
    out->moment2 = out->theta + 2 * steps;
    out->beta = out->theta + 3 * steps;
    out->gradient = out->theta + 4 * steps;
    out->odds = out->theta + 5 * steps;
    out->ascent = out->theta + 6 * steps;
    out->first = log_odds(start, 0);
    out->last = log_odds(start, steps - 1);
    nqi_schedule_learner_restart(out, start);
    return NQ_OK;
}

void nqi_schedule_learner_restart(nqi_schedule_learner *learner, const nq_schedule *start)
{
    for (size_t i = 1; i < learner->steps; i++)
        learner->theta[i - 1] = log(fmax(log_odds(start, i) - log_odds(start, i - 1), 1e-12));
    memset(learner->moment1, 0, learner->steps * sizeof *learner->moment1);
    memset(learner->moment2, 0, learner->steps * sizeof *learner->moment2);
    learner->updates = 0;
}

void nqi_schedule_learner_free(nqi_schedule_learner *learner)
{
    if (!learner)
        return;
    free(learner->theta);
    memset(learner, 0, sizeof *learner);
}

/* Increment k (0-based, of T - 1) as a part of the whole rise; sums to 1. */
static double softmax_sum(const nqi_schedule_learner *learner, double *largest)
{
    double sum = 0;
    *largest = -INFINITY;
    for (size_t k = 0; k + 1 < learner->steps; k++)
        *largest = fmax(*largest, learner->theta[k]);
    for (size_t k = 0; k + 1 < learner->steps; k++)
        sum += exp(learner->theta[k] - *largest);
    return sum;
}

void nqi_schedule_learner_rates(nqi_schedule_learner *learner)
{
    double largest, at = learner->first;
    const double sum = softmax_sum(learner, &largest), rise = learner->last - learner->first;
    double before = 0;
    for (size_t i = 0; i < learner->steps; i++) {
        if (i)
            at += rise * exp(learner->theta[i - 1] - largest) / sum;
        const double odds = exp(at);
        learner->odds[i] = odds;
        learner->beta[i] = (odds - before) / (1 + odds);
        before = odds;
    }
}

void nqi_schedule_learner_gradient(nqi_schedule_learner *learner, const nqi_process *process,
                                   const nqi_step_gradient *sums, double *out)
{
    const size_t steps = learner->steps;
    const double *odds = learner->odds;
    double *slope = learner->gradient;
    double largest, tail = 0, weighted = 0;
    nqi_schedule_learner_rates(learner);
    nqi_schedule_gradient(slope, process, sums);
    /* beta_t = (o_t - o_{t-1}) / (1 + o_t); out[i-1] first holds the derivative with respect to
     * increment i, the sum of those of all later log-odds. */
    for (size_t i = steps; i-- > 1;) {
        double by_odds = slope[i] * (1 + odds[i - 1]) / ((1 + odds[i]) * (1 + odds[i]));
        if (i + 1 < steps)
            by_odds -= slope[i + 1] / (1 + odds[i + 1]);
        tail += by_odds * odds[i];
        out[i - 1] = tail;
    }
    const double sum = softmax_sum(learner, &largest), rise = learner->last - learner->first;
    for (size_t k = 0; k + 1 < steps; k++)
        weighted += out[k] * exp(learner->theta[k] - largest) / sum;
    for (size_t k = 0; k + 1 < steps; k++)
        out[k] = rise * (out[k] - weighted) * exp(learner->theta[k] - largest) / sum;
}

nq_status nqi_schedule_learner_step(nqi_schedule_learner *learner, nq_context *context,
                                    nqi_process *process, const nqi_step_gradient *sums,
                                    double rate)
{
    const double beta1 = 0.9, beta2 = 0.99, epsilon = 1e-8;
    double *gradient = learner->ascent;
    nqi_schedule_learner_gradient(learner, process, sums, gradient);
    const double n = (double)++learner->updates;
    for (size_t k = 0; k + 1 < learner->steps; k++) {
        double *m = &learner->moment1[k], *v = &learner->moment2[k];
        *m = beta1 * *m + (1 - beta1) * gradient[k];
        *v = beta2 * *v + (1 - beta2) * gradient[k] * gradient[k];
        learner->theta[k] +=
            rate * (*m / (1 - pow(beta1, n))) / (sqrt(*v / (1 - pow(beta2, n))) + epsilon);
    }
    nqi_schedule_learner_rates(learner);
    return nqi_process_reschedule(process, context, learner->beta);
}

void nqi_schedule_learner_fields(nqi_schedule_learner *learner, nqi_fields *fields)
{
    nqi_fields_number(fields, 9, "schedule_first", &learner->first);
    nqi_fields_number(fields, 10, "schedule_last", &learner->last);
    nqi_fields_count(fields, 20, "schedule_updates", (int64_t *)&learner->updates);
    /* with both moments, which stand behind it */
    nqi_fields_array(fields, 8, "train.theta", NQI_DTYPE_F64, learner->theta, 3 * learner->steps);
}

const char *nqi_schedule_learner_wrong(const nqi_schedule_learner *learner, int64_t updates)
{
    if (nqi_schedule_learner_learns(learner) &&
        !(learner->first < learner->last && isfinite(learner->first) && isfinite(learner->last)))
        return "the ends of its schedule";
    return (int64_t)learner->updates > updates ? NQI_COUNTS_MORE : NULL;
}
