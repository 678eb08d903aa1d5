/* isa_generic.inc.h - 4 lanes, for any processor: no intrinsics. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* An isa: the parameters of the templates (cpu.h); it has none itself. Defines ISA_NAME, the name
 * of the table; ISA(slot), the name of a slot in a file of its own; WIDTH, the lanes of a vector;
 * TILE_HEIGHT, the outputs of a tile of sums; what lanes.inc.h does; and the functions below. */
#ifndef NQI_BACKEND_CPU_ISA_GENERIC_H
#define NQI_BACKEND_CPU_ISA_GENERIC_H

#include <math.h>

#define ISA_NAME "generic"
#define ISA(slot) nqi_generic_##slot
enum { WIDTH = 4, TILE_HEIGHT = 4 }; /* 8 of 16 registers: products need some too */

#include "backend/cpu/lanes.inc.h"

/* The first n < WIDTH elements; other lanes are 0, or are not written. */
static inline F load_part(const float *x, size_t n)
{
    return (F){x[0], n > 1 ? x[1] : 0, n > 2 ? x[2] : 0, 0};
}

static inline void store_part(float *x, F value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = value[i];
}

static inline F square_root(F x)
{
    return (F){sqrtf(x[0]), sqrtf(x[1]), sqrtf(x[2]), sqrtf(x[3])};
}

static inline F choose(I mask, F yes, F no)
{
    return (F)(((I)yes & mask) | ((I)no & ~mask));
}

/* Of these two, b when either is not a number. */
static inline F smaller(F a, F b)
{
    return choose(a < b, a, b);
}

static inline F larger(F a, F b)
{
    return choose(a > b, a, b);
}

/* a < b ? yes : no, by lane */
static inline F select_below(F a, F b, F yes, F no)
{
    return choose(a < b, yes, no);
}

/* x 2^n for whole n in -252..254: in two factors, as 2^n alone may not be a number. */
static inline F scale(F x, F n)
{
    const I whole = __builtin_convertvector(n, I), half = whole >> 1;
    return x * (F)((U)(half + 127) << 23) * (F)((U)(whole - half + 127) << 23);
}

static inline float sum_lanes(F x)
{
    return (x[0] + x[2]) + (x[1] + x[3]);
}

/* The sum of all quads of lanes. */
static inline quad sum_quads(F x)
{
    return x;
}

/* Product of the low halves of 64-bit lanes. */
static inline W multiply_low(W a, W b)
{
    return (a & 0xffffffff) * (b & 0xffffffff);
}

/* The lanes of a and of b where keep is -1, one after the other, at the start of arrays, of which
 * whole vectors are written; how many they are. */
static inline size_t compress(uint32_t *to_a, uint32_t *to_b, U a, U b, I keep)
{
    return compress_by_lane(to_a, to_b, a, b, keep);
}

static inline F repeat(quad table)
{
    return table;
}

/* table[index], index in 0..3, of a repeated table */
static inline F lookup(F table, I index)
{
    const I low = -(index & 1), high = -(index >> 1 & 1);
    const F zero = {0};
    return choose(high, choose(low, zero + table[3], zero + table[2]),
                  choose(low, zero + table[1], zero + table[0]));
}

/* out[j] is a, b, c, d at lane j. */
static inline void transpose_quads(F out[4], F a, F b, F c, F d)
{
    for (int j = 0; j < 4; j++)
        out[j] = (F){a[j], b[j], c[j], d[j]};
}

/* Quads side by side: out + q ld is quad q of each vector. */
static inline void store_quads(float *out, size_t ld, const F from[WIDTH / 4])
{
    (void)ld;
    store(out, from[0]);
}

#endif
