/* number.c - decimal to binary: exact arithmetic where it suffices, the C library elsewhere.
 * W. D. Clinger: How to read floating point numbers accurately (PLDI 1990): a decimal w 10^e with
 * w < 2^53 and |e| <= 22 is one correctly rounded multiplication or division of exact doubles. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/text/number.h"

#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { EXACT_POWERS = 23, LONGEST = 255, MOST_DIGITS = 19, EXPONENT_LIMIT = 99999 };

static const double power_of_ten[EXACT_POWERS] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

typedef struct decimal {
    uint64_t digits; /* the first MOST_DIGITS significant digits */
    int kept;        /* how many of them */
    int dropped;     /* digits beyond, before or after the point */
    int exponent;    /* value = digits 10^exponent when nothing was dropped */
    int any;         /* a digit stood there, perhaps 0 */
} decimal;

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *digits_read(decimal *d, const char *at, const char *end, int fraction)
{
    for (; at < end && is_digit(*at); at++) {
        d->any = 1;
        if (d->kept == MOST_DIGITS) {
            d->dropped++;
            continue;
        }
        d->digits = d->digits * 10 + (uint64_t)(*at - '0');
        d->kept += d->digits != 0;
        d->exponent -= fraction;
    }
    return at;
}

/* An e that no digits follow is not part of the number. */
static const char *exponent_read(decimal *d, const char *at, const char *end)
{
    const char *mark = at;
    if (at == end || (*at != 'e' && *at != 'E'))
        return mark;
    at++;
    const int negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end || !is_digit(*at))
        return mark;
    int exponent = 0;
    for (; at < end && is_digit(*at); at++)
        if (exponent < EXPONENT_LIMIT)
            exponent = exponent * 10 + (*at - '0');
    d->exponent += negative ? -exponent : exponent;
    return at;
}

/* strtod_l rounds correctly for any length; in the "C" locale, whatever the program's own is. */
static int number_read_slowly(double *value, const char *text, size_t length)
{
    char copy[LONGEST + 1];
    if (length > LONGEST)
        return 0;
    memcpy(copy, text, length);
    copy[length] = '\0';
    const locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c_locale)
        return 0;
    *value = strtod_l(copy, NULL, c_locale);
    freelocale(c_locale);
    return 1;
}

/* -1: digits were lost, so nobody knows. */
static int decimals_of(const decimal *d)
{
    enum { MOST = 100 };
    if (d->dropped || d->exponent < -MOST)
        return -1;
    return d->exponent < 0 ? -d->exponent : 0;
}

const char *nqi_number_read(double *value, const char *text, const char *end)
{
    int decimals;
    return nqi_number_read_decimals(value, &decimals, text, end);
}

const char *nqi_number_read_decimals(double *value, int *decimals, const char *text,
                                     const char *end)
{
    const char *at = text;
    decimal d = {0};
    const int negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    at = digits_read(&d, at, end, 0);
    if (at < end && *at == '.')
        at = digits_read(&d, at + 1, end, 1);
    if (!d.any)
        return NULL;
    at = exponent_read(&d, at, end);
    *decimals = decimals_of(&d);
    if (d.dropped == 0 && d.digits < (uint64_t)1 << 53 && abs(d.exponent) < EXACT_POWERS) {
        const double whole = (double)d.digits;
        const double x =
            d.exponent < 0 ? whole / power_of_ten[-d.exponent] : whole * power_of_ten[d.exponent];
        *value = negative ? -x : x;
        return at;
    }
    return number_read_slowly(value, text, (size_t)(at - text)) ? at : NULL;
}
