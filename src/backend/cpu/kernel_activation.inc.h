/* kernel_activation.inc.h - functions of each number, and their derivatives. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: WIDTH, STRIP, vectors and functions. Defines activate,
 * activate_backward, vexp, vlog and vadd for the slots. */
#ifndef NQI_BACKEND_CPU_KERNEL_ACTIVATION_H
#define NQI_BACKEND_CPU_KERNEL_ACTIVATION_H

#include "backend/cpu/kernel_math.inc.h"

/* y[i] = f(x[i]) */
INLINED void map(F (*f)(F), float *y, const float *x, size_t n)
{
    size_t i = 0;
    for (; i + WIDTH <= n; i += WIDTH)
        store(y + i, f(load(x + i)));
    if (i < n)
        store_part(y + i, f(load_part(x + i, n - i)), n - i);
}

static inline F silu(F x)
{
    return x * sigmoid(x);
}

static inline F identity(F x)
{
    return x;
}

/* log(1 + e^x) = max(x, 0) + log(1 + e^-|x|) */
static inline F softplus_start(F x)
{
    return exp_limited(-absolute(x));
}

static inline F softplus_end(F x, F e)
{
    const F zero = {0};
    return larger(zero, x) + log1p_unit(e);
}

static void softplus(float *y, const float *x, size_t n)
{
    size_t i = 0;
    for (; i + STRIP * WIDTH <= n; i += STRIP * WIDTH) {
        F e[STRIP];
        for (size_t v = 0; v < STRIP; v++)
            e[v] = softplus_start(load(x + i + v * WIDTH));
        for (size_t v = 0; v < STRIP; v++)
            store(y + i + v * WIDTH, softplus_end(load(x + i + v * WIDTH), e[v]));
    }
    for (; i < n; i += WIDTH) {
        const size_t lanes = smallest(n - i, WIDTH);
        const F part = lanes < WIDTH ? load_part(x + i, lanes) : load(x + i);
        const F value = softplus_end(part, softplus_start(part));
        if (lanes < WIDTH)
            store_part(y + i, value, lanes);
        else
            store(y + i, value);
    }
}

static void activate(nqi_activation kind, float *y, const float *x, size_t n)
{
    switch (kind) {
    case NQI_SIGMOID:
        map(sigmoid, y, x, n);
        break;
    case NQI_TANH:
        map(tanh_lanes, y, x, n);
        break;
    case NQI_SILU:
        map(silu, y, x, n);
        break;
    case NQI_SOFTPLUS:
        softplus(y, x, n);
        break;
    case NQI_IDENTITY:
    default:
        if (y != x)
            map(identity, y, x, n);
        break;
    }
}

/* f'(x), given x and y = f(x) */
static inline F sigmoid_slope(F x, F y)
{
    (void)x;
    return y * (1.0f - y);
}

static inline F tanh_slope(F x, F y)
{
    (void)x;
    return 1.0f - y * y;
}

static inline F silu_slope(F x, F y)
{
    const F s = sigmoid(x);
    return s + y * (1.0f - s);
}

/* sigmoid(x) = 1 - e^-y */
static inline F softplus_slope(F x, F y)
{
    (void)x;
    return -expm1_limited(-y);
}

static inline F identity_slope(F x, F y)
{
    (void)x;
    (void)y;
    return splat(1.0f);
}

INLINED void slope_apply(F (*slope)(F x, F y), float *dx, const float *dy, const float *x,
                         const float *y, size_t n, int accumulate)
{
    size_t i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
        F value = load(dy + i) * slope(load(x + i), load(y + i));
        if (accumulate)
            value += load(dx + i);
        store(dx + i, value);
    }
    if (i == n)
        return;
    const size_t rest = n - i;
    F value = load_part(dy + i, rest) * slope(load_part(x + i, rest), load_part(y + i, rest));
    if (accumulate)
        value += load_part(dx + i, rest);
    store_part(dx + i, value, rest);
}

static void activate_backward(nqi_activation kind, float *dx, const float *dy, const float *x,
                              const float *y, size_t n, int accumulate)
{
    if (kind != NQI_SILU)
        x = y; /* only y tells the slope */
    switch (kind) {
    case NQI_SIGMOID:
        slope_apply(sigmoid_slope, dx, dy, x, y, n, accumulate);
        break;
    case NQI_TANH:
        slope_apply(tanh_slope, dx, dy, x, y, n, accumulate);
        break;
    case NQI_SILU:
        slope_apply(silu_slope, dx, dy, x, y, n, accumulate);
        break;
    case NQI_SOFTPLUS:
        slope_apply(softplus_slope, dx, dy, x, y, n, accumulate);
        break;
    case NQI_IDENTITY:
    default:
        slope_apply(identity_slope, dx, dy, x, y, n, accumulate);
        break;
    }
}

static void vexp(float *y, const float *x, size_t n)
{
    map(exp_any, y, x, n);
}

static void vlog(float *y, const float *x, size_t n)
{
    map(log_any, y, x, n);
}

static void vadd(float *y, const float *x, size_t n)
{
    size_t i = 0;
    for (; i + WIDTH <= n; i += WIDTH)
        store(y + i, load(y + i) + load(x + i));
    for (; i < n; i++)
        y[i] += x[i];
}

#endif
