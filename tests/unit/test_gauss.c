/* test_gauss.c - Phi, its logarithm and inverse against known digits, and masses of bins. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/gauss/gauss.h"

static void assert_near(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%.17g is not %.17g within %.2g", got, want, relative);
}

/* z, Phi(z), log Phi(z), in 40-digit arithmetic */
static const double known[][3] = {
    {-60.0, 0, -1805.013560680567139},
    {-40.25, 0, -814.645914847568467},
    {-37.0, 5.725571222524576823e-300, -689.0305855768905936},
    {-35.0, 1.124910706472406244e-268, -616.9751012619225135},
    {-20.5, 1.076467325879096034e-93, -214.0667289632638002},
    {-19.3, 2.685460542799222588e-83, -190.1267104809335696},
    {-12.7, 2.956485364852050077e-37, -84.11164725467316439},
    {-8.1, 2.747959392398228494e-16, -35.83050289080147182},
    {-6.0, 9.865876450376981407e-10, -20.73676894997470565},
    {-3.3, 4.834241423837775071e-4, -7.634616148071127294},
    {-1.4, 0.08075665923377105979, -2.516314852988328784},
    {-0.7, 0.2419636522230730286, -1.418967761531531579},
    {-0.01, 0.4960106436853683962, -0.7011578934443700956},
    {0.0, 0.5, -0.6931471805599453094},
    {0.3, 0.6179114221889526331, -0.4814101615884812052},
    {1.0, 0.8413447460685429486, -0.1727537790234498895},
    {2.5, 0.9937903346742238648, -6.229025485860002381e-3},
    {5.0, 0.9999997133484281208, -2.866516129637635934e-7},
    {7.9, 0.9999999999999986055, -1.39451714665926525e-15},
    {9.5, 1.0, -1.049451507536260749e-21},
};
enum { COUNT = sizeof known / sizeof known[0] };

static void phi_and_its_logarithm_have_fourteen_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        if (known[i][1] > 1e-300)
            assert_near(nqi_gauss_cdf(known[i][0]), known[i][1], 1e-14);
        assert_near(nqi_gauss_log_cdf(known[i][0]), known[i][2], 1e-14);
    }
}

static void quantile_has_fourteen_digits(void **state)
{
    (void)state;
    static const double want[][2] = {
        {1e-300, -37.04709629936119924},      {1e-100, -21.27345356096532429},
        {1e-20, -9.26234008979840758},        {3.3e-09, -5.800798174209944497},
        {1e-05, -4.26489079392282461},        {0.02, -2.053748910631823044},
        {0.0242, -1.973839463313199272},      {0.0243, -1.972084159029288475},
        {0.03, -1.880793608151250955},        {0.1, -1.281551565544600435},
        {0.3, -0.524400512708040816},         {0.49, -0.02506890825871105803},
        {0.499999, -2.506628274566559378e-6},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        assert_near(nqi_gauss_quantile(want[i][0]), want[i][1], 1e-14);
        if (want[i][0] > 0.01 && want[i][0] < 0.4)
            assert_near(nqi_gauss_quantile(1 - want[i][0]), -want[i][1], 2e-14);
    }
    assert_true(nqi_gauss_quantile(0.5) == 0);
    assert_true(nqi_gauss_quantile(0) == -INFINITY && nqi_gauss_quantile(1) == INFINITY);
    assert_true(isnan(nqi_gauss_quantile(-0.1)) && isnan(nqi_gauss_quantile(NAN)));
}

/* a, b, log mass in 40-digit arithmetic */
static void masses_have_twelve_digits_wherever_the_bin_is(void **state)
{
    (void)state;
    static const double want[][3] = {
        {-1.0, 2.0, -0.2001662943244625799},    {0.5, 0.75, -2.502131920409983225},
        {3.0, 3.125, -7.682388621364216634},    {3.0, 3.0078125, -10.2826747719727074},
        {-0.05, 0.05, -3.221940223426452745},   {0.0, 0.0009765625, -7.850410497749835131},
        {20.0, 20.5, -203.9171944646089813},    {20.0, 20.0009765625, -207.8601602274528303},
        {-40.0, -39.5, -784.7208791066240119},  {-40.0, -39.9990234375, -807.8308156718246807},
        {38.0, 60.0, -726.5572160188201301},    {-0.5, 30.0, -0.3689464152886563931},
        {-9.0, 9.0, -2.257176811907681296e-19}, {0.049, 0.051, -7.13479679787685601},
        {99.0, 101.0, -4906.014160387731905},   {99.0, 99.0009765625, -4908.398360911252955},
        {-70.0, 0.25, -0.5129840754094304321},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        assert_near(nqi_gauss_log_mass(want[i][0], want[i][1]), want[i][2], 1e-12);
        assert_near(nqi_gauss_log_mass(-want[i][1], -want[i][0]), want[i][2], 1e-12);
    }
    assert_true(nqi_gauss_log_mass(-INFINITY, INFINITY) == 0);
}

static void derivatives_of_a_bin_match_differences(void **state)
{
    (void)state;
    static const double bins[][2] = {{-0.3, 0.4},        {1.9, 2.0},      {1.96, 1.97},
                                     {-INFINITY, -7},    {8, INFINITY},   {20, 20.1},
                                     {0.1, 0.10001},     {-30.001, -30},  {-50, 60},
                                     {-INFINITY, 1e300}, {0.0495, 0.0505}};
    for (size_t i = 0; i < sizeof bins / sizeof bins[0]; i++) {
        const double low = bins[i][0], high = bins[i][1], h = 1e-5;
        const nqi_gauss_bin at = nqi_gauss_bin_of(low, high, 0.3, 0.7);
        const double by_mean = (nqi_gauss_bin_of(low, high, 0.3 + h, 0.7).log_mass -
                                nqi_gauss_bin_of(low, high, 0.3 - h, 0.7).log_mass) /
                               (2 * h);
        const double by_log = (nqi_gauss_bin_of(low, high, 0.3, 0.7 * exp(h)).log_mass -
                               nqi_gauss_bin_of(low, high, 0.3, 0.7 * exp(-h)).log_mass) /
                              (2 * h);
        assert_true(fabs(at.by_mean - by_mean) <= 1e-6 * (1 + fabs(by_mean)));
        assert_true(fabs(at.by_log_deviation - by_log) <= 1e-6 * (1 + fabs(by_log)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phi_and_its_logarithm_have_fourteen_digits),
        cmocka_unit_test(quantile_has_fourteen_digits),
        cmocka_unit_test(masses_have_twelve_digits_wherever_the_bin_is),
        cmocka_unit_test(derivatives_of_a_bin_match_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
