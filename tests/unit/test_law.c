/* test_law.c - tails of chi square against known digits, and p values combined and adjusted. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/law/law.h"
#include "core/rng.h"

static void assert_near(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%.17g is not %.17g within %.2g", got, want, relative);
}

/* x, degrees of freedom, mass above, mass below (SciPy's chi2.sf and chi2.cdf) */
static const double known[][4] = {
    {5.2, 9, 0.8165367975972474, 0.1834632024027526},
    {40.533333333333331, 19, 0.0027833878877706816, 0.99721661211222934},
    {0.001, 1, 0.97477287936996038, 0.025227120630039609},
    {1e-08, 3, 0.99999999999973399, 2.6596151946973703e-13},
    {700, 9, 6.916357838795454e-145, 1},
    {1000, 1000, 0.49405285382923964, 0.50594714617076031},
    {1200, 1000, 1.2255942330622893e-05, 0.99998774405766944},
    {800, 1000, 0.99999918906189211, 8.1093810787991455e-07},
    {1.5, 2.5, 0.5850429747307262, 0.41495702526927386},
    {30, 10, 0.00085664121077530097, 0.99914335878922467},
    {12, 10, 0.28505650031663121, 0.71494349968336879},
    {11.99, 10, 0.28572632112318325, 0.7142736788768167},
};

static void chi_square_has_known_digits_in_both_tails(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_near(nqi_chi2_above(known[i][0], known[i][1]), known[i][2], 1e-11);
        assert_near(nqi_chi2_below(known[i][0], known[i][1]), known[i][3], 1e-11);
    }
    assert_true(nqi_chi2_above(0, 3) == 1 && nqi_chi2_below(0, 3) == 0);
    assert_true(nqi_chi2_above(HUGE_VAL, 3) == 0 && nqi_chi2_below(HUGE_VAL, 3) == 1);
    assert_true(isnan(nqi_chi2_above(NAN, 3)));
}

/* With one degree of freedom x is a squared normal number, and with two an exponential one. */
static void it_is_the_normal_and_the_exponential_law(void **state)
{
    (void)state;
    for (double z = 0.01; z < 30; z *= 1.3) {
        assert_near(nqi_chi2_above(z * z, 1), nqi_normal_p(z), 1e-12);
        assert_near(nqi_chi2_above(z * z, 2), exp(-z * z / 2), 1e-12);
    }
    assert_near(nqi_chi2_p(3.841458820694124, 1), 0.1, 1e-12);
}

static void p_values_are_combined(void **state)
{
    (void)state;
    const double some[] = {.01, .3, .7}, tiny[] = {1e-200, 1, .5}, same[] = {.03, NAN, .03};
    assert_near(nqi_p_combine(some, 3), 0.02992143052884846, 1e-12); /* SciPy's cauchy.sf */
    assert_near(nqi_p_combine(tiny, 3), 3e-200, 1e-9);
    assert_near(nqi_p_combine(same, 3), .03, 1e-12); /* equal ones are one test */
    assert_true(isnan(nqi_p_combine(same + 1, 1)) && isnan(nqi_p_combine(some, 0)));
}

/* By hand: .01 * 4, .02 * 3, .03 * 2, .5; each at least the one before. */
static void holm_adjusts_in_order(void **state)
{
    (void)state;
    double p[] = {.5, .02, NAN, .01, .03};
    size_t scratch[5];
    nqi_p_holm(p, p, 5, scratch);
    assert_near(p[3], .04, 1e-15);
    assert_near(p[1], .06, 1e-15);
    assert_near(p[4], .06, 1e-15);
    assert_near(p[0], .5, 1e-15);
    assert_true(isnan(p[2]));
}

/* Whole numbers of known moments, far from chance: next to nothing is shrunk. */
static void moments_of_whole_rows_are_theirs(void **state)
{
    (void)state;
    enum { COUNT = 4000 };
    static double rows[COUNT * 2];
    double mean[2], covariance[4], few[4];
    for (size_t r = 0; r < COUNT; r++) {
        rows[r * 2] = (r & 1) ? 1 : -1;
        rows[r * 2 + 1] = 3 + ((r & 1) ? 2 : -2) + ((r & 2) ? 0.5 : -0.5);
    }
    assert_int_equal(nqi_normal_fit(mean, covariance, NULL, rows, COUNT, 2), NQ_OK);
    assert_true(fabs(mean[0]) < 1e-12 && fabs(mean[1] - 3) < 1e-12);
    assert_true(fabs(covariance[0] - 1) < 1e-12 && fabs(covariance[3] - 4.25) < 1e-12);
    assert_true(fabs(covariance[1] - 2) < 1e-3 && covariance[1] == covariance[2]);
    /* of four rows that only look correlated less is left */
    const double by_chance[8] = {1, 2, -1, 0.5, 0.5, -2, -0.5, -0.5};
    const double plain = (2 - 0.5 - 1 + 0.25) / 4;
    assert_int_equal(nqi_normal_fit(mean, few, NULL, by_chance, 4, 2), NQ_OK);
    assert_true(fabs(few[1]) < 0.5 * plain && few[1] * plain >= 0);
}

/* y of x > 0 is hidden in four rows of five: complete rows alone would have other means. */
static void gaps_that_depend_on_what_is_known_do_no_harm(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    const nqi_stream law = {3, NQI_DRAW_TEST, 0, 0};
    double *rows = malloc(COUNT * 2 * sizeof *rows), mean[2], covariance[4];
    for (size_t r = 0; r < COUNT; r++) {
        const double x = nqi_stream_normal(&law, 2 * r), e = nqi_stream_normal(&law, 2 * r + 1);
        rows[r * 2] = x;
        rows[r * 2 + 1] = x > 0 && r % 5 ? (double)NAN : 1 + 2 * x + e;
    }
    assert_int_equal(nqi_normal_fit(mean, covariance, NULL, rows, COUNT, 2), NQ_OK);
    assert_true(fabs(mean[0]) < 0.03 && fabs(mean[1] - 1) < 0.08);
    assert_true(fabs(covariance[1] - 2) < 0.1 && fabs(covariance[3] - 5) < 0.25);
    free(rows);
}

/* One that is never known, one that never changes, rows of which nothing is known. */
static void what_rows_do_not_tell_has_a_law_too(void **state)
{
    (void)state;
    const double no = (double)NAN;
    const double rows[12] = {1, no, 7, 2, no, 7, no, no, no, 3, no, 7};
    double mean[3], covariance[9];
    assert_int_equal(nqi_normal_fit(mean, covariance, NULL, rows, 4, 3), NQ_OK);
    assert_true(mean[1] == 0 && fabs(covariance[4] - 1) < 1e-9);
    assert_true(fabs(mean[2] - 7) < 1e-3 && covariance[8] > 0);
    assert_true(fabs(mean[0] - 2) < 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chi_square_has_known_digits_in_both_tails),
        cmocka_unit_test(it_is_the_normal_and_the_exponential_law),
        cmocka_unit_test(p_values_are_combined),
        cmocka_unit_test(holm_adjusts_in_order),
        cmocka_unit_test(moments_of_whole_rows_are_theirs),
        cmocka_unit_test(gaps_that_depend_on_what_is_known_do_no_harm),
        cmocka_unit_test(what_rows_do_not_tell_has_a_law_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
