/* test_student.c - Student's t law against known digits, and that quantiles undo tails. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <noneq/pool.h>

#include "core/gauss/gauss.h"
#include "core/gauss/student.h"

static void assert_near(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%.17g is not %.17g within %.2g", got, want, relative);
}

static void tails_have_known_digits(void **state)
{
    /* t, degrees of freedom, P(T > t) by the incomplete beta function in 40-digit arithmetic */
    static const double known[][3] = {
        {0.3, 0.5, 0.4224295760652454100068},
        {1, 1, 0.25},
        {12.706, 1, 0.02500040117906659395226},
        {2.5, 3.7, 0.03591101145591338639146},
        {1e-8, 4, 0.49999999625},
        {40, 9.39657, 4.068277814697664176087e-12},
        {3, 50, 0.002100851593534123627678},
        {2, 300.5, 0.02320000953863106714999},
        {9, 1000, 5.564538585935750128634e-19},
        {2, 1e5, 0.02275148172875323162465},
        {1.5, 3e5, 0.06680772743374157804614},
        {5, 1e7, 2.866564037504269496036e-7},
        {1e200, 0.25, 3.613362769982729902135e-51},
        {7, 0.7, 0.07935857194268647572839},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_near(nqi_student_tail(known[i][0], known[i][1]), known[i][2], 1e-11);
    assert_near(nqi_student_tail(1.75, INFINITY), nqi_gauss_cdf(-1.75), 1e-15);
    assert_true(nqi_student_tail(0, 3) == 0.5);
}

static void quantiles_have_known_digits(void **state)
{
    /* tail, degrees of freedom, t: by bisection in 40-digit arithmetic */
    static const double known[][3] = {
        {0.025, 1, 12.70620473617470464602},
        {0.025, 2, 4.302652729749463852321},
        {0.05, 4, 2.131846786326650318347},
        {0.025, 9.396571221250209, 2.247687183487503460784},
        {0.025, 0.7056257486792687, 35.56185685422555646811},
        {0.005, 18.26, 2.873685863856167525839},
        {0.025, 56.75, 2.00265665874293625161},
        {0.45, 3, 0.1365981993536989075145},
        {0.025, 1e4, 1.960201239890626257838},
        {0.025, 1e6, 1.959966356814107035259},
        {0.025, 0.05, 1.195833758547540731934e+25},
        {1e-9, 5, 98.93722464836995678951},
        {0.1, 0.5, 10.27032441023450614967},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_near(nqi_student_quantile(known[i][0], known[i][1]), known[i][2], 1e-11);
    assert_near(nqi_student_quantile(0.025, INFINITY), 1.959963984540054235525, 1e-13);
    assert_true(nqi_student_quantile(0.5, 2) == 0);
    assert_true(isinf(nqi_student_quantile(0.025, 1e-3)));
}

/* Where one form of the tail ends and another begins too. */
static void quantiles_undo_tails(void **state)
{
    static const double dfs[] = {0.3, 1, 2.5, 30, 59.9, 60, 60.1, 9.9e4, 1.1e5, 9e13, 2e14};
    static const double ts[] = {0.01, 0.7, 1.3, 2, 3.5, 6};
    (void)state;
    for (size_t i = 0; i < sizeof dfs / sizeof *dfs; i++)
        for (size_t k = 0; k < sizeof ts / sizeof *ts; k++)
            assert_near(nqi_student_quantile(nqi_student_tail(ts[k], dfs[i]), dfs[i]), ts[k],
                        1e-9);
}

static void both_sides_mirror_each_other(void **state)
{
    (void)state;
    assert_near(nq_student_quantile(0.975, 4), 2.776445105197793, 1e-12);
    assert_near(nq_student_quantile(0.025, 4), -2.776445105197793, 1e-12);
    assert_true(nq_student_quantile(0.5, 4) == 0);
    assert_true(isnan(nq_student_quantile(0, 4)) && isnan(nq_student_quantile(1, 4)));
    assert_true(isnan(nq_student_quantile(0.3, 0)) && isnan(nq_student_quantile(NAN, 4)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tails_have_known_digits),
        cmocka_unit_test(quantiles_have_known_digits),
        cmocka_unit_test(quantiles_undo_tails),
        cmocka_unit_test(both_sides_mirror_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
