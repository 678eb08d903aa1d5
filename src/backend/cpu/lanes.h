/* lanes.h - vectors of WIDTH lanes: types, loads and stores, and loops over arrays. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Included by isa_*.h, which says what WIDTH is. Everything in this folder is written once in
 * terms of these types and compiled for each instruction set. */
#ifndef NQI_BACKEND_CPU_LANES_H
#define NQI_BACKEND_CPU_LANES_H

#include <stdint.h>
#include <string.h>

#include "backend/cpu/cpu.h"

typedef float F __attribute__((vector_size(4 * WIDTH)));
typedef int32_t I __attribute__((vector_size(4 * WIDTH)));
typedef uint32_t U __attribute__((vector_size(4 * WIDTH)));
typedef uint64_t W __attribute__((vector_size(4 * WIDTH)));

/* The same where an array starts at any element. */
typedef float F_any __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));
typedef uint32_t U_any __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));

/* Kernels take functions and sizes as constants: only inlined do they become what is meant. */
#define INLINED static inline __attribute__((always_inline))

static inline F load(const float *x)
{
    return *(const F_any *)x;
}

static inline void store(float *x, F value)
{
    *(F_any *)x = value;
}

static inline U load_bits(const uint32_t *x)
{
    return *(const U_any *)x;
}

static inline F splat(float x)
{
    const F zero = {0};
    return zero + x;
}

/* The first n < WIDTH elements; other lanes are 0 or are not written. */
static inline F load_part(const float *x, size_t n)
{
    F value = {0};
    memcpy(&value, x, n * sizeof *x);
    return value;
}

static inline void store_part(float *x, F value, size_t n)
{
    memcpy(x, &value, n * sizeof *x);
}

/* y[i] = f(x[i]) */
INLINED void map(F (*f)(F), float *y, const float *x, size_t n)
{
    size_t i = 0;
    for (; i + WIDTH <= n; i += WIDTH)
        store(y + i, f(load(x + i)));
    if (i < n)
        store_part(y + i, f(load_part(x + i, n - i)), n - i);
}

#endif
