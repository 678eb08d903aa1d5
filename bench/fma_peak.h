/* fma_peak.h - how many float32 operations per second one core can do: an upper limit for tiles. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_BENCH_FMA_PEAK_H
#define NONEQ_BENCH_FMA_PEAK_H

#include <stddef.h>

#ifdef __x86_64__
#include <immintrin.h>

/* Twelve independent sums hide the latency. Each defines float NAME(size_t rounds), whose value
 * only keeps the compiler from dropping the work. */
#define EACH_SUM(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)
enum { PEAK_SUMS = 12 };

#define SUM_START(i) __m512 s##i = _mm512_set1_ps((float)i);
#define SUM_ADD(i) s##i = _mm512_fmadd_ps(s##i, factor, factor);
#define SUM_END(i) factor = _mm512_add_ps(factor, s##i);
__attribute__((target("avx512f"))) static float peak_avx512(size_t rounds)
{
    __m512 factor = _mm512_set1_ps(0.5f);
    EACH_SUM(SUM_START)
    for (size_t i = 0; i < rounds; i++) {
        EACH_SUM(SUM_ADD)
    }
    EACH_SUM(SUM_END)
    return _mm512_cvtss_f32(factor);
}
#undef SUM_START
#undef SUM_ADD
#undef SUM_END

#define SUM_START(i) __m256 s##i = _mm256_set1_ps((float)i);
#define SUM_ADD(i) s##i = _mm256_fmadd_ps(s##i, factor, factor);
#define SUM_END(i) factor = _mm256_add_ps(factor, s##i);
__attribute__((target("avx2,fma"))) static float peak_avx2(size_t rounds)
{
    __m256 factor = _mm256_set1_ps(0.5f);
    EACH_SUM(SUM_START)
    for (size_t i = 0; i < rounds; i++) {
        EACH_SUM(SUM_ADD)
    }
    EACH_SUM(SUM_END)
    return _mm256_cvtss_f32(factor);
}
#undef SUM_START
#undef SUM_ADD
#undef SUM_END

/* Operations done, or 0 when this machine lacks the instructions. */
static double peak_run(int lanes, size_t rounds, volatile float *sink)
{
    if (lanes == 16 && __builtin_cpu_supports("avx512f"))
        *sink = peak_avx512(rounds);
    else if (lanes == 8 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        *sink = peak_avx2(rounds);
    else
        return 0;
    return 2.0 * PEAK_SUMS * lanes * (double)rounds;
}
#else
static double peak_run(int lanes, size_t rounds, volatile float *sink)
{
    (void)lanes;
    (void)rounds;
    (void)sink;
    return 0;
}
#endif

#endif
