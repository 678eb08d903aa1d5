/* isa_avx512.inc.h - 16 lanes: the few operations that C's vector types do not express. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* An isa: the parameters of the templates (cpu.h); it has none itself. Defines ISA_NAME, the name
 * of the table; ISA(slot), the name of a slot in a file of its own; WIDTH, the lanes of a vector;
 * TILE_HEIGHT, the outputs of a tile of sums; what lanes.inc.h does; and the functions below. */
#ifndef NQI_BACKEND_CPU_ISA_AVX512_H
#define NQI_BACKEND_CPU_ISA_AVX512_H

#include <immintrin.h>

#define ISA_NAME "avx512"
#define ISA(slot) nqi_avx512_##slot
enum { WIDTH = 16, TILE_HEIGHT = 12 }; /* 24 of 32 registers hold a tile's sums */

#include "backend/cpu/lanes.inc.h"

/* The first n < WIDTH elements; other lanes are 0, or are not written. */
static inline F load_part(const float *x, size_t n)
{
    return _mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), x);
}

static inline void store_part(float *x, F value, size_t n)
{
    _mm512_mask_storeu_ps(x, (__mmask16)((1u << n) - 1), value);
}

static inline F square_root(F x)
{
    return _mm512_sqrt_ps(x);
}

/* Of these two, b when either is not a number. */
static inline F smaller(F a, F b)
{
    return _mm512_min_ps(a, b);
}

static inline F larger(F a, F b)
{
    return _mm512_max_ps(a, b);
}

/* a < b ? yes : no, by lane */
static inline F select_below(F a, F b, F yes, F no)
{
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LT_OQ), no, yes);
}

/* x 2^n for whole n of any size */
static inline F scale(F x, F n)
{
    return _mm512_scalef_ps(x, n);
}

static inline float sum_lanes(F x)
{
    return _mm512_reduce_add_ps(x);
}

/* The sum of all quads of lanes. */
static inline quad sum_quads(F x)
{
    const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1));
    return _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
}

/* Product of the low halves of 64-bit lanes. */
static inline W multiply_low(W a, W b)
{
    return (W)_mm512_mul_epu32((__m512i)a, (__m512i)b);
}

/* The lanes of a and of b where keep is -1, one after the other, at the start of arrays, of which
 * whole vectors are written; how many they are. */
static inline size_t compress(uint32_t *to_a, uint32_t *to_b, U a, U b, I keep)
{
    const __mmask16 mask = _mm512_movepi32_mask((__m512i)keep);
    _mm512_storeu_si512(to_a, _mm512_maskz_compress_epi32(mask, (__m512i)a));
    _mm512_storeu_si512(to_b, _mm512_maskz_compress_epi32(mask, (__m512i)b));
    return (size_t)__builtin_popcount(mask);
}

static inline F repeat(quad table)
{
    return _mm512_broadcast_f32x4(table);
}

/* table[index], index in 0..3 of a repeated table */
static inline F lookup(F table, I index)
{
    return _mm512_permutevar_ps(table, (__m512i)index);
}

/* Columns of four rows: lanes 4 q .. 4 q + 3 of out[j] are a, b, c, d at lane 4 q + j. */
static inline void transpose_quads(F out[4], F a, F b, F c, F d)
{
    const __m512d ab0 = (__m512d)_mm512_unpacklo_ps(a, b),
                  ab1 = (__m512d)_mm512_unpackhi_ps(a, b);
    const __m512d cd0 = (__m512d)_mm512_unpacklo_ps(c, d),
                  cd1 = (__m512d)_mm512_unpackhi_ps(c, d);
    out[0] = (F)_mm512_unpacklo_pd(ab0, cd0);
    out[1] = (F)_mm512_unpackhi_pd(ab0, cd0);
    out[2] = (F)_mm512_unpacklo_pd(ab1, cd1);
    out[3] = (F)_mm512_unpackhi_pd(ab1, cd1);
}

/* Quads side by side: out + q ld is quad q of each vector. */
static inline void store_quads(float *out, size_t ld, const F from[WIDTH / 4])
{
    const __m512 ab_even = _mm512_shuffle_f32x4(from[0], from[1], 0x88),
                 ab_odd = _mm512_shuffle_f32x4(from[0], from[1], 0xdd);
    const __m512 cd_even = _mm512_shuffle_f32x4(from[2], from[3], 0x88),
                 cd_odd = _mm512_shuffle_f32x4(from[2], from[3], 0xdd);
    store(out, _mm512_shuffle_f32x4(ab_even, cd_even, 0x88));
    store(out + ld, _mm512_shuffle_f32x4(ab_odd, cd_odd, 0x88));
    store(out + 2 * ld, _mm512_shuffle_f32x4(ab_even, cd_even, 0xdd));
    store(out + 3 * ld, _mm512_shuffle_f32x4(ab_odd, cd_odd, 0xdd));
}

#endif
