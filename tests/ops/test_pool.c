/* test_pool.c - pooling and unpooling of every table against ref, and against each other. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "ops/ops_test.h"

enum { PLANES = 3, SIZE = PLANES * 14 * 11 * 32 };

typedef struct shape {
    size_t height, width, factor, rows;
    int mean, accumulate;
} shape;

static const shape shapes[] = {{1, 1, 1, 16, 0, 0}, {1, 1, 4, 16, 1, 1},  {2, 2, 2, 16, 1, 0},
                               {4, 6, 2, 32, 0, 1}, {5, 7, 2, 16, 1, 0},  {5, 7, 2, 16, 0, 0},
                               {7, 5, 3, 32, 1, 1}, {7, 5, 3, 16, 0, 1},  {3, 9, 4, 16, 1, 0},
                               {9, 9, 8, 16, 1, 1}, {13, 10, 5, 16, 1, 0}};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

/* Planes of pixels, and of windows, with room between them. */
static size_t stride_large(const shape *s)
{
    return (s->height * s->width + 1) * s->rows;
}

static size_t windows(const shape *s)
{
    return ((s->height + s->factor - 1) / s->factor) * ((s->width + s->factor - 1) / s->factor);
}

static size_t stride_small(const shape *s)
{
    return (windows(s) + 1) * s->rows;
}

static nqi_window_size size_of(const shape *s)
{
    return (nqi_window_size){PLANES, s->height, s->width, s->factor, s->rows};
}

static void run_pool(const nqi_ops *ops, float *y, const float *x, const shape *s)
{
    ops->conv.pool((nqi_matrix){y, stride_small(s)}, (nqi_const_matrix){x, stride_large(s)},
                   size_of(s), s->mean, s->accumulate);
}

static void run_unpool(const nqi_ops *ops, float *y, const float *x, const shape *s)
{
    ops->conv.unpool((nqi_matrix){y, stride_large(s)}, (nqi_const_matrix){x, stride_small(s)},
                     size_of(s), s->mean, s->accumulate);
}

static void check_slot(void (*run)(const nqi_ops *, float *, const float *, const shape *))
{
    float *x = normals_new(SIZE, 1), *start = normals_new(SIZE, 2);
    for (size_t at = 0; at < SHAPES * TABLES; at++) {
        const shape *s = &shapes[at % SHAPES];
        const nqi_ops *ops = table_at(at / SHAPES);
        if (!ops)
            continue;
        float *want = copy_new(start, SIZE), *got = copy_new(start, SIZE);
        run(nqi_ops_ref(), want, x, s);
        run(ops, got, x, s);
        char what[64];
        snprintf(what, sizeof what, "map %zu x %zu by %zu", s->height, s->width, s->factor);
        assert_all_near(ops->name, what, got, want, SIZE, 0, 1e-5);
        nqi_aligned_free(want);
        nqi_aligned_free(got);
    }
    nqi_aligned_free(x);
    nqi_aligned_free(start);
}

static void pool_agrees_with_ref(void **state)
{
    (void)state;
    check_slot(run_pool);
}

static void unpool_agrees_with_ref(void **state)
{
    (void)state;
    check_slot(run_unpool);
}

static double dot(const float *x, const float *y, size_t stride, size_t plane)
{
    double sum = 0;
    for (size_t p = 0; p < PLANES; p++)
        for (size_t i = 0; i < plane; i++)
            sum += (double)x[p * stride + i] * (double)y[p * stride + i];
    return sum;
}

static void unpool_is_the_transpose_of_pool(void **state)
{
    (void)state;
    float *x = normals_new(SIZE, 1), *y = normals_new(SIZE, 2);
    for (size_t at = 0; at < SHAPES * TABLES; at++) {
        shape s = shapes[at % SHAPES];
        s.accumulate = 0;
        const nqi_ops *ops = table_at(at / SHAPES);
        if (!ops)
            continue;
        float *small = floats_new(SIZE), *big = floats_new(SIZE);
        run_pool(ops, small, x, &s);
        run_unpool(ops, big, y, &s);
        const double left = dot(small, y, stride_small(&s), windows(&s) * s.rows);
        const double right = dot(x, big, stride_large(&s), s.height * s.width * s.rows);
        assert_near(ops->name, "transpose", (float)left, (float)right, 1e-5, 1e-3);
        nqi_aligned_free(small);
        nqi_aligned_free(big);
    }
    nqi_aligned_free(x);
    nqi_aligned_free(y);
}

/* Row 3 of a 3 x 3 map of 1..9, by twos: windows of four, two, two and one. */
static void windows_at_the_far_edges_hold_what_there_is(void **state)
{
    (void)state;
    enum { ROWS = 16 };
    const float sums[] = {12, 9, 15, 9}, means[] = {3, 4.5f, 7.5f, 9};
    float *x = floats_new(9 * ROWS), *y = floats_new(4 * ROWS);
    for (size_t i = 0; i < 9; i++)
        x[i * ROWS + 3] = (float)(i + 1);
    for (size_t at = 0; at < 2 * TABLES; at++) {
        const nqi_ops *ops = table_at(at / 2);
        const int mean = at % 2;
        if (!ops)
            continue;
        ops->conv.pool((nqi_matrix){y, 4 * ROWS}, (nqi_const_matrix){x, 9 * ROWS},
                       (nqi_window_size){1, 3, 3, 2, ROWS}, mean, 0);
        for (size_t i = 0; i < 4; i++) {
            assert_near(ops->name, "window", y[i * ROWS + 3], mean ? means[i] : sums[i], 1e-6, 0);
            assert_true(y[i * ROWS] == 0);
        }
    }
    nqi_aligned_free(x);
    nqi_aligned_free(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pool_agrees_with_ref),
        cmocka_unit_test(unpool_agrees_with_ref),
        cmocka_unit_test(unpool_is_the_transpose_of_pool),
        cmocka_unit_test(windows_at_the_far_edges_hold_what_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
