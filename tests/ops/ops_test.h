/* ops_test.h - what tests of the slot table share: tables, numbers, comparisons. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_OPS_TEST_H
#define NQI_TESTS_OPS_TEST_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "kernels.h"

/* The dense slots of the last round (test_bf16.c); its others are compared as all are. */
enum { TABLES = 5, EXACT_TABLES = 4 };

/* The reference and those vector tables that this machine runs; the others are NULL. */
static inline const nqi_ops *table_at(size_t i)
{
    const char *const names[TABLES] = {"ref", "generic", "avx2", "avx512", "avx512-bf16"};
    return i ? nqi_backends_named(kernels(), names[i]) : nqi_ops_ref();
}

static inline float *floats_new(size_t n)
{
    float *x = nqi_aligned_new(n, sizeof *x);
    assert_non_null(x);
    return x;
}

/* Normals that depend on `item` alone. */
static inline float *normals_new(size_t n, uint32_t item)
{
    const nqi_stream stream = {11, NQI_DRAW_TEST, 0, item};
    float *x = floats_new(n);
    nqi_ops_ref()->random.normal(x, &stream, 0, n);
    return x;
}

static inline float *copy_new(const float *x, size_t n)
{
    float *copy = floats_new(n);
    memcpy(copy, x, n * sizeof *x);
    return copy;
}

/* Within relative * |want| + absolute; infinities must agree. */
static inline void assert_near(const char *table, const char *what, float got, float want,
                               double relative, double absolute)
{
    const double a = (double)got, b = (double)want;
    if (!(got == want || fabs(a - b) <= relative * fabs(b) + absolute))
        fail_msg("%s %s: %.9g is not %.9g", table, what, a, b);
}

static inline void assert_all_near(const char *table, const char *what, const float *got,
                                   const float *want, size_t n, double relative, double absolute)
{
    for (size_t i = 0; i < n; i++)
        assert_near(table, what, got[i], want[i], relative, absolute);
}

#endif
