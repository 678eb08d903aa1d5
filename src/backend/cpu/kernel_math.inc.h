/* kernel_math.inc.h - exp, log and their kin for lanes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa. Defines exp_*, expm1_limited, log_*, log1p_unit, limited, absolute,
 * sigmoid and tanh_lanes. */
/* The polynomials are minimax fits (weighted least squares, reweighted until the largest relative
 * errors agree), to 1.3e-8 for exp and 3e-8 for log; rounding adds one or two units in the last
 * place. What is not a number stays so. */
#ifndef NQI_BACKEND_CPU_KERNEL_MATH_H
#define NQI_BACKEND_CPU_KERNEL_MATH_H

#include <math.h>

/* x within [low, high] */
static inline F limited(F x, float low, float high)
{
    return smaller(splat(high), larger(splat(low), x));
}

/* Splits x = n log 2 + r, |r| <= log(2) / 2, and returns e^r - 1. n is rounded by adding 1.5 2^23,
 * whose last bit is worth 1; log 2 is in two parts, the first of which has few bits. */
static inline F exp_reduced(F *n, F x)
{
    const float rounder = 12582912.0f;
    *n = (x * 1.4426950f + rounder) - rounder;
    const F r = (x - *n * 0.693359375f) + *n * 2.12194440e-4f;
    const F square = r * r;
    const F low = r * 0.16666544f + 0.49999998f, high = r * 0.0083665143f + 0.041667200f;
    return (low + (high + square * 0.0013882517f) * square) * square + r;
}

/* 2^n for whole n in -126..127 */
static inline F power_of_two(F n)
{
    return (F)((U)(n + 12583039.0f) << 23); /* 1.5 2^23 + 127 */
}

/* e^x: infinite above 88.7, 0 below -104 (or where denormals are flushed -87.3). */
static inline F exp_any(F x)
{
    F n;
    const F p = exp_reduced(&n, limited(x, -110.0f, 90.0f));
    return scale(p + 1.0f, n);
}

/* e^x for x limited to +-87, where 2^n is a number. */
static inline F exp_limited(F x)
{
    F n;
    const F p = exp_reduced(&n, limited(x, -87.0f, 87.0f)), power = power_of_two(n);
    return p * power + power;
}

/* e^x - 1 with small relative error also near 0; x limited to +-87. */
static inline F expm1_limited(F x)
{
    F n;
    const F p = exp_reduced(&n, limited(x, -87.0f, 87.0f)), power = power_of_two(n);
    return p * power + (power - 1.0f);
}

/* (log(1 + f) - f) / f^2 for 1 + f in [0.707, 1.414) */
static inline F log_polynomial(F f)
{
    const F square = f * f, fourth = square * square;
    const F p0 = f * 0.33333950f - 0.49999992f, p2 = f * 0.19962065f - 0.25001753f;
    const F p4 = f * 0.14918096f - 0.16570556f, p6 = f * 0.087340957f - 0.14307208f;
    return (p0 + p2 * square) + (p4 + p6 * square) * fourth;
}

/* log of a positive normal number: x = 2^e m, m in [0.707, 1.414), f = m - 1. */
static inline F log_positive(F x)
{
    const I exponent = (I)((U)x - 0x3f3504f3u) >> 23;
    const F f = (F)((U)x - ((U)exponent << 23)) - 1.0f;
    const F e = __builtin_convertvector(exponent, F);
    return e * 0.693359375f + (f + (f * f * log_polynomial(f) - e * 2.12194440e-4f));
}

/* log x for every x: -inf for 0 (and for denormals), not a number below. */
static inline F log_any(F x)
{
    const F zero = {0};
    F y = select_below(x, splat(INFINITY), log_positive(x), x); /* inf and nan as they are */
    y = select_below(x, splat(1.17549435e-38f), splat(-INFINITY), y);
    return select_below(x, zero, splat(NAN), y);
}

/* log(1 + x) for x in [0, 1]: what 1 + x lost is added again. */
static inline F log1p_unit(F x)
{
    const F u = x + 1.0f;
    return log_positive(u) + (x - (u - 1.0f));
}

static inline F sigmoid(F x)
{
    return 1.0f / (exp_limited(-x) + 1.0f);
}

static inline F absolute(F x)
{
    return (F)((I)x & 0x7fffffff);
}

/* (e^2x - 1) / (e^2x + 1) */
static inline F tanh_lanes(F x)
{
    const F e = expm1_limited(limited(x, -10.0f, 10.0f) * 2.0f);
    return e / (e + 2.0f);
}

#endif
