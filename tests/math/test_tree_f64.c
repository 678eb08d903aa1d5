/* test_tree_f64.c - forward and backward through trees equals enumeration. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "tree_cases.h"

static void beliefs_are_those_of_enumeration(void **state)
{
    (void)state;
    trees_check(1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(beliefs_are_those_of_enumeration)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
