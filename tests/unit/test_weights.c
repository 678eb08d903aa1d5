/* test_weights.c - means of weights that are known by their logarithms. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <noneq/likelihood.h>

#include "measure/weight/weights.h"

static void assert_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-12 * fmax(1, fabs(expected))))
        fail_msg("expected %.17g, got %.17g", expected, got);
}

static void equal_weights_all_count(void **state)
{
    const double log_w[5] = {-3, -3, -3, -3, -3};
    double ess;
    (void)state;
    assert_near(nq_log_mean_exp(&ess, log_w, 5), -3);
    assert_near(ess, 5);
}

static void weights_far_below_the_smallest_number_count(void **state)
{
    const double log_w[3] = {-2000, -2001, -1999};
    double ess;
    (void)state;
    const double a = exp(-1.0), b = exp(-2.0), sum = 1 + a + b;
    assert_near(nq_log_mean_exp(&ess, log_w, 3), -1999 + log(sum / 3));
    assert_near(ess, sum * sum / (1 + a * a + b * b));
}

static void weights_beyond_the_largest_number_count(void **state)
{
    const double log_w[2] = {5000, 5000 + log(3)};
    (void)state;
    assert_near(nq_log_mean_exp(NULL, log_w, 2), 5000 + log(2));
}

static void order_of_the_largest_does_not_matter(void **state)
{
    const double rising[3] = {-1, 0, 2}, falling[3] = {2, 0, -1};
    double ess[2];
    (void)state;
    assert_near(nq_log_mean_exp(&ess[0], rising, 3), nq_log_mean_exp(&ess[1], falling, 3));
    assert_near(ess[0], ess[1]);
}

static void weight_of_zero_counts_as_one_of_them(void **state)
{
    const double log_w[4] = {-INFINITY, 0, -INFINITY, 0};
    double ess;
    (void)state;
    assert_near(nq_log_mean_exp(&ess, log_w, 4), log(0.5));
    assert_near(ess, 2);
}

static void nothing_has_weight_zero(void **state)
{
    const double log_w[2] = {-INFINITY, -INFINITY};
    double ess;
    (void)state;
    assert_true(nq_log_mean_exp(&ess, log_w, 2) == -INFINITY);
    assert_true(ess == 0);
    assert_true(nq_log_mean_exp(&ess, NULL, 0) == -INFINITY);
}

static void what_is_no_number_stays_none(void **state)
{
    const double log_w[3] = {0, NAN, 1};
    (void)state;
    assert_true(isnan(nq_log_mean_exp(NULL, log_w, 3)));
}

/* w = 1 and 3: mean 2, deviation sqrt 2, so the mean's relative error is 1 / 2. */
static void error_is_that_of_the_mean_over_the_mean(void **state)
{
    nqi_weights weights = {0};
    (void)state;
    assert_true(nqi_weights_se(&weights) == INFINITY);
    nqi_weights_add(&weights, 0);
    assert_true(nqi_weights_se(&weights) == INFINITY);
    nqi_weights_add(&weights, log(3));
    assert_near(nqi_weights_se(&weights), 0.5);
    assert_near(weights.log_sum, log(3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_weights_all_count),
        cmocka_unit_test(weights_far_below_the_smallest_number_count),
        cmocka_unit_test(weights_beyond_the_largest_number_count),
        cmocka_unit_test(order_of_the_largest_does_not_matter),
        cmocka_unit_test(weight_of_zero_counts_as_one_of_them),
        cmocka_unit_test(nothing_has_weight_zero),
        cmocka_unit_test(what_is_no_number_stays_none),
        cmocka_unit_test(error_is_that_of_the_mean_over_the_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
