/* isa_avx2.inc.h - 8 lanes: the few operations that C's vector types do not express. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* An isa: the parameters of the templates (cpu.h); it has none itself. Defines ISA_NAME, the name
 * of the table; ISA(slot), the name of a slot in a file of its own; WIDTH, the lanes of a vector;
 * TILE_HEIGHT, the outputs of a tile of sums; what lanes.inc.h does; and the functions below. */
#ifndef NQI_BACKEND_CPU_ISA_AVX2_H
#define NQI_BACKEND_CPU_ISA_AVX2_H

#include <immintrin.h>

#define ISA_NAME "avx2"
#define ISA(slot) nqi_avx2_##slot
enum { WIDTH = 8, TILE_HEIGHT = 6 }; /* 12 of 16 registers hold a tile's sums */

#include "backend/cpu/lanes.inc.h"

/* The first n < WIDTH elements; other lanes are 0, or are not written. */
static inline I part_mask(size_t n)
{
    const I lane = {0, 1, 2, 3, 4, 5, 6, 7};
    return lane < (int32_t)n;
}

static inline F load_part(const float *x, size_t n)
{
    return _mm256_maskload_ps(x, (__m256i)part_mask(n));
}

static inline void store_part(float *x, F value, size_t n)
{
    _mm256_maskstore_ps(x, (__m256i)part_mask(n), value);
}

static inline F square_root(F x)
{
    return _mm256_sqrt_ps(x);
}

/* Of these two, b when either is not a number. */
static inline F smaller(F a, F b)
{
    return _mm256_min_ps(a, b);
}

static inline F larger(F a, F b)
{
    return _mm256_max_ps(a, b);
}

/* a < b ? yes : no, by lane */
static inline F select_below(F a, F b, F yes, F no)
{
    return _mm256_blendv_ps(no, yes, _mm256_cmp_ps(a, b, _CMP_LT_OQ));
}

/* x 2^n for whole n in -252..254: in two factors, as 2^n alone may not be a number. */
static inline F scale(F x, F n)
{
    const I whole = (I)_mm256_cvtps_epi32(n), half = whole >> 1;
    return x * (F)((U)(half + 127) << 23) * (F)((U)(whole - half + 127) << 23);
}

static inline float sum_lanes(F x)
{
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

/* The sum of all quads of lanes. */
static inline quad sum_quads(F x)
{
    return _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
}

/* Product of the low halves of 64-bit lanes. */
static inline W multiply_low(W a, W b)
{
    return (W)_mm256_mul_epu32((__m256i)a, (__m256i)b);
}

/* The lanes of a and of b where keep is -1, one after the other, at the start of arrays, of which
 * whole vectors are written; how many they are. */
static inline size_t compress(uint32_t *to_a, uint32_t *to_b, U a, U b, I keep)
{
    return compress_by_lane(to_a, to_b, a, b, keep);
}

static inline F repeat(quad table)
{
    return _mm256_set_m128(table, table);
}

/* table[index], index in 0..3 of a repeated table */
static inline F lookup(F table, I index)
{
    return _mm256_permutevar_ps(table, (__m256i)index);
}

/* Columns of four rows: lanes 4 q .. 4 q + 3 of out[j] are a, b, c, d at lane 4 q + j. */
static inline void transpose_quads(F out[4], F a, F b, F c, F d)
{
    const __m256d ab0 = (__m256d)_mm256_unpacklo_ps(a, b),
                  ab1 = (__m256d)_mm256_unpackhi_ps(a, b);
    const __m256d cd0 = (__m256d)_mm256_unpacklo_ps(c, d),
                  cd1 = (__m256d)_mm256_unpackhi_ps(c, d);
    out[0] = (F)_mm256_unpacklo_pd(ab0, cd0);
    out[1] = (F)_mm256_unpackhi_pd(ab0, cd0);
    out[2] = (F)_mm256_unpacklo_pd(ab1, cd1);
    out[3] = (F)_mm256_unpackhi_pd(ab1, cd1);
}

/* Quads side by side: out + q ld is quad q of each vector. */
static inline void store_quads(float *out, size_t ld, const F from[WIDTH / 4])
{
    store(out, _mm256_permute2f128_ps(from[0], from[1], 0x20));
    store(out + ld, _mm256_permute2f128_ps(from[0], from[1], 0x31));
}

#endif
