/* ref_activation.c - functions of each number, and their derivatives. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/ref/ref.h"
#include "backend/ref/ref_math.h"

static nqi_real value(nqi_activation kind, nqi_real x)
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
static nqi_real slope(nqi_activation kind, nqi_real x, nqi_real y)
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

void nqi_ref_activate(nqi_activation kind, nqi_real *y, const nqi_real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = value(kind, x[i]);
}

void nqi_ref_activate_backward(nqi_activation kind, nqi_real *dx, const nqi_real *dy,
                               const nqi_real *x, const nqi_real *y, size_t n, int accumulate)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = (accumulate ? dx[i] : 0) + dy[i] * slope(kind, x ? x[i] : 0, y[i]);
}

void nqi_ref_vexp(nqi_real *y, const nqi_real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = exp(x[i]);
}

void nqi_ref_vlog(nqi_real *y, const nqi_real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = log(x[i]);
}

void nqi_ref_vadd(nqi_real *y, const nqi_real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] += x[i];
}
