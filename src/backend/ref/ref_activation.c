/* ref_activation.c - functions of each number, and their derivatives. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/ref/ref.h"
#include "backend/ref/ref_math.h"

static nq_real value(nqi_activation kind, nq_real x)
{
    switch (kind) {
    case NQI_SIGMOID:
        return sigmoid(x);
    case NQI_TANH:
        return tanh(x);
    case NQI_SILU:
        return x * sigmoid(x);
    case NQI_SOFTPLUS:
        return softplus(x);
    case NQI_IDENTITY:
    default:
        return x;
    }
}

/* f'(x), given y = f(x) */
static nq_real slope(nqi_activation kind, nq_real x, nq_real y)
{
    switch (kind) {
    case NQI_SIGMOID:
        return y * (1 - y);
    case NQI_TANH:
        return 1 - y * y;
    case NQI_SILU:
        return sigmoid(x) + y * sigmoid(-x);
    case NQI_SOFTPLUS:
        return -expm1(-y); /* sigmoid(x) = 1 - e^-y */
    case NQI_IDENTITY:
    default:
        return 1;
    }
}

void nqi_ref_activate(nqi_activation kind, nq_real *y, const nq_real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = value(kind, x[i]);
}

void nqi_ref_activate_backward(nqi_activation kind, nq_real *dx, const nq_real *dy,
                               const nq_real *x, const nq_real *y, size_t n, int accumulate)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = (accumulate ? dx[i] : 0) + dy[i] * slope(kind, x ? x[i] : 0, y[i]);
}

void nqi_ref_vexp(nq_real *y, const nq_real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = exp(x[i]);
}

void nqi_ref_vlog(nq_real *y, const nq_real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = log(x[i]);
}

void nqi_ref_vadd(nq_real *y, const nq_real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] += x[i];
}
