/* cell.c - a number of a column as its file would write it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/write/cell.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "table/decimal.h"

enum { DECIMALS_MOST = 15 };
static const double DIGITS = 1e15; /* from here on a double has no decimals to speak of */

/* The digits behind the point that need not be there go; the locale's point becomes one. */
static int decimals_trim(char *text, int decimals, int least)
{
    size_t length = strlen(text);
    if (decimals > 0) {
        const size_t point = strspn(text, "-0123456789");
        const size_t after = length - (size_t)decimals;
        text[point] = '.';
        memmove(text + point + 1, text + after, (size_t)decimals + 1);
        length = point + 1 + (size_t)decimals;
        for (; decimals > least && text[length - 1] == '0'; decimals--)
            length--;
        length -= text[length - 1] == '.';
        text[length] = '\0';
    }
    if (*text == '-' && strspn(text, "-0.") == length)
        memmove(text, text + 1, length--);
    return (int)length;
}

static int has_decimals(const nqi_column *column, double x)
{
    return column->has_precision && column->precision <= DECIMALS_MOST && fabs(x) < DIGITS;
}

double nqi_cell_number(const nqi_column *column, double x)
{
    return !has_decimals(column, x) || column->date.is_date
               ? x
               : nqi_decimal_round(x, -column->precision);
}

static size_t number_text(char *out, size_t size, const nqi_column *column, double x)
{
    if (!has_decimals(column, x))
        return (size_t)nqi_text_double(out, size, x);
    snprintf(out, size, "%.*f", column->precision, x);
    return (size_t)decimals_trim(out, column->precision, column->precision_least);
}

const char *nqi_cell_level(const nqi_column *column, double x)
{
    return x >= 0 && x < (double)column->level_count && x == floor(x) && column->levels
               ? column->levels[(size_t)x]
               : NULL;
}

size_t nqi_cell_text(char *out, size_t size, const nqi_column *column, double x)
{
    if (isnan(x)) {
        return (size_t)snprintf(out, size, "%s", column->gap);
    }
    if (column->levels) {
        const char *text = nqi_cell_level(column, x);
        return (size_t)snprintf(out, size, "%s", text ? text : "?");
    }
    if (column->date.is_date)
        return (size_t)nqi_date_write(out, size, &column->date, x);
    return number_text(out, size, column, x);
}
