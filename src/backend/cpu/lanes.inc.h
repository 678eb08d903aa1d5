/* lanes.inc.h - vectors of WIDTH lanes: types, loads and stores, and loops over arrays. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes WIDTH from the isa_*.inc.h that includes it. Defines the vectors F, I, U, W and
 * quad, INLINED, STRIP, and the functions below. All kernels are written in terms of these. */
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

/* 0, 1, 2 ... */
static inline U lanes_rising(void)
{
    U lanes = {0};
    for (unsigned i = 0; i < WIDTH; i++)
        lanes[i] = i;
    return lanes;
}

/* `compress` of instruction sets that have no such thing. */
static inline size_t compress_by_lane(uint32_t *to_a, uint32_t *to_b, U a, U b, I keep)
{
    size_t kept = 0;
    for (size_t i = 0; i < WIDTH; i++) {
        to_a[kept] = a[i];
        to_b[kept] = b[i];
        kept += keep[i] != 0;
    }
    return kept;
}

/* What a view has from row r on. */
static inline nqi_const_matrix from_row(nqi_const_matrix x, size_t r)
{
    return (nqi_const_matrix){x.at + r, x.ld};
}

static inline size_t smallest(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Long computations are done in stages on this many vectors at a time: a processor looks ahead over
 * a hundred operations or two, which is many vectors in a short stage but only two or three in one
 * long chain of dependent operations. */
enum { STRIP = 8 };

#endif
