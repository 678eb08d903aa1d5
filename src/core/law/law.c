/* law.c - tails of chi square by series and continued fraction; combinations of p values.
 * Numerical Recipes 6.2; the factor x^a e^-x / Gamma(a + 1) by Stirling's series, so that no large
 * numbers cancel. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/law/law.h"

#include <math.h>

#include "core/gauss/gauss.h"

static const double pi = 3.14159265358979323846;

/* What log Gamma(a + 1) is above a log a - a + log(2 pi a) / 2; a >= 15. */
static double stirling_rest(double a)
{
    const double s = 1 / (a * a);
    return (1. / 12 - s * (1. / 360 - s * (1. / 1260 - s * (1. / 1680 - s / 1188)))) / a;
}

/* x^a e^-x / Gamma(a + 1). */
static double gamma_factor(double a, double x)
{
    enum { LARGE = 15 };
    double ratio = 1; /* of a factor with a smaller a to that with a larger one */
    while (a < LARGE) {
        a += 1;
        ratio *= a / x;
    }
    const double u = (x - a) / a, log_ratio = fabs(u) < 0.5 ? log1p(u) : log(x / a);
    return ratio * exp(a * (log_ratio - u) - stirling_rest(a)) / sqrt(2 * pi * a);
}

/* The part below x, by its series; for x < a + 1. */
static double gamma_below(double a, double x)
{
    double term = 1, sum = 1;
    for (double k = a + 1; term > sum * 1e-17; k += 1)
        sum += term *= x / k;
    return gamma_factor(a, x) * sum;
}

/* The part above x, by Lentz's continued fraction; for x >= a + 1. */
static double gamma_above(double a, double x)
{
    double b = x + 1 - a, c = 1e300, d = 1 / b, h = d, change = 0;
    for (int i = 1; fabs(change - 1) > 1e-16 && i < 100000; i++) {
        const double an = -i * (i - a);
        b += 2;
        d = 1 / (an * d + b);
        c = b + an / c;
        change = c * d;
        h *= change;
    }
    return gamma_factor(a, x) * a * h;
}

double nqi_chi2_above(double x, double df)
{
    if (!(x > 0))
        return isnan(x) ? x : 1;
    if (isinf(x))
        return 0;
    return x < df + 2 ? 1 - gamma_below(df / 2, x / 2) : gamma_above(df / 2, x / 2);
}

double nqi_chi2_below(double x, double df)
{
    if (!(x > 0))
        return isnan(x) ? x : 0;
    if (isinf(x))
        return 1;
    return x < df + 2 ? gamma_below(df / 2, x / 2) : 1 - gamma_above(df / 2, x / 2);
}

double nqi_normal_p(double z)
{
    return 2 * nqi_gauss_cdf(-fabs(z));
}

double nqi_chi2_p(double x, double df)
{
    return fmin(1, 2 * fmin(nqi_chi2_above(x, df), nqi_chi2_below(x, df)));
}

double nqi_p_combine(const double *p, size_t count)
{
    /* a p of 1 would outweigh any other; tests of few values can have it */
    static const double most = 0.99, least = 1e-300;
    double sum = 0, there = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(p[i]))
            continue;
        const double held = fmin(fmax(p[i], least), most);
        sum += held < 1e-8 ? 1 / (pi * held) : tan((0.5 - held) * pi);
        there += 1;
    }
    return there > 0 ? atan2(1, sum / there) / pi : NAN;
}

void nqi_p_holm(double *adjusted, const double *p, size_t count, size_t *scratch)
{
    size_t there = 0;
    for (size_t i = 0; i < count; i++) {
        adjusted[i] = p[i];
        if (isnan(p[i]))
            continue;
        size_t k = there++; /* in rising order; few are sorted */
        for (; k > 0 && adjusted[scratch[k - 1]] > p[i]; k--)
            scratch[k] = scratch[k - 1];
        scratch[k] = i;
    }
    double so_far = 0;
    for (size_t k = 0; k < there; k++) {
        so_far = fmax(so_far, fmin(1, adjusted[scratch[k]] * (double)(there - k)));
        adjusted[scratch[k]] = so_far;
    }
}
