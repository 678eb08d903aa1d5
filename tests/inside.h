/* inside.h - what tests look at inside a process of one block. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_INSIDE_H
#define NQI_TESTS_INSIDE_H

#include "diffusion/batch.h"
#include "family/binomial/binomial.h"
#include "family/gaussian/gaussian.h"
#include "family/normal.h"

extern const nqi_family nqi_family_gaussian, nqi_family_binomial, nqi_family_categorical;

/* Scalars of step t = 1..T of real numbers. */
static inline const nqi_gaussian_step *gaussian_step(const nqi_process *process, size_t t)
{
    return &nqi_gaussian_of(&process->blocks[0])->step[t - 1];
}

/* Tables of bit i at step t. */
static inline const nqi_binomial_step *binomial_step(const nqi_process *process, size_t t,
                                                     size_t i)
{
    const nqi_block *block = &process->blocks[0];
    return nqi_binomial_at(block, t) + i * nqi_binomial_of(block)->stride;
}

/* Equilibrium mean of bit i. */
static inline double bit_mean(const nqi_process *process, size_t i)
{
    return process->blocks[0].equilibrium[i];
}

/* A process of one block: of bits with means activity[dim], or (NULL) of real numbers. */
static inline nq_status process_of(nqi_process *out, nq_schedule *schedule, size_t dim,
                                   const double *activity, int forward_form)
{
    const nqi_block_plan plan = {.family = activity ? &nqi_family_binomial : &nqi_family_gaussian,
                                 .count = dim,
                                 .equilibrium = activity};
    nq_model_options options = {0};
    if (forward_form)
        options = (nq_model_options){.mean_form = "forward"};
    return nqi_process_new(out, NULL, schedule, &plan, 1, &options);
}

#endif
