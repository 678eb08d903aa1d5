/* number.c - numbers as text with as many digits as they have. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const char *number_text(char out[NUMBER_TEXT], double value)
{
    enum { FEWEST = 15, MOST = 17 };

    if (fabs(value) < 0x1p64 && value == floor(value)) {
        snprintf(out, NUMBER_TEXT, "%.0f", value);
        return out;
    }
    for (int digits = FEWEST; digits <= MOST; digits++) {
        snprintf(out, NUMBER_TEXT, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            break;
    }
    return out;
}

double number_round(double value)
{
    char text[NUMBER_TEXT];

    if (!isfinite(value))
        return value;
    snprintf(text, sizeof text, "%.10g", value);
    return strtod(text, NULL);
}
