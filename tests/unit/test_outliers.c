/* test_outliers.c - numbers far from the others of their column are found. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "data_bench.h"

enum { ROWS = 1000, MOST = 3 };

/* Column 0: the sine of 1.7 r behind an offset; 1: a straight line; 2: one of two values. */
static void values_fill(double *values)
{
    for (size_t r = 0; r < ROWS; r++) {
        values[3 * r] = 1e9 + sin(1.7 * (double)r);
        values[3 * r + 1] = (double)r;
        values[3 * r + 2] = r == 500 || r == 700;
    }
}

static size_t search(nq_outlier *out, bench *b, const double *values, double limit)
{
    size_t count;
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, ROWS, 3, NULL), NQ_OK);
    assert_int_equal(nq_dataset_outliers(out, &count, &b->context, b->data, limit, MOST), NQ_OK);
    return count;
}

static void columns_without_one_are_passed_over(void **state)
{
    static double values[3 * ROWS];
    nq_outlier found[MOST];
    values_fill(values);
    assert_int_equal(search(found, *state, values, 40), 0);
}

/* The sine has deviation sqrt(1/2), to the two-hundredth; the others of the line n / sqrt(12). */
static void the_distance_is_in_deviations_of_the_others(void **state)
{
    static double values[3 * ROWS];
    static const double far[] = {1e9 + 100, 1e9 - 100, 1e30, -1e300};
    nq_outlier found[MOST];
    values_fill(values);
    for (size_t k = 0; k < 4; k++) {
        const size_t row = k * 333;
        const double kept = values[3 * row];
        values[3 * row] = far[k];
        assert_int_equal(search(found, *state, values, 40), 1);
        assert_int_equal(found[0].row, row);
        assert_int_equal(found[0].column, 0);
        assert_true(found[0].value == far[k]);
        assert_true(fabs(found[0].deviations * sqrt(0.5) / fabs(far[k] - 1e9) - 1) < 0.01);
        values[3 * row] = kept;
    }
}

static void the_limit_is_kept(void **state)
{
    static double values[3 * ROWS];
    nq_outlier found[MOST];
    values_fill(values);
    for (int k = 0; k < 2; k++) {
        values[3 * 123] = 1e9 + (k ? 41 : 39) * sqrt(0.5);
        assert_int_equal(search(found, *state, values, 40), k);
    }
}

static void the_farthest_comes_first_and_gaps_are_passed_over(void **state)
{
    static double values[3 * ROWS];
    nq_outlier found[MOST];
    values_fill(values);
    values[3 * 10] = NAN;
    values[3 * 20] = 1e9 + 1000;
    values[3 * 30 + 1] = -1e9;
    assert_int_equal(search(found, *state, values, 40), 2);
    assert_true(found[0].column == 1 && found[0].row == 30);
    assert_true(found[1].column == 0 && found[1].row == 20);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(columns_without_one_are_passed_over),
        TEST(the_distance_is_in_deviations_of_the_others),
        TEST(the_limit_is_kept),
        TEST(the_farthest_comes_first_and_gaps_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
