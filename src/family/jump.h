/* jump.h - a step of any length, from time t down to s: its rates, and what it costs. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_FAMILY_JUMP_H
#define NQI_FAMILY_JUMP_H

#include <stddef.h>

#include "core/real.h"

typedef struct nqi_jump {
    double alpha, beta;  /* of the step: their sum is 1 */
    double before, lost; /* alpha_bar_s and 1 - alpha_bar_s; s = 0: 1 and 0 */
    double keep, forget; /* alpha_bar_t and 1 - alpha_bar_t */
} nqi_jump;

/* Of a level `now` of x_t with so many levels of law pi, and a belief rho[k * stride] about x_0:
 * E KL(q(x_s | x_t, x_0) || p(x_s | x_t)) over x_0 ~ rho, where p mixes q by rho; of s = 0 the
 * entropy of rho. */
double nqi_jump_levels(const nqi_jump *jump, const double *pi, const nqi_real *rho, size_t stride,
                       size_t levels, size_t now);

#endif
