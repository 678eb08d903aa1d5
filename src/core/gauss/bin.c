/* bin.c - the normal mass between two numbers: wide, narrow or far out in a tail. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/gauss/gauss.h"

/* log S(m, w), its derivative by m, and w times that by w, where the mass of a narrow bin around m
 * of width w is w phi(m) S: S = sum over k of He_2k(m) (w/2)^2k / (2k + 1)!. */
typedef struct narrow {
    double log_sum, by_middle, by_width;
} narrow;

static narrow narrow_at(double m, double w)
{
    const double q = 0.25 * w * w;
    double before = 1, he = m; /* He_{n-1}, He_n */
    double scale = 1, rest = 0, slope = 0, width = 0;
    for (int k = 1; k <= 5; k++) {
        const double odd = he, even = m * he - (2 * k - 1) * before; /* He_{2k-1}, He_2k */
        scale *= q / (2 * k * (2 * k + 1));
        rest += even * scale;
        slope += 2 * k * odd * scale; /* He_n' = n He_{n-1} */
        width += 2 * k * even * scale;
        before = even;
        he = m * even - 2 * k * odd;
    }
    return (narrow){log1p(rest), slope / (1 + rest), width / (1 + rest)};
}

static int is_narrow(double middle, double width)
{
    return width * fmax(1, fabs(middle)) < 0.1; /* the series' rest is below 1e-16 */
}

double nqi_gauss_log_mass(double low, double high)
{
    if (low > 0)
        return nqi_gauss_log_mass(-high, -low);
    const double width = high - low, middle = low + 0.5 * width;
    if (is_narrow(middle, width))
        return log(width) + nqi_gauss_log_density(middle) + narrow_at(middle, width).log_sum;
    if (high > 0) /* most of it may lie between */
        return log1p(-nqi_gauss_cdf(low) - nqi_gauss_cdf(-high));
    const double below = nqi_gauss_log_cdf(low), all = nqi_gauss_log_cdf(high);
    return all + log(-expm1(below - all));
}

static nqi_gauss_bin narrow_bin(double middle, double width, double deviation)
{
    const narrow s = narrow_at(middle, width);
    const double by_middle = s.by_middle - middle;
    return (nqi_gauss_bin){
        .log_mass = log(width) + nqi_gauss_log_density(middle) + s.log_sum,
        .by_mean = -by_middle / deviation,
        .by_log_deviation = -middle * by_middle - 1 - s.by_width,
    };
}

/* phi(z) / mass */
static double edge_density(double z, double log_mass)
{
    return isinf(z) ? 0 : exp(nqi_gauss_log_density(z) - log_mass);
}

nqi_gauss_bin nqi_gauss_bin_of(double low, double high, double mean, double deviation)
{
    const double a = (low - mean) / deviation, b = (high - mean) / deviation;
    const double width = (high - low) / deviation, middle = a + 0.5 * width;
    if (is_narrow(middle, width))
        return narrow_bin(middle, width, deviation);
    const double log_mass = nqi_gauss_log_mass(a, b);
    const double at_a = edge_density(a, log_mass), at_b = edge_density(b, log_mass);
    return (nqi_gauss_bin){
        .log_mass = log_mass,
        .by_mean = (at_a - at_b) / deviation,
        .by_log_deviation = (at_a > 0 ? a * at_a : 0) - (at_b > 0 ? b * at_b : 0),
    };
}
