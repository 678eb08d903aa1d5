/* states.h - all states of a few bits: bit i of state s is (s >> i) & 1. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_GOLDEN_STATES_H
#define NQI_TESTS_GOLDEN_STATES_H

#include "golden/golden.h"

enum { STATE_BITS = 10 };

void state_bits(nqi_real *bits, size_t state, size_t dim);
/* q(x_t = to | x_0 = from), from the tables of the kernels. */
double state_forward(const nqi_process *process, size_t t, size_t from, size_t to);
/* A diffusion of `dim` bits with a step of rate beta: q(x_t | x_{t-1}) of that rate is its q at the
 * returned time. */
size_t state_step_process(nqi_process *out, const golden_case *c, double beta, size_t dim,
                          double m);
/* Law of x_t, t >= 0, for data of the given law. */
void state_marginal(double *out, const nqi_process *process, const double *data, size_t t);
/* In nats. */
double state_entropy(const double *law, size_t dim);
/* log pi(state) */
double state_log_prior(const nqi_process *process, size_t state);

#endif
