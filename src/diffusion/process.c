/* process.c - making a diffusion, keeping its tables true to its schedule, and sums over blocks. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "diffusion/process.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

enum {
    TABLE_ENTRIES_MAX = 1 << 27, /* steps times numbers of a row that each have tables */
    NUMBERS_MAX = 1 << 24        /* in a row that shares them */
};

/* A rate of 1 has no logit; one that is nearly 1 forgets as well (findings: float32 traps). What is
 * asked for is refused before; a learned rate is held here. */
static nq_status rates_hold(nqi_process *process)
{
    nq_schedule *s = &process->schedule, fresh;
    double most = 1;
    int held = 0;
    for (size_t k = 0; k < process->block_count; k++)
        most = fmin(most, process->blocks[k].family->rate_most);
    for (size_t i = 0; i < s->steps; i++)
        if (s->beta[i] > most) {
            s->beta[i] = most;
            held = 1;
        }
    if (!held)
        return NQ_OK;
    const nq_status status = nq_schedule_from_beta(&fresh, NULL, s->beta, s->steps);
    if (status)
        return status;
    nq_schedule_free(s);
    *s = fresh;
    return NQ_OK;
}

static nq_status blocks_prepare(nqi_process *process, nq_context *context,
                                const nq_model_options *options)
{
    nq_status status = rates_hold(process);
    for (size_t k = 0; k < process->block_count && !status; k++) {
        nqi_block *block = &process->blocks[k];
        block->schedule = process->schedule;
        block->first_learned = process->first_learned;
        status = block->family->prepare(block, context, options);
    }
    return status;
}

static nq_status block_check(const nqi_process *process, nq_context *context,
                             const nqi_block_plan *plan)
{
    const nqi_family *family = plan->family;
    const size_t most =
        family->tables_for_each ? TABLE_ENTRIES_MAX / process->schedule.steps : NUMBERS_MAX;
    if (!family->outputs && plan->levels < 2)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "a %s column of %zu levels: expected at least 2", family->name,
                        plan->levels);
    if (plan->count > most / (plan->levels ? plan->levels : 1))
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "%zu numbers in a row with this many diffusion steps: expected at "
                        "most %zu",
                        plan->count, most / (plan->levels ? plan->levels : 1));
    return NQ_OK;
}

/* The next block, behind those that are there. */
static nq_status block_new(nqi_process *out, nq_context *context, const nqi_block_plan *plan)
{
    nqi_block *block = &out->blocks[out->block_count++];
    *block = (nqi_block){.family = plan->family,
                         .first = out->dim,
                         .count = plan->count,
                         .levels = plan->levels,
                         .outputs = plan->family->outputs ? plan->family->outputs : plan->levels,
                         .output_first = out->outputs,
                         .law_first = out->laws};
    const nq_status status = block_check(out, context, plan);
    if (status)
        return status;
    const size_t laws = nqi_block_laws(block);
    out->dim += block->count;
    out->outputs += block->outputs * block->count;
    out->laws += laws;
    if (!plan->equilibrium)
        return NQ_OK;
    block->equilibrium = malloc(laws * sizeof *block->equilibrium);
    if (!block->equilibrium)
        return NQ_ERROR_MEMORY;
    memcpy(block->equilibrium, plan->equilibrium, laws * sizeof *block->equilibrium);
    return NQ_OK;
}

static nq_status blocks_new(nqi_process *out, nq_context *context, const nqi_block_plan *plans,
                            size_t count)
{
    out->blocks = calloc(count, sizeof *out->blocks);
    if (!out->blocks)
        return NQ_ERROR_MEMORY;
    for (size_t k = 0; k < count; k++) {
        const nq_status status = block_new(out, context, &plans[k]);
        if (status)
            return status;
    }
    return NQ_OK;
}

/* A step that is not learned leaves pi as it is. */
static nq_status check_learned(const nqi_process *process, nq_context *context)
{
    return process->schedule.steps >= process->first_learned
               ? NQ_OK
               : nqi_fail(
                     context, NQ_ERROR_ARGUMENT,
                     "\036steps 1 with \036learn_last 0: the only step is the last one, and "
                     "nothing would be learned; expected \036learn_last 1 or more \036steps");
}

nq_status nqi_process_new(nqi_process *out, nq_context *context, nq_schedule *schedule,
                          const nqi_block_plan *plans, size_t count,
                          const nq_model_options *options)
{
    memset(out, 0, sizeof *out);
    out->schedule = *schedule;
    memset(schedule, 0, sizeof *schedule);
    out->first_learned = options && options->learn_last > 0 ? 1 : 2;
    nq_status status = check_learned(out, context);
    if (!status)
        status = blocks_new(out, context, plans, count);
    if (!status)
        status = blocks_prepare(out, context, options);
    if (status == NQ_ERROR_MEMORY)
        status = nqi_fail_memory(context, "tables of the diffusion",
                                 out->schedule.steps * out->dim * sizeof(double));
    if (status)
        nqi_process_free(out);
    return status;
}

void nqi_process_free(nqi_process *process)
{
    if (!process)
        return;
    for (size_t k = 0; k < process->block_count; k++) {
        process->blocks[k].family->release(&process->blocks[k]);
        free(process->blocks[k].equilibrium);
    }
    free(process->blocks);
    free(process->time);
    nq_schedule_free(&process->schedule);
    memset(process, 0, sizeof *process);
}

void nqi_process_learn_last(nqi_process *process, int learn_last)
{
    process->first_learned = learn_last ? 1 : 2;
    for (size_t k = 0; k < process->block_count; k++)
        process->blocks[k].first_learned = process->first_learned;
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
    return blocks_prepare(process, context, NULL);
}

int nqi_process_is_density(const nqi_process *process)
{
    int any = 0;
    for (size_t k = 0; k < process->block_count; k++)
        any |= process->blocks[k].family->is_density;
    return any;
}

int nqi_process_is_normal(const nqi_process *process)
{
    int all = 1;
    for (size_t k = 0; k < process->block_count; k++)
        all &= process->blocks[k].family->twisting->is_normal;
    return all;
}

int nqi_process_entropies_vary(const nqi_process *process)
{
    int any = 0;
    for (size_t k = 0; k < process->block_count; k++)
        any |= process->blocks[k].family->account->entropies_vary;
    return any;
}

const nqi_block *nqi_process_block(const nqi_process *process, size_t i)
{
    size_t k = 0;
    while (i >= process->blocks[k].first + process->blocks[k].count)
        k++;
    return &process->blocks[k];
}

nqi_block nqi_block_single(const nqi_block *block, size_t number)
{
    nqi_block out = *block;
    out.first = number;
    out.count = 1;
    if (out.equilibrium)
        out.equilibrium += (number - block->first) * nqi_block_width(block);
    return out;
}

const double *nqi_process_equilibrium(const nqi_process *process)
{
    return process->block_count == 1 ? process->blocks[0].equilibrium : NULL;
}

double nqi_process_entropy_given_data(const nqi_process *process, const nqi_real *x_0,
                                      size_t stride, size_t t)
{
    double sum = 0;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++)
        sum += b->family->account->entropy_given_data(b, x_0 ? x_0 + b->first * stride : NULL,
                                                      stride, t);
    return sum;
}

double nqi_block_entropy_first(const nqi_block *block, const nqi_real *x_0, size_t stride)
{
    const nqi_account *account = block->family->account;
    if (block->first_learned > 1)
        return account->entropy_given_data(block, x_0, stride, 1);
    return account->entropy_point ? account->entropy_point(block) : 0;
}

double nqi_block_edge(const nqi_block *block, const nqi_real *x_0, size_t stride)
{
    const nq_schedule *s = &block->schedule;
    const double first = block->first_learned > 1 ? s->beta[0] : 0;
    return (first + s->alpha_bar[s->steps - 1]) *
           block->family->account->edge(block, x_0, stride);
}

double nqi_process_entropy_first(const nqi_process *process, const nqi_real *x_0, size_t stride)
{
    double sum = 0;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++)
        sum += nqi_block_entropy_first(b, x_0 ? x_0 + b->first * stride : NULL, stride);
    return sum;
}

double nqi_process_entropy_prior(const nqi_process *process)
{
    double sum = 0;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++)
        sum += b->family->account->entropy_prior(b);
    return sum;
}

double nqi_process_edge(const nqi_process *process, const nqi_real *x_0, size_t stride)
{
    double sum = 0;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++)
        sum += nqi_block_edge(b, x_0 + b->first * stride, stride);
    return sum;
}

double nqi_process_log_prior(const nqi_process *process, const nqi_real *x_0, size_t stride)
{
    double sum = 0;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++)
        sum += b->family->account->log_prior(b, x_0 + b->first * stride, stride);
    return sum;
}

void nqi_process_laws(const nqi_process *process, double *out, const nqi_real *x_0, size_t stride)
{
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++)
        for (size_t i = 0; i < b->count; i++) {
            const double x = (double)x_0[(b->first + i) * stride];
            double *law = out + b->law_first + i * nqi_block_width(b);
            if (!b->levels)
                *law = x;
            for (size_t k = 0; k < b->levels; k++)
                law[k] = x == (double)k;
        }
}

double nqi_process_entropy_mean(const nqi_process *process, const double *column_mean, size_t t)
{
    double sum = 0;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++)
        sum += b->family->account->entropy_mean(b, column_mean + b->law_first, t);
    return sum;
}

double nqi_process_entropy_step(const nqi_process *process, const double *column_mean, size_t t)
{
    double sum = 0;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++)
        sum += b->family->account->entropy_step(b, column_mean + b->law_first, t);
    return sum;
}

double nqi_process_entropy_rise(const nqi_process *process, const double *column_mean,
                                const double *column_variance, double *largest)
{
    double sum = 0;
    for (const nqi_block *b = process->blocks; b < process->blocks + process->block_count; b++)
        sum += b->family->account->entropy_rise(b, column_mean + b->law_first,
                                                column_variance + b->law_first, largest);
    return sum;
}

/* Blocks of one family are one for it: sums are over their numbers together. */
void nqi_schedule_gradient(double *gradient, const nqi_process *process,
                           const nqi_step_gradient *sums)
{
    nqi_block all = process->blocks[0];
    all.count = process->dim;
    all.family->rates->gradient(&all, sums, gradient);
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
        clock[2 * t + 1] = s->steps == 1 ? 0
                           : even        ? (double)(t - 1) / (double)(s->steps - 1)
                                         : (clock_log_odds(s, t - 1) - first) / (last - first);
    }
    return clock;
}
