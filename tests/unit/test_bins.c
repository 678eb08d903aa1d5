/* test_bins.c - numbers in bins, and whether coverage tells draws that are too narrow or wide. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check/check.h"
#include "task/figure/bins.h"

static void ends_belong_to_bins_and_what_is_beyond_does_not(void **state)
{
    (void)state;
    const double numbers[] = {-1, -0.5, 0, 0.99, 1, 1.01, NAN, -1.5};
    double bins[4] = {0};
    nqi_bins_count(bins, 4, -1, 1, numbers, 8);
    assert_true(bins[0] == 0.125 && bins[1] == 0.125 && bins[2] == 0.125 && bins[3] == 0.25);
}

static void width_is_told_beyond_three_errors(void **state)
{
    (void)state;
    static const struct {
        double part, se;
        int width;
    } cases[] = {{0.9, 0.01, 0}, {0.88, 0.01, 0}, {0.86, 0.01, -1}, {0.94, 0.01, 1},
                 {1, 0, 0},      {0.5, NAN, 0},   {0.929, 0.01, 0}};
    nq_check_coverage all = {.kind = "all"};
    const nq_check found = {.coverage = &all, .coverage_count = 1};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        all.part[2] = cases[i].part;
        all.se[2] = cases[i].se;
        assert_int_equal(nqi_check_width(&found), cases[i].width);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_belong_to_bins_and_what_is_beyond_does_not),
        cmocka_unit_test(width_is_told_beyond_three_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
