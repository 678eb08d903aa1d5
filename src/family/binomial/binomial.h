/* binomial.h - what the files of the binomial family share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_FAMILY_BINOMIAL_BINOMIAL_H
#define NQI_FAMILY_BINOMIAL_BINOMIAL_H

#include "diffusion/process.h"

/* q(x_t = to | x_s = from) where a part `keep` of the bit is kept, the rest drawn from pi. */
static inline double kernel(double keep, double forget, double m, int from, int to)
{
    return keep * (from == to) + forget * (to ? m : 1 - m);
}

static inline const nqi_binomial_step *tables(const nqi_process *process, size_t t)
{
    return process->binomial + (t - 1) * (process->shared_activity ? 1 : process->dim);
}

/* The noise is random bits, kept in the array of reals (which are no narrower). */
static inline uint32_t *noise_bits(const nqi_batch *batch)
{
    return (uint32_t *)(void *)batch->noise;
}

/* nqi_family.forward_step and .log_ratio */
void nqi_binomial_forward_step(const nqi_process *process, const nqi_batch *batch, size_t t,
                               double *after, const double *before);
void nqi_binomial_log_ratio(const nqi_process *process, const nqi_batch *batch, size_t t,
                            double *log_w, const double *before, const double *after);

#endif
