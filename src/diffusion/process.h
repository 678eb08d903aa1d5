/* process.h - a diffusion: a schedule, and the blocks of numbers that families diffuse by it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_DIFFUSION_PROCESS_H
#define NQI_DIFFUSION_PROCESS_H

#include <noneq/schedule.h>

#include "core/real.h"
#include "family/family.h"

typedef struct nqi_process {
    nq_schedule schedule;
    size_t dim, outputs;  /* numbers of a row; outputs of the regressor for all of them */
    size_t laws;          /* numbers that say the laws of them (nqi_block_width): dim or more */
    size_t first_learned; /* first step whose reverse is learned: 2, as in [SD15], or 1 */
    /* Where rows are made of a table's cells: columns of the table, and numbers, the first
     * ones, that are drawn anew from what is recorded. 0: rows are what is recorded. */
    size_t cells, spread;
    nqi_block *blocks; /* side by side, all numbers */
    size_t block_count;
    /* Of a chain of fewer steps than were trained (nqi_process_shorten), [steps + 1]: the trained
     * step at which each one begins, 0 first. NULL: the trained chain. Owned */
    uint32_t *time;
} nqi_process;

/* A block to be. equilibrium [count * width] is copied; NULL where the family has none. */
typedef struct nqi_block_plan {
    const nqi_family *family;
    size_t count, levels;
    const double *equilibrium;
} nqi_block_plan;

/* Takes over the schedule (also when it fails); rates above a family's largest are held there.
 * options: what families and the last step are told; NULL: the defaults. */
nq_status nqi_process_new(nqi_process *out, nq_context *context, nq_schedule *schedule,
                          const nqi_block_plan *plans, size_t count,
                          const nq_model_options *options);
void nqi_process_free(nqi_process *process); /* copes with a zeroed struct */
/* The chain x_T, .., x_time[1], x_0 through `steps` of the trained times (mathematics.md section
 * 12): time [steps + 1], 0 = time[0] < .. < time[steps], which is T for a whole chain, and 1
 * second where the last step is fixed. Its steps of one trained step are these to the bit. Borrows
 * the trained process; of free variances, blocks must have been measured. */
nq_status nqi_process_shorten(nqi_process *out, nq_context *context, const nqi_process *process,
                              const uint32_t *time, size_t steps);
/* A single step of such a chain, s < t. */
nqi_jump nqi_schedule_jump(const nq_schedule *schedule, size_t s, size_t t);
/* Whether p(x_0|x_1) is learned too. */
void nqi_process_learn_last(nqi_process *process, int learn_last);
/* Steps with a learned reverse, first_learned..T. */
static inline size_t nqi_process_learned(const nqi_process *process)
{
    return process->schedule.steps - process->first_learned + 1;
}
/* New rates of the same number of steps: derives all tables again. */
nq_status nqi_process_reschedule(nqi_process *process, nq_context *context, const double *beta);
/* The two clocks of each step that a regressor with t as an input sees, [T + 1][2] malloc'ed:
 * t / T and the log-odds of 1 - abar_t, brought to 0..1. even: log-odds evenly
 * spaced, whatever they are: a learned schedule starts so, and a network's clock must not move. */
double *nqi_process_clock(const nqi_process *process, int even);

/* Traits of all blocks. Any of real numbers: K bounds the log of a density. */
int nqi_process_is_density(const nqi_process *process);
/* All: x_{t-1} given x_t is normal. */
int nqi_process_is_normal(const nqi_process *process);
/* Any: entropies of x_t depend on x_0. */
int nqi_process_entropies_vary(const nqi_process *process);
/* Its block of number i. */
const nqi_block *nqi_process_block(const nqi_process *process, size_t i);
/* pi's numbers, [laws], where its only block has some; else NULL. */
const double *nqi_process_equilibrium(const nqi_process *process);

/* One number of a block as a block of its own, for what nqi_account says of it. */
nqi_block nqi_block_single(const nqi_block *block, size_t number);
/* Of one row: what stands for H_q(X_1 | X_0) in the bound, and its edge term, whose rate is beta_1
 * (while the last step is fixed) + alpha_bar_T. */
double nqi_block_entropy_first(const nqi_block *block, const nqi_real *x_0, size_t stride);
double nqi_block_edge(const nqi_block *block, const nqi_real *x_0, size_t stride);
/* Sums over blocks of what a family says of one row, x_0[i * stride]; see nqi_account. Nats. */
double nqi_process_entropy_given_data(const nqi_process *process, const nqi_real *x_0,
                                      size_t stride, size_t t);
double nqi_process_entropy_first(const nqi_process *process, const nqi_real *x_0, size_t stride);
double nqi_process_entropy_prior(const nqi_process *process);
double nqi_process_edge(const nqi_process *process, const nqi_real *x_0, size_t stride);
double nqi_process_log_prior(const nqi_process *process, const nqi_real *x_0, size_t stride);
/* What a row adds to the means of columns, [laws]: its numbers; of levels 1 for the one it has. */
void nqi_process_laws(const nqi_process *process, double *out, const nqi_real *x_0,
                      size_t stride);
double nqi_process_entropy_mean(const nqi_process *process, const double *column_mean, size_t t);
double nqi_process_entropy_step(const nqi_process *process, const double *column_mean, size_t t);
double nqi_process_entropy_rise(const nqi_process *process, const double *column_mean,
                                const double *column_variance, double *largest);

/* dK/dbeta_t, t = 1..T, in nats per row, where sums [T] are derivatives of E sum_t KL_t per row
 * (nqi_batch_add_rates). Covers the sample, posterior mean and variance, both entropies and the
 * reverse transition's parametrisation. Of families with rates. */
void nqi_schedule_gradient(double *gradient, const nqi_process *process,
                           const nqi_step_gradient *sums);
/* Whether beta_1 is the first rate of that kind of schedule. */
int nqi_schedule_has_first_rate(const char *kind);

#endif
