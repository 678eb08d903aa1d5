/* student.c - Student's t law by the incomplete beta function:
 * P(T > t) = I_x(df/2, 1/2) / 2 with x = df / (df + t^2). I_x is Lentz's continued fraction (Press,
 * Teukolsky, Vetterling and Flannery, Numerical Recipes, 6.4). The quantile is found on log t by
 * bisection, since for few degrees of freedom it has hundreds of digits. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/gauss/student.h"

#include <float.h>
#include <math.h>

#include "core/gauss/gauss.h"

/* Beyond it the law differs from the normal one by less than 1e-13 where intervals are. */
static const double DF_NORMAL = 1e14;
/* Beyond it the continued fraction is slow, and the expansion in 1/df has all digits. */
static const double DF_EXPAND = 1e5;
enum { TERMS_MOST = 20000, HALVINGS = 80, STIRLING_LEAST = 30 };

/* log of B(a, 1/2): Stirling's series of log G(a + 1/2) - log G(a), from an a that is large enough
 * down, because the difference of two large logarithms has few digits. */
static double log_beta_half(double a)
{
    static const double half_log_pi = 0.57236494292470008707;
    double product = 1;

    for (; a < STIRLING_LEAST; a++)
        product *= (a + 0.5) / a;
    const double r = 1 / a, r2 = r * r;
    const double series =
        0.5 * log(a) - r / 8 + r * r2 * (1.0 / 192 - r2 * (1.0 / 640 - r2 * (17.0 / 14336)));
    return half_log_pi - series + log(product);
}

static double off_zero(double x)
{
    return fabs(x) < DBL_MIN ? DBL_MIN : x;
}

/* The continued fraction of I_x(a, b), for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double x, double a, double b)
{
    double c = 1, d = 1 / off_zero(1 - (a + b) * x / (a + 1)), h = d;

    for (int m = 1; m <= TERMS_MOST; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / off_zero(1 + even * d);
        c = off_zero(1 + even / c);
        h *= d * c;
        d = 1 / off_zero(1 + odd * d);
        c = off_zero(1 + odd / c);
        h *= d * c;
        if (fabs(d * c - 1) < DBL_EPSILON)
            break;
    }
    return h;
}

/* The normal tail at a z that t is worth: Hill's expansion (Algorithm 395, CACM 13 (1970) 617)
 * of the first four powers of 1/df. */
static double tail_expanded(double t, double df)
{
    const double w = df * log1p(t / df * t), z2 = w * (df - 0.5) / df,
                 b = 48 * (df - 0.5) * (df - 0.5);
    const double z = sqrt(z2);

    return nqi_gauss_cdf(-(z + (z2 * z + 3 * z) / b));
}

double nqi_student_tail(double t, double df)
{
    if (df >= DF_NORMAL)
        return nqi_gauss_cdf(-t);
    if (df > DF_EXPAND)
        return tail_expanded(t, df);
    const double ratio = t / df * t; /* t^2 / df */
    const double a = df / 2, b = 0.5, log_x = -log1p(ratio), x = exp(log_x);
    const double log_rest = isinf(ratio) ? 0 : log(ratio) + log_x; /* of 1 - x */
    const double log_beta = log_beta_half(a);
    if (t <= 0)
        return 0.5;
    if (isinf(ratio)) /* t^2 overflows: the leading power of df / t^2 */
        return 0.5 * exp(a * (log(df) - 2 * log(t)) - log_beta - log(a));
    if (x < (a + 1) / (a + b + 2))
        return 0.5 * exp(a * log_x + b * log_rest - log_beta) * beta_fraction(x, a, b) / a;
    const double rest = ratio / (1 + ratio);
    return 0.5 - 0.5 * exp(a * log_x + b * log_rest - log_beta) * beta_fraction(rest, b, a) / b;
}

double nqi_student_quantile(double tail, double df)
{
    double low = log(DBL_MIN), high = log(DBL_MAX);

    if (tail >= 0.5)
        return 0;
    if (df >= DF_NORMAL)
        return -nqi_gauss_quantile(tail);
    if (nqi_student_tail(DBL_MAX, df) > tail)
        return INFINITY;
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = 0.5 * (low + high);
        if (nqi_student_tail(exp(middle), df) > tail)
            low = middle;
        else
            high = middle;
    }
    return exp(0.5 * (low + high));
}
