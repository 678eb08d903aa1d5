/* test_cholesky.c - factors known by hand, systems solved, and what cannot be told. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/cholesky.h"
#include "core/rng.h"

enum { SIZE = 12 };

/* The upper triangle is never read: what stands there is not a number. */
static void the_factor_of_whole_numbers_is_exact(void **state)
{
    double a[9] = {4, NAN, NAN, 12, 37, NAN, -16, -43, 98};
    const double root[9] = {2, NAN, NAN, 6, 1, NAN, -8, 5, 3};
    assert_int_equal(nqi_cholesky(a, 3), 1);
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++)
            assert_true(j > i ? isnan(a[i * 3 + j]) : a[i * 3 + j] == root[i * 3 + j]);
    (void)state;
}

static void forward_and_backward_solve_by_hand(void **state)
{
    const double root[4] = {2, NAN, 1, 4};
    double v[2] = {6, 11};
    nqi_cholesky_forward(root, 2, v); /* 2 a = 6, a + 4 b = 11 */
    assert_true(v[0] == 3 && v[1] == 2);
    nqi_cholesky_backward(root, 2, v); /* 4 b = 2, 2 a + b = 3 */
    assert_true(v[0] == 1.25 && v[1] == 0.5);
    (void)state;
}

/* B B^T + I for uniform B of SIZE rows. */
static void draw_definite(double *a, uint64_t seed)
{
    double b[SIZE * SIZE];
    const nqi_stream stream = {.seed = seed, .purpose = NQI_DRAW_TEST};
    for (size_t i = 0; i < SIZE * SIZE; i++)
        b[i] = nqi_stream_uniform(&stream, i);
    for (size_t i = 0; i < SIZE; i++)
        for (size_t j = 0; j < SIZE; j++) {
            a[i * SIZE + j] = i == j;
            for (size_t k = 0; k < SIZE; k++)
                a[i * SIZE + j] += b[i * SIZE + k] * b[j * SIZE + k];
        }
}

static void solutions_give_back_their_right_hand_side(void **state)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        double a[SIZE * SIZE], root[SIZE * SIZE], x[SIZE];
        draw_definite(a, seed);
        memcpy(root, a, sizeof a);
        for (size_t i = 0; i < SIZE; i++)
            x[i] = (double)i - 4;
        assert_int_equal(nqi_cholesky(root, SIZE), 1);
        nqi_cholesky_forward(root, SIZE, x);
        nqi_cholesky_backward(root, SIZE, x);
        for (size_t i = 0; i < SIZE; i++) {
            double sum = 0;
            for (size_t k = 0; k < SIZE; k++)
                sum += a[i * SIZE + k] * x[k];
            assert_true(fabs(sum - ((double)i - 4)) < 1e-11);
        }
    }
    (void)state;
}

/* The second unknown is the first one again: it gets 0, and the others have their equations. */
static void an_unknown_that_cannot_be_told_is_zero(void **state)
{
    double a[9] = {4, NAN, NAN, 4, 4, NAN, 2, 2, 10}, v[3] = {8, 8, 13};
    assert_int_equal(nqi_cholesky(a, 3), 0);
    nqi_cholesky_forward(a, 3, v);
    nqi_cholesky_backward(a, 3, v);
    assert_true(v[1] == 0 && v[2] == 1 && v[0] == 1.5);
    (void)state;
}

static void a_negative_pivot_is_told(void **state)
{
    double a[4] = {1, NAN, 2, 1};
    assert_int_equal(nqi_cholesky(a, 2), 0);
    assert_int_equal(nqi_cholesky(a, 0), 1);
    (void)state;
}

static void systems_side_by_side_are_those_alone(void **state)
{
    static double all[SIZE * SIZE * NQI_SYSTEMS];
    (void)state;
    for (size_t s = 0; s < NQI_SYSTEMS; s++) {
        double a[SIZE * SIZE];
        draw_definite(a, s + 1);
        for (size_t j = 0; j < SIZE * SIZE; j++)
            all[j * NQI_SYSTEMS + s] = j / SIZE < j % SIZE ? (double)NAN : a[j];
    }
    nqi_cholesky_all(all, SIZE);
    nqi_cholesky_invert_all(all, SIZE);
    for (size_t s = 0; s < NQI_SYSTEMS; s++)
        for (size_t c = 0; c < SIZE; c++) {
            double a[SIZE * SIZE], column[SIZE] = {0};
            draw_definite(a, s + 1);
            nqi_cholesky(a, SIZE);
            column[c] = 1;
            nqi_cholesky_forward(a, SIZE, column);
            for (size_t i = c; i < SIZE; i++)
                assert_true(fabs(all[(i * SIZE + c) * NQI_SYSTEMS + s] - column[i]) < 1e-12);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_factor_of_whole_numbers_is_exact),
        cmocka_unit_test(forward_and_backward_solve_by_hand),
        cmocka_unit_test(solutions_give_back_their_right_hand_side),
        cmocka_unit_test(an_unknown_that_cannot_be_told_is_zero),
        cmocka_unit_test(a_negative_pivot_is_told),
        cmocka_unit_test(systems_side_by_side_are_those_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
