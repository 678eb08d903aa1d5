/* plan.c - progress, the rate of a leg, and the last leg of a run that no longer improves. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/run/plan.h"

#include <math.h>

/* The last leg: so long as a part of the updates that led to the best state, at least some; from
 * that part of the rate there; looked at so often. */
static const double tail_part = 0.5, tail_height = 0.5;
enum { TAIL_LEAST = 200, TAIL_LOOKS = 8, LOOK_LEAST = 25, SINKS = 2 };

double nqi_plan_progress(const nqi_plan *plan, int64_t update, double seconds)
{
    const double by_time = plan->seconds > 0 ? seconds / plan->seconds : 0;
    const double by_updates = plan->updates > 0 ? (double)update / (double)plan->updates : 0;
    return fmin(fmax(by_time, by_updates), 1);
}

double nqi_plan_height(const nqi_plan *plan, double progress)
{
    const double part = (progress - plan->begin) / fmax(1 - plan->begin, 1e-9);
    const double cosine = 0.5 * (1 + cos(3.14159265358979323846 * fmin(fmax(part, 0), 1)));
    return plan->height > plan->last ? plan->last + (plan->height - plan->last) * cosine
                                     : plan->height;
}

static void leg_begin(nqi_plan *plan, double height, int64_t update, double now)
{
    plan->leg = update;
    plan->begin = nqi_plan_progress(plan, update, now);
    plan->height = height;
    plan->waited = 0;
}

void nqi_plan_change(nqi_plan *plan, int64_t updates, double seconds, int64_t update, double now)
{
    const double height = nqi_plan_height(plan, nqi_plan_progress(plan, update, now));
    plan->updates = updates;
    plan->seconds = seconds;
    plan->ends = 0;
    leg_begin(plan, height, update, now);
}

int nqi_plan_judges(const nqi_plan *plan, int64_t update)
{
    return (update - plan->leg) % plan->every == 0;
}

/* Updates that the plan still has, about. */
static double updates_left(const nqi_plan *plan, int64_t update, double now)
{
    const double progress = nqi_plan_progress(plan, update, now);
    return progress > 0 ? (double)update * (1 - progress) / progress : INFINITY;
}

int nqi_plan_wait(nqi_plan *plan, int change, int64_t update, double now, int64_t best)
{
    if (plan->ends) {
        plan->waited = change < 0 ? plan->waited + 1 : 0;
        if (plan->waited == SINKS)
            plan->updates = update;
        return 0;
    }
    plan->waited = change > 0 ? 0 : plan->waited + 1;
    if (plan->patience <= 0 || plan->waited < plan->patience)
        return 0;
    const int64_t length = (int64_t)fmax(ceil(tail_part * (double)best), TAIL_LEAST);
    if ((double)length >= updates_left(plan, update, now))
        return 0;
    const double height = nqi_plan_height(plan, nqi_plan_progress(plan, update, now));
    plan->updates = update + length;
    plan->ends = 1;
    leg_begin(plan, tail_height * height, update, now);
    const int64_t every = length / TAIL_LOOKS > LOOK_LEAST ? length / TAIL_LOOKS : LOOK_LEAST;
    plan->every = every < plan->every ? every : plan->every;
    return 1;
}

void nqi_plan_fields(nqi_plan *plan, nqi_fields *fields)
{
    nqi_fields_number(fields, 14, "plan_seconds", &plan->seconds);
    nqi_fields_number(fields, 15, "plan_begin", &plan->begin);
    nqi_fields_number(fields, 16, "plan_height", &plan->height);
    nqi_fields_count(fields, 29, "plan_updates", &plan->updates);
    nqi_fields_count(fields, 30, "plan_leg", &plan->leg);
    nqi_fields_count(fields, 31, "plan_every", &plan->every);
    nqi_fields_count(fields, 32, "plan_waited", &plan->waited);
    nqi_fields_count(fields, 33, "plan_ends", &plan->ends);
}

const char *nqi_plan_wrong(const nqi_plan *plan, int64_t updates)
{
    if (!(plan->seconds >= 0 && plan->begin >= 0 && plan->begin <= 1 && plan->height >= 0 &&
          plan->height <= 1 && plan->every >= 1 && plan->ends <= 1))
        return "its plan";
    return plan->leg > updates ? NQI_COUNTS_MORE : NULL;
}

/* Mean and standard error of what rows have gained. */
static double rise_of(double *error, const double *now, const double *before, size_t count)
{
    double n = 0, mean = 0, square = 0;
    for (size_t i = 0; i < count; i++) {
        const double rise = now[i] - before[i];
        if (!(fabs(rise) < 1e150))
            continue;
        const double gap = rise - mean;
        mean += gap / ++n;
        square += gap * (rise - mean);
    }
    *error = n > 1 ? sqrt(square / (n - 1) / n) : INFINITY;
    return mean;
}

int nqi_bound_change(const double *now, const double *before, size_t count)
{
    double error;
    const double rise = rise_of(&error, now, before, count);
    return rise > error ? 1 : rise < -error ? -1 : 0;
}

int nqi_bound_rises(const double *now, const double *before, size_t count, double errors)
{
    double error;
    return rise_of(&error, now, before, count) > errors * error;
}
