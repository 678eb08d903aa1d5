/* scaling_restore.c - from the model's units back to the data's, without digits of noise. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "data/scaling.h"

/* A scaled number has 24 bits, so that a column is known to some 2^-25 of its deviation, and a
 * float64 to 2^-52 of its size. Restored numbers are rounded to the power of ten below that: they
 * are then written with the digits that mean something. */
enum { SCALED_BITS = 25, DATA_BITS = 50, DIGITS = 8, LARGEST_POWER = 22 };

static const double EXACT = 0x1p53;
static const double power_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                      1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* The nearest multiple of 10^power, as the double that its decimal reads as: both 10^|power| and
 * the multiple are exact. */
static double decimal_round(double x, int power)
{
    if (power > LARGEST_POWER || power < -LARGEST_POWER)
        return x;
    const double unit = power_of_ten[abs(power)];
    const double multiple = nearbyint(power < 0 ? x * unit : x / unit) + 0.0; /* never -0 */
    if (!(fabs(multiple) < EXACT))
        return x;
    return power < 0 ? multiple / unit : multiple * unit;
}

static int power_below(int bits)
{
    return (int)floor(bits * 0.30102999566398120); /* log10(2) */
}

/* Exponent of the power of ten to which numbers of a column are rounded. */
static int column_power(double mean, double deviation)
{
    const double size = fmax(fabs(mean), 8 * deviation);
    const int scaled = power_below(ilogb(deviation) - SCALED_BITS);
    const int data = power_below(ilogb(size) - DATA_BITS);
    return scaled > data ? scaled : data;
}

/* Without scaling a number has the significant digits of a float32. */
static double digits_round(double x)
{
    if (x == nearbyint(x) || !isfinite(x))
        return x;
    return decimal_round(x, (int)floor(log10(fabs(x))) + 1 - DIGITS);
}

static void column_restore(const nqi_scaling *scaling, size_t c, const nq_real *x, size_t count,
                           double *out)
{
    const double mean = scaling->mean[c], deviation = scaling->deviation[c];
    const int is_float = sizeof *x == sizeof(float), is_plain = mean == 0 && deviation == 1;
    const int power = column_power(mean, deviation);
    for (size_t r = 0; r < count; r++) {
        double *to = out + r * scaling->columns + c;
        *to = (double)x[r] * deviation + mean;
        if (is_float)
            *to = is_plain ? digits_round(*to) : decimal_round(*to, power);
    }
}

void nqi_scaling_restore(const nqi_scaling *scaling, const nq_real *x, size_t stride,
                         size_t count, double *out)
{
    for (size_t r = 0; r < count && scaling->active < scaling->columns; r++)
        for (size_t c = 0; c < scaling->columns; c++)
            out[r * scaling->columns + c] = scaling->mean[c];
    for (size_t i = 0; i < scaling->active; i++)
        column_restore(scaling, scaling->active_index[i], x + i * stride, count, out);
}
