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

/* A small table, repeated in every four lanes. */
typedef float quad __attribute__((vector_size(16)));

/* Vectors that start at any element of an array. */
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

static inline size_t smallest(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Long computations are done in stages on this many vectors at a time: a processor looks ahead over
 * a hundred operations or two, which is many vectors in a short stage but only two or three in one
 * long chain of dependent operations. */
enum { BLOCK = 8 };

#endif
