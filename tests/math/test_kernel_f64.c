/* test_kernel_f64.c - means over kept rows equal enumeration. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "kernel_cases.h"

static void beliefs_are_those_of_enumeration(void **state)
{
    (void)state;
    kernels_check(1e-12);
}

static void rows_that_do_not_reach_give_the_optimum_of_their_own_law(void **state)
{
    (void)state;
    empirical_check(1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beliefs_are_those_of_enumeration),
        cmocka_unit_test(rows_that_do_not_reach_give_the_optimum_of_their_own_law),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
