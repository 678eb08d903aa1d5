/* process.c - making a diffusion and keeping its tables true to its schedule. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "diffusion/process.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

enum {
    TABLE_ENTRIES_MAX = 1 << 27, /* steps times bits of a row: each has its own table */
    NUMBERS_MAX = 1 << 24        /* in a row that shares one */
};

static const nqi_family *const families[] = {&nqi_family_gaussian, &nqi_family_binomial};
enum { FAMILIES = sizeof families / sizeof *families };

const nqi_family *nqi_family_at(size_t i)
{
    return i < FAMILIES ? families[i] : NULL;
}

const nqi_family *nqi_family_find(const char *name)
{
    for (size_t i = 0; i < FAMILIES; i++)
        if (!strcmp(families[i]->name, name))
            return families[i];
    return NULL;
}

const nqi_family *nqi_family_for(int is_binary)
{
    for (size_t i = 0; i < FAMILIES; i++)
        if (families[i]->is_density == !is_binary)
            return families[i];
    return NULL;
}

static int all_equal(const double *values, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (values[i] < values[0] || values[i] > values[0])
            return 0;
    return 1;
}

nq_status nqi_process_new(nqi_process *out, nq_context *context, const nqi_family *family,
                          nq_schedule *schedule, size_t dim, const double *activity,
                          int forward_form)
{
    memset(out, 0, sizeof *out);
    out->family = family;
    out->schedule = *schedule;
    memset(schedule, 0, sizeof *schedule);
    out->dim = dim;
    out->first_learned = 2;
    const size_t most = activity ? TABLE_ENTRIES_MAX / out->schedule.steps : NUMBERS_MAX;
    if (dim > most) {
        nqi_process_free(out);
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "%zu numbers in a row with this many diffusion steps: expected at most "
                        "%zu",
                        dim, most);
    }
    out->forward_form = forward_form;
    nq_status status = NQ_OK;
    if (activity) {
        out->activity = malloc(dim * sizeof *activity);
        if (out->activity) {
            memcpy(out->activity, activity, dim * sizeof *activity);
            out->shared_activity = all_equal(activity, dim);
        } else {
            status = NQ_ERROR_MEMORY;
        }
    }
    if (!status)
        status = family->prepare(out);
    if (status) {
        nqi_process_free(out);
        return nqi_fail_memory(context, "tables of the diffusion",
                               out->schedule.steps * dim * sizeof(nqi_binomial_step));
    }
    return NQ_OK;
}

void nqi_process_free(nqi_process *process)
{
    if (!process)
        return;
    nq_schedule_free(&process->schedule);
    free(process->activity);
    free(process->gaussian);
    free(process->binomial);
    memset(process, 0, sizeof *process);
}

nq_status nqi_process_reschedule(nqi_process *process, nq_context *context, const double *beta)
{
    nq_schedule fresh;
    const nq_status status =
        nq_schedule_from_beta(&fresh, context, beta, process->schedule.steps);
    if (status)
        return status;
    nq_schedule_free(&process->schedule);
    process->schedule = fresh;
    return process->family->prepare(process);
}

/* Log-odds beyond these say no more to a network. */
static double clock_log_odds(const nq_schedule *s, size_t i)
{
    const double alpha_bar = fmax(s->alpha_bar[i], 1e-6);
    return log(s->one_minus_alpha_bar[i]) - log(alpha_bar);
}

double *nqi_process_clock(const nqi_process *process, int even)
{
    const nq_schedule *s = &process->schedule;
    double *clock = malloc((s->steps + 1) * 2 * sizeof *clock);
    if (!clock)
        return NULL;
    const double first = clock_log_odds(s, 0), last = clock_log_odds(s, s->steps - 1);
    clock[0] = clock[1] = 0;
    for (size_t t = 1; t <= s->steps; t++) {
        clock[2 * t] = (double)t / (double)s->steps;
        clock[2 * t + 1] = even ? (double)(t - 1) / (double)(s->steps - 1)
                                : (clock_log_odds(s, t - 1) - first) / (last - first);
    }
    return clock;
}
