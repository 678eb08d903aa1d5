/* chain.c - a chain of fewer steps than were trained: its rates, and the blocks that take them.
 * For times 0 = tau_0 < .. < tau_S = T the chain x_T, .., x_{tau_1}, x_0 is a diffusion of its own:
 * alpha_bar is the trained one at tau_k, and 1 - beta_k the product of the steps between. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "diffusion/process.h"

static nq_status times_check(nq_context *context, const nq_schedule *schedule,
                             const uint32_t *time, size_t steps)
{
    int rises = steps > 0 && time[0] == 0 && time[steps] <= schedule->steps;
    for (size_t k = 0; rises && k < steps; k++)
        rises = time[k] < time[k + 1];
    return rises ? NQ_OK
                 : nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "times of a chain of %zu steps: expected numbers that rise from 0 to "
                            "%zu",
                            steps, schedule->steps);
}

/* 1 less the product of 1 - beta over steps from..to, without cancellation. */
static double rate_between(const nq_schedule *s, size_t from, size_t to)
{
    double sum = 0;
    if (to == from + 1)
        return s->beta[from];
    for (size_t i = from; i < to; i++) {
        if (!(s->beta[i] < 1))
            return 1; /* no logarithm of 0: the host may trap it */
        sum += log1p(-s->beta[i]);
    }
    return -expm1(sum);
}

nqi_jump nqi_schedule_jump(const nq_schedule *schedule, size_t s, size_t t)
{
    const double beta = rate_between(schedule, s, t);
    return (nqi_jump){.alpha = 1 - beta,
                      .beta = beta,
                      .before = s ? schedule->alpha_bar[s - 1] : 1,
                      .lost = s ? schedule->one_minus_alpha_bar[s - 1] : 0,
                      .keep = schedule->alpha_bar[t - 1],
                      .forget = schedule->one_minus_alpha_bar[t - 1]};
}

static nq_status schedule_shorten(nq_schedule *out, nq_context *context,
                                  const nq_schedule *schedule, const uint32_t *time, size_t steps)
{
    memset(out, 0, sizeof *out);
    const nq_status status = times_check(context, schedule, time, steps);
    if (status)
        return status;
    double *tables = calloc(4 * steps, sizeof *tables);
    if (!tables)
        return nqi_fail_memory(context, "a schedule", 4 * steps * sizeof *tables);
    *out = (nq_schedule){.steps = steps,
                         .beta = tables,
                         .alpha_bar = tables + steps,
                         .one_minus_alpha_bar = tables + 2 * steps,
                         .log_v = tables + 3 * steps};
    for (size_t k = 0; k < steps; k++) {
        const size_t at = time[k + 1] - 1;
        const double before = k ? schedule->one_minus_alpha_bar[time[k] - 1] : 0;
        out->beta[k] = rate_between(schedule, time[k], time[k + 1]);
        out->alpha_bar[k] = schedule->alpha_bar[at];
        out->one_minus_alpha_bar[k] = schedule->one_minus_alpha_bar[at];
        out->log_v[k] = time[k + 1] == time[k] + 1 ? schedule->log_v[at]
                        : k ? log(out->beta[k]) + log(before) - log(out->one_minus_alpha_bar[k])
                            : -INFINITY;
    }
    return NQ_OK;
}

static nq_status block_shorten(nqi_process *out, nq_context *context, const nqi_block *trained)
{
    nqi_block *block = &out->blocks[out->block_count++];
    const size_t laws = nqi_block_laws(trained);
    *block = *trained;
    block->trained = trained;
    block->time = out->time;
    block->schedule = out->schedule;
    block->residual = NULL;
    block->tables = NULL;
    if (trained->equilibrium) {
        block->equilibrium = malloc(laws * sizeof *block->equilibrium);
        if (!block->equilibrium)
            return NQ_ERROR_MEMORY;
        memcpy(block->equilibrium, trained->equilibrium, laws * sizeof *block->equilibrium);
    }
    return block->family->prepare(block, context, NULL);
}

nq_status nqi_process_shorten(nqi_process *out, nq_context *context, const nqi_process *process,
                              const uint32_t *time, size_t steps)
{
    nq_schedule schedule;
    memset(out, 0, sizeof *out);
    nq_status status = schedule_shorten(&schedule, context, &process->schedule, time, steps);
    if (status)
        return status;
    *out = *process;
    out->schedule = schedule;
    out->block_count = 0;
    out->time = malloc((steps + 1) * sizeof *time);
    out->blocks = calloc(process->block_count, sizeof *out->blocks);
    if (out->time)
        memcpy(out->time, time, (steps + 1) * sizeof *time);
    status = out->time && out->blocks ? NQ_OK : NQ_ERROR_MEMORY;
    for (size_t k = 0; k < process->block_count && !status; k++)
        status = block_shorten(out, context, &process->blocks[k]);
    if (status == NQ_ERROR_MEMORY)
        status = nqi_fail_memory(context, "a chain of fewer steps",
                                 steps * process->dim * sizeof(double));
    if (status)
        nqi_process_free(out);
    return status;
}
