/* look.c - numbers of a column in memory: their decimals, and whether they can be what they are
 * said to be. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/memory/look.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/text.h"
#include "core/text/sentence.h"
#include "table/decimal.h"
#include "table/gather/loops.h"

/* More decimals than a number can have that is on a grid of any use (table/kind/grid.c). */
enum { DECIMALS_MOST = 15, SECOND_DECIMALS = 6 };
static const double EXACT = 0x1p53;
/* Days of 0000-01-01 and 9999-12-31, and seconds in a day. */
static const double FIRST_DAY = -719528, LAST_DAY = 2932896, DAY = 86400;

typedef struct look {
    nqi_column *column;
    nq_context *context;
    size_t c, rows;
} look;

/* The cell, what was expected of it, and what it is. */
static nq_status cell_refuse(const look *l, size_t row, const char *expected)
{
    char label[NQI_LABEL], found[NQI_TEXT_SIZE];
    nqi_text_double(found, sizeof found, nqi_strided_read(&l->column->numbers, row));
    return nqi_fail(l->context, NQ_ERROR_FORMAT, "row %zu, %s: expected %s, found %s", row + 1,
                    nqi_column_label(label, l->c, l->column->name), expected, found);
}

static nq_status codes_check(const look *l)
{
    const double most = (double)l->column->level_count;
    for (size_t r = 0; r < l->rows; r++) {
        const double x = nqi_strided_read(&l->column->numbers, r);
        if (isnan(x) || (x >= 0 && x < most && x == floor(x)))
            continue;
        char expected[96];
        snprintf(expected, sizeof expected, "the number of one of %zu texts, from 0",
                 l->column->level_count);
        return cell_refuse(l, r, expected);
    }
    return NQ_OK;
}

/* With its own digits, of which float64 has not all. */
static nq_status whole_refuse(const look *l, size_t row)
{
    char label[NQI_LABEL], found[NQI_TEXT_SIZE];
    const nqi_strided *numbers = &l->column->numbers;
    int64_t x;
    memcpy(&x, nqi_strided_at(numbers, row), sizeof x);
    if (numbers->element == NQI_U64)
        snprintf(found, sizeof found, "%llu", (unsigned long long)x);
    else
        snprintf(found, sizeof found, "%lld", (long long)x);
    return nqi_fail(
        l->context, NQ_ERROR_SHAPE,
        "row %zu, %s: expected a whole number below 2^53 in size (subtract an offset, "
        "such as the smallest), found %s",
        row + 1, nqi_column_label(label, l->c, l->column->name), found);
}

/* Below 2^53 every whole number is a float64, and no other is the same one. */
static nq_status wholes_check(const look *l)
{
    for (size_t r = 0; r < l->rows; r++)
        if (fabs(nqi_strided_read(&l->column->numbers, r)) >= EXACT)
            return whole_refuse(l, r);
    return NQ_OK;
}

/* Whether x is written with so many decimals. */
static int has_decimals(double x, int decimals)
{
    static const double powers[DECIMALS_MOST + 1] = {1e0,  1e1,  1e2,  1e3, 1e4,  1e5,
                                                     1e6,  1e7,  1e8,  1e9, 1e10, 1e11,
                                                     1e12, 1e13, 1e14, 1e15};
    if (x == nearbyint(x))
        return 1;
    return fabs(x) * powers[decimals] < EXACT && nqi_decimal_round(x, -decimals) == x;
}

/* The fewest decimals from `from` on with which x is written; most + 1: it needs more. */
static int decimals_of(double x, int from, int most)
{
    while (from <= most && !has_decimals(x, from))
        from++;
    return from;
}

/* As if the column stood in a text: finite, and with the most and the fewest decimals of its
 * numbers. One that needs more than anybody counts settles these. */
static nq_status decimals_find(const look *l)
{
    nqi_column *column = l->column;
    int most = 0, least = DECIMALS_MOST, any = 0;
    for (size_t r = 0; r < l->rows; r++) {
        const double x = nqi_strided_read(&column->numbers, r);
        if (isinf(x))
            return cell_refuse(l, r, "a finite number");
        if (isnan(x))
            continue;
        any = 1;
        if (most > DECIMALS_MOST)
            continue;
        if (!has_decimals(x, most))
            most = decimals_of(x, most, DECIMALS_MOST);
        if (least)
            least = decimals_of(x, 0, least - 1);
    }
    column->has_precision = any;
    column->precision = most;
    column->precision_least = any && most <= DECIMALS_MOST ? least : 0;
    return NQ_OK;
}

static nq_status dates_check(const look *l)
{
    nqi_date_form *form = &l->column->date;
    const double unit = form->between ? DAY : 1;
    for (size_t r = 0; r < l->rows; r++) {
        const double x = nqi_strided_read(&l->column->numbers, r);
        const int most = form->between ? SECOND_DECIMALS : 0;
        if (isnan(x))
            continue;
        if (!(x >= FIRST_DAY * unit && x < (LAST_DAY + 1) * unit))
            return cell_refuse(l, r, "a date of the years 0 to 9999");
        const int decimals = decimals_of(x, form->decimals, most);
        if (decimals > most)
            return cell_refuse(l, r,
                               form->between ? "seconds of at most 6 decimals" : "whole days");
        form->decimals = (char)decimals;
    }
    return NQ_OK;
}

static int is_float(nqi_element element)
{
    return element == NQI_F32 || element == NQI_F64;
}

nq_status nqi_column_look(nqi_column *column, nq_context *context, size_t c, size_t rows)
{
    const look l = {column, context, c, rows};
    const nqi_element element = column->numbers.element;
    if (column->told == NQI_TYPE_LEFT_OUT)
        return NQ_OK;
    if (column->levels)
        return codes_check(&l);
    if (element == NQI_I64 || element == NQI_U64) {
        const nq_status status = wholes_check(&l);
        if (status)
            return status;
    }
    if (column->date.is_date)
        return dates_check(&l);
    if (is_float(element))
        return decimals_find(&l);
    column->has_precision = 1;
    return NQ_OK;
}
