/* decimal.c - numbers rounded to so many decimals. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/decimal.h"

#include <math.h>
#include <stdlib.h>

enum { LARGEST_POWER = 22 };
static const double EXACT = 0x1p53;
static const double power_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                      1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* One operation on two exact numbers rounds as reading the decimal does. */
double nqi_decimal_round(double x, int power)
{
    if (power > LARGEST_POWER || power < -LARGEST_POWER)
        return x;
    const double unit = power_of_ten[abs(power)];
    const double multiple = nearbyint(power < 0 ? x * unit : x / unit) + 0.0;
    if (!(fabs(multiple) < EXACT))
        return x;
    return power < 0 ? multiple / unit : multiple * unit;
}

double nqi_decimal_digits(double x, int digits)
{
    if (x == nearbyint(x) || !isfinite(x))
        return x;
    return nqi_decimal_round(x, (int)floor(log10(fabs(x))) + 1 - digits);
}
