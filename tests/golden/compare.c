/* compare.c - a number of the library against the one in the file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "golden/golden.h"

static int is_float64(void)
{
    return sizeof(nqi_real) == sizeof(double);
}

double golden_float_scale(double scale)
{
    return is_float64() ? 0 : scale;
}

void golden_check(golden_case *c, const char *what, double got, double expected, double scale)
{
    const double smallest = is_float64() ? DBL_MIN : (double)FLT_MIN;
    const double allowed = c->tolerance * fmax(fabs(expected), scale) + smallest;
    const int same = isfinite(expected) ? fabs(got - expected) <= allowed
                     : isnan(expected)  ? isnan(got)
                                        : got == expected;
    if (!same && !c->failures++)
        printf("not ok %s: %s, expected %.17g, got %.17g\n", c->id, what, expected, got);
}

void golden_check_at(golden_case *c, const char *what, size_t index, double got, double expected,
                     double scale)
{
    char name[128];
    snprintf(name, sizeof name, "%.96s[%zu]", what, index);
    golden_check(c, name, got, expected, scale);
}

void golden_check_output(golden_case *c, const char *output, double got, double scale)
{
    golden_check(c, output, got, golden_value(c, golden_output(c, output), output), scale);
}

void golden_check_offered(golden_case *c, const char *output, double got, double scale)
{
    if (golden_offers(c, output))
        golden_check_output(c, output, got, scale);
}

void golden_check_list(golden_case *c, const char *output, const double *got, size_t count,
                       double scale)
{
    const double *expected = golden_list(c, golden_output(c, output), output, count, NULL);
    for (size_t i = 0; i < count; i++)
        golden_check_at(c, output, i, got[i], expected[i], scale);
}
