/* gaussian_readout.c - the mean output as a least-squares problem: E KL is quadratic in it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/gaussian/gaussian.h"

/* 1 / S in units of 1 / beta or, of a belief, of 1 / (cs)^2: constant factors do not matter,
 * overflow would. */
static double precision(const nqi_block *block, const nqi_gaussian_step *step, double z_var)
{
    const double limit = NQI_BELIEF_LIMIT;
    if (nqi_gaussian_of(block)->belief)
        return 1 / (exp(fmin(fmax(z_var, -limit), limit)) + (double)step->rest);
    return (1 + exp(z_var + (double)step->logit_beta)) * exp(-z_var);
}

static void target(const nqi_block *block, const nqi_rows *rows, size_t i, size_t row, int weighs,
                   double *u, double *weight)
{
    const nqi_gaussian_step *step = &nqi_gaussian_of(block)->step[rows->t - 1];
    const size_t j = i * rows->ld + row;
    *u = (double)step->spread * (double)rows->x_0[j] -
         (double)step->signal * (double)rows->noise[j];
    *weight =
        weighs ? precision(block, step, (double)rows->output[block->count * rows->ld + j]) : 1;
}

/* The best constant variance: S = v + (cs)^2 E (u - z)^2; of a belief that mean is e^second. */
static nqi_readout_solution solution(const nqi_block *block, size_t t, double square)
{
    const nqi_gaussian_step *step = &nqi_gaussian_of(block)->step[t - 1];
    if (nqi_gaussian_of(block)->belief)
        return (nqi_readout_solution){.gain = (double)step->gain,
                                      .second = nqi_gaussian_belief_output(square)};
    const double cs = (double)step->cs;
    const double s = fmin(exp(block->schedule.log_v[t - 1]) + cs * cs * square, 0.9999);
    return (nqi_readout_solution){.gain = (double)step->gain,
                                  .second = log(s) - log1p(-s) - (double)step->logit_beta};
}

const nqi_readouts nqi_gaussian_readouts = {.target = target, .solution = solution};
