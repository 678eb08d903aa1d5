/* put.c - numbers of a column in an Arrow format: each as it is, or refused. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/arrow/put.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "table/arrow/new.h"
#include "table/decimal.h"

enum { EXPECTED = 120, DAY = 86400, MINUTE = 60 };
/* Days of 0000-01-01 and 9999-12-31. */
static const double FIRST_DAY = -719528, LAST_DAY = 2932896;

typedef struct writer {
    const nqi_arrow_put *put;
    const nqi_arrow_format *format;
    nqi_arrow_decimal decimal;
    size_t size;            /* bytes of a number */
    unsigned char *numbers; /* of the array */
    double least, most;     /* whole numbers of the format, where it has these alone */
    int is_whole;
    char expected[EXPECTED]; /* of a number that was not put */
} writer;

void nqi_arrow_valid_put(struct ArrowArray *array, const double *cells, size_t count)
{
    unsigned char *valid = nqi_arrow_buffer(array, 0);
    array->null_count = 0;
    for (size_t r = 0; r < count; r++) {
        valid[r / 8] |= (unsigned char)(!isnan(cells[r]) << r % 8);
        array->null_count += isnan(cells[r]);
    }
    if (!array->null_count)
        nqi_arrow_buffer_drop(array, 0);
}

/* The nearest number of 16 bits; 0: it is beyond them. Where rounding carries, the next exponent
 * follows by itself. */
static int half_put(unsigned char *to, double x)
{
    enum { LEAST = -14, FRACTION = 10 };
    static const double BEYOND = 65520;
    int exponent;
    const double size = fabs(x);
    if (!(size < BEYOND))
        return 0;
    frexp(size, &exponent);
    exponent = size > 0 && exponent - 1 > LEAST ? exponent - 1 : LEAST;
    const long steps = (long)nearbyint(ldexp(size, FRACTION - exponent));
    const uint16_t bits =
        (uint16_t)(((long)(exponent - LEAST) << FRACTION) + steps + (signbit(x) ? 0x8000 : 0));
    memcpy(to, &bits, sizeof bits);
    return 1;
}

static int float_put(const writer *w, unsigned char *to, double x)
{
    const float narrow = (float)x;
    if (w->format->element == NQ_FLOAT16)
        return half_put(to, x);
    if (w->format->element == NQ_FLOAT32 && isinf(narrow))
        return 0;
    if (w->format->element == NQ_FLOAT32)
        memcpy(to, &narrow, sizeof narrow);
    else
        memcpy(to, &x, sizeof x);
    return 1;
}

/* In fewer bytes the first are the number. */
static void whole_put(const writer *w, unsigned char *to, double x)
{
    const uint64_t bits = x < 0 ? (uint64_t)(int64_t)x : (uint64_t)x;
    memcpy(to, &bits, w->size);
}

/* Days or seconds, rounded as the column writes them, in the unit of the format. */
static int date_put(const writer *w, unsigned char *to, double x)
{
    static const double NANO = 1e9, THOUSAND = 1000;
    const nqi_date_form *form = &w->put->about.date;
    const int in_days = w->format->date == NQ_DATE_DAYS;
    double unit = (double)w->format->unit;
    const int is_nano = !in_days && unit == NANO;
    unit /= is_nano ? THOUSAND : 1; /* whole microseconds are what there is */
    x = !form->between ? nearbyint(x) : form->has_seconds ? x : nearbyint(x / MINUTE) * MINUTE;
    if (form->between && form->has_seconds)
        x = nqi_decimal_round(x, -form->decimals);
    const double in_unit = form->between && in_days     ? x / DAY
                           : !form->between && !in_days ? x * DAY
                                                        : x;
    const double count = nearbyint(in_unit * unit);
    /* Divided, a whole number of a unit is the number that was read from it. */
    if (count / unit != in_unit || (in_days && in_unit != floor(in_unit)) ||
        fabs(count) * (is_nano ? THOUSAND : 1) >= 0x1p63)
        return 0;
    const int64_t whole = (int64_t)count * (is_nano ? (int64_t)THOUSAND : 1);
    memcpy(to, &whole, w->size);
    return 1;
}

/* NULL: it was put; else what was expected. */
static const char *date_write(const writer *w, unsigned char *to, double x)
{
    const double days = x / (w->put->about.date.between ? DAY : 1);
    if (!(days >= FIRST_DAY && days < LAST_DAY + 1))
        return "a date of the years 0 to 9999";
    if (date_put(w, to, x))
        return NULL;
    return w->format->date == NQ_DATE_DAYS
               ? "a day without a time, as the Arrow type has"
               : "a time that the Arrow type has by its unit, in 64 bits";
}

/* The same. */
static const char *number_put(const writer *w, size_t r, double x)
{
    if (w->is_whole && !(x == floor(x) && x >= w->least && x <= w->most))
        return w->expected;
    if (w->format->way == NQI_ARROW_BITS) {
        w->numbers[r / 8] |= (unsigned char)((x != 0) << r % 8);
        return NULL;
    }
    unsigned char *to = w->numbers + r * w->size;
    if (w->format->date)
        return date_write(w, to, x);
    if (w->is_whole) {
        whole_put(w, to, x);
        return NULL;
    }
    const int fits = w->format->way == NQI_ARROW_DECIMAL
                         ? nqi_arrow_decimal_put(to, &w->decimal, x)
                         : float_put(w, to, x);
    return fits ? NULL : w->expected;
}

static void expected_say(writer *w)
{
    if (w->is_whole)
        snprintf(w->expected, sizeof w->expected,
                 "a whole number from %.0f to %.0f, as the Arrow type has", w->least, w->most);
    else if (w->format->way == NQI_ARROW_DECIMAL)
        snprintf(w->expected, sizeof w->expected,
                 "a number of %d digits, the last of them 10^%d, as the Arrow type has",
                 w->decimal.digits, -w->decimal.scale);
    else
        snprintf(w->expected, sizeof w->expected, "a number that float%zu has, the Arrow type",
                 8 * w->size);
}

static nq_status nulls_put(struct ArrowArray *out, const nqi_arrow_put *put, const double *cells,
                           size_t count)
{
    const nq_status status = nqi_arrow_array_new(out, put->context, count, NULL, 0, 0);
    for (size_t r = 0; r < count && !status; r++)
        if (!isnan(cells[r]))
            return nqi_arrow_cell_refuse(put, cells[r], "no value, as the Arrow type has none");
    out->null_count = (int64_t)count;
    return status;
}

nq_status nqi_arrow_numbers_put(struct ArrowArray *out, const nqi_arrow_put *put,
                                const char *format, const double *cells, size_t count)
{
    writer w = {.put = put, .format = nqi_arrow_format_find(format)};
    const char *expected;
    if (w.format->way == NQI_ARROW_NULLS)
        return nulls_put(out, put, cells, count);
    w.size = w.format->size;
    if (w.format->way == NQI_ARROW_DECIMAL && nqi_arrow_decimal_find(&w.decimal, format))
        w.size = w.decimal.size;
    w.is_whole = nqi_arrow_range(&w.least, &w.most, w.format);
    expected_say(&w);
    const size_t bits = count / 8 + 1;
    const size_t bytes[] = {bits, w.format->way == NQI_ARROW_BITS ? bits : count * w.size};
    const nq_status status = nqi_arrow_array_new(out, put->context, count, bytes, 2, 0);
    if (status)
        return status;
    w.numbers = nqi_arrow_buffer(out, 1);
    nqi_arrow_valid_put(out, cells, count);
    for (size_t r = 0; r < count; r++)
        if (!isnan(cells[r]) && (expected = number_put(&w, r, cells[r])))
            return nqi_arrow_cell_refuse(put, cells[r], expected);
    return NQ_OK;
}
