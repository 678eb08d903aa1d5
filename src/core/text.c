/* text.c - numbers as the shortest text that reads back the same; UTF-8. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/text.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Digits that always suffice (C11 5.2.4.2.2), and the end of the whole numbers that are written in
 * full: those of 64 bits. */
enum { FLOAT_DIGITS = 9, DOUBLE_DIGITS = 17 };
static const double WHOLE = 0x1p64;

typedef int reads_back(const char *text, double value);

static int float_reads_back(const char *text, double value)
{
    return (double)strtof(text, NULL) == value;
}

static int double_reads_back(const char *text, double value)
{
    return strtod(text, NULL) == value;
}

/* The locale's decimal point, which may be several bytes, becomes '.'. */
static int point_restore(char *text)
{
    const size_t before = strspn(text, "-0123456789");
    size_t after = before + strcspn(text + before, "0123456789e");
    if (after > before) {
        text[before] = '.';
        memmove(text + before + 1, text + after, strlen(text + after) + 1);
    }
    return (int)strlen(text);
}

static int number_print(char *out, size_t size, double value, int digits, reads_back *same)
{
    if (isnan(value)) {
        out[0] = '\0';
        return 0;
    }
    if (isinf(value))
        return snprintf(out, size, "%s", value < 0 ? "-inf" : "inf");
    if (fabs(value) <= WHOLE && value == floor(value) && !(value == 0 && signbit(value)))
        return snprintf(out, size, "%.0f", value);
    /* More digits never read back worse, so the fewest are found by halving. */
    for (int low = 1; low < digits;) {
        const int middle = (low + digits) / 2;
        snprintf(out, size, "%.*g", middle, value);
        if (same(out, value))
            digits = middle;
        else
            low = middle + 1;
    }
    snprintf(out, size, "%.*g", digits, value);
    return point_restore(out);
}

int nqi_text_float(char *out, size_t size, float value)
{
    return number_print(out, size, (double)value, FLOAT_DIGITS, float_reads_back);
}

int nqi_text_double(char *out, size_t size, double value)
{
    return number_print(out, size, value, DOUBLE_DIGITS, double_reads_back);
}

static const char *digits_skip(const char *at, int *any)
{
    for (; *at >= '0' && *at <= '9'; at++)
        *any = 1;
    return at;
}

/* [+-] digits [. digits] [e [+-] digits], and nothing else. */
static int is_decimal(const char *at)
{
    int any = 0, exponent = 1;
    at += *at == '+' || *at == '-';
    at = digits_skip(at, &any);
    if (*at == '.')
        at = digits_skip(at + 1, &any);
    if (any && (*at == 'e' || *at == 'E')) {
        exponent = 0;
        at++;
        at += *at == '+' || *at == '-';
        at = digits_skip(at, &exponent);
    }
    return any && exponent && !*at;
}

int nqi_text_read_double(double *out, const char *text)
{
    if (!is_decimal(text))
        return 0;
    const locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c_locale)
        return 0;
    const double value = strtod_l(text, NULL, c_locale);
    freelocale(c_locale);
    if (!isfinite(value))
        return 0;
    *out = value;
    return 1;
}

int nqi_text_format(char *out, size_t size, const char *format, va_list list)
{
    const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* takes no memory */
    const locale_t before = plain ? uselocale(plain) : (locale_t)0;
    const int length = vsnprintf(out, size, format, list);
    if (plain) {
        uselocale(before);
        freelocale(plain);
    }
    return length;
}

int nq_text_duration(char *out, size_t size, double seconds)
{
    const long long whole = seconds < 1e15 ? (long long)(seconds + 0.5) : 0;
    if (whole < 60)
        return snprintf(out, size, "%lld s", whole);
    if (whole < 3600)
        return snprintf(out, size, "%lld:%02lld", whole / 60, whole % 60);
    return snprintf(out, size, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
}
