/* scaling_restore.c - from the model's units back to the data's, without digits of noise. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "table/decimal.h"
#include "table/scaling/scaling.h"

/* A scaled number has 24 bits, so that a column is known to some 2^-25 of its deviation, and a
 * float64 to 2^-52 of its size. Restored numbers are rounded to the power of ten below the one, and
 * above the other: they are then written with the digits that mean something. */
enum { SCALED_BITS = 25, DATA_BITS = 51, DIGITS = 8 };

static const double LOG10_2 = 0.30102999566398120;

/* Exponent of the power of ten to which numbers of a column are rounded. */
static int column_power(double mean, double deviation)
{
    const double size = fmax(fabs(mean), 8 * deviation);
    const int scaled = (int)floor((ilogb(deviation) - SCALED_BITS) * LOG10_2);
    const int data = (int)ceil((ilogb(size) - DATA_BITS) * LOG10_2);
    return scaled > data ? scaled : data;
}

/* Numbers that no column was scaled by have the significant digits of a float32. */
static double column_round(double x, int power, int is_plain)
{
    if (sizeof(nqi_real) == sizeof(double))
        return x;
    return is_plain ? nqi_decimal_digits(x, DIGITS) : nqi_decimal_round(x, power);
}

double nqi_scaling_round(const nqi_scaling *scaling, size_t column, double x)
{
    const double mean = scaling->mean[column], deviation = scaling->deviation[column];
    if (deviation == 0 || scaling->coding)
        return x;
    return column_round(x, column_power(mean, deviation), mean == 0 && deviation == 1);
}

static void column_restore(const nqi_scaling *scaling, size_t c, const nqi_real *x, size_t count,
                           double *out)
{
    const double mean = scaling->mean[c], deviation = scaling->deviation[c];
    const int power = column_power(mean, deviation), is_plain = mean == 0 && deviation == 1;
    for (size_t r = 0; r < count; r++)
        out[r * scaling->columns + c] =
            column_round((double)x[r] * deviation + mean, power, is_plain);
}

void nqi_scaling_restore(const nqi_scaling *scaling, const nqi_real *x, size_t stride,
                         size_t count, double *out)
{
    if (scaling->coding) {
        nqi_coding_restore(scaling->coding, x, stride, count, out);
        return;
    }
    for (size_t r = 0; r < count && scaling->active < scaling->columns; r++)
        for (size_t c = 0; c < scaling->columns; c++)
            out[r * scaling->columns + c] = scaling->mean[c];
    for (size_t i = 0; i < scaling->active; i++)
        column_restore(scaling, scaling->active_index[i], x + i * stride, count, out);
}
