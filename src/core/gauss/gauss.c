/* gauss.c - the normal distribution function and its inverse, accurate in the tails. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/gauss/gauss.h"

#include <math.h>

static const double half_log_two_pi = 0.918938533204672741780,
                    root_two_pi = 2.50662827463100050242;
/* sqrt(1/2), and what float64 leaves of it */
static const double root_half = 0.707106781186547524401, root_half_rest = -4.8336466567264567e-17;

double nqi_gauss_log_density(double z)
{
    return -0.5 * z * z - half_log_two_pi;
}

/* erfc(x) / 2 at x = -z sqrt(1/2). What x loses to rounding matters by 2 x in the tail. */
double nqi_gauss_cdf(double z)
{
    const double x = -z * root_half;
    if (!(x > 1 && x < 30))
        return 0.5 * erfc(x);
    const double lost = fma(-z, root_half, -x) - z * root_half_rest;
    return 0.5 * erfc(x) * (1 - (2 * x + 1 / x) * lost);
}

/* Far out: Phi(z) = phi(z) / -z (1 - 1/z^2 + 3/z^4 - 15/z^6 + ...). */
double nqi_gauss_log_cdf(double z)
{
    if (z > 0)
        return log1p(-nqi_gauss_cdf(-z));
    if (z > -20)
        return log(nqi_gauss_cdf(z));
    const double s = 1 / (z * z);
    const double series = s * (-1 + s * (3 + s * (-15 + s * (105 + s * (-945 + s * 10395)))));
    return nqi_gauss_log_density(z) - log(-z) + (isinf(z) ? 0 : log1p(series));
}

/* Rational approximations by Acklam, to 1e-9; p <= 1/2. */
static double quantile_start(double p)
{
    static const double a[6] = {-3.969683028665376e+01, 2.209460984245205e+02,
                                -2.759285104469687e+02, 1.383577518672690e+02,
                                -3.066479806614716e+01, 2.506628277459239e+00};
    static const double b[6] = {-5.447609879822406e+01, 1.615858368580409e+02,
                                -1.556989798598866e+02, 6.680131188771972e+01,
                                -1.328068155288572e+01, 1};
    static const double c[6] = {-7.784894002430293e-03, -3.223964580411365e-01,
                                -2.400758277161838e+00, -2.549732539343734e+00,
                                4.374664141464968e+00,  2.938163982698783e+00};
    static const double d[6] = {0,
                                7.784695709041462e-03,
                                3.224671290700398e-01,
                                2.445134137142996e+00,
                                3.754408661907416e+00,
                                1};
    const int tail = p < 0.02425;
    const double q = tail ? sqrt(-2 * log(p)) : p - 0.5, r = tail ? q : q * q;
    const double *top = tail ? c : a, *bottom = tail ? d : b;
    double above = 0, below = 0;
    for (int i = 0; i < 6; i++) {
        above = above * r + top[i];
        below = below * r + bottom[i];
    }
    return (tail ? 1 : q) * above / below;
}

double nqi_gauss_quantile(double p)
{
    if (!(p > 0 && p < 1))
        return p == 0 ? -INFINITY : p == 1 ? INFINITY : NAN;
    if (p > 0.5)
        return -nqi_gauss_quantile(1 - p);
    /* One step of Newton for log Phi, or of Halley for Phi where that is not small, squares or
     * cubes the error of 1e-9. */
    const double z = quantile_start(p);
    if (p < 0.02425) {
        const double log_cdf = nqi_gauss_log_cdf(z);
        return z - (log_cdf - log(p)) * exp(log_cdf - nqi_gauss_log_density(z));
    }
    const double gap = 0.5 * erf(z * root_half) - (p - 0.5);
    const double step = gap * root_two_pi * exp(0.5 * z * z);
    return z - step / (1 + 0.5 * z * step);
}
