/* decimal.c - decimals of Arrow, whole numbers of up to 128 bits by a power of ten, as float64 and
 * back, by their digits. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "table/arrow/column.h"
#include "table/arrow/put.h"

enum { LIMBS = 4, LIMB = 4, LIMB_BITS = 32, DIGITS = 40, FLOAT_DIGITS = 15, TEN = 10 };
static const double EXACT = 0x1p53;

/* A whole number of 128 bits: its limbs, the lowest first, in two's complement. */
typedef struct wide {
    uint32_t limb[LIMBS];
} wide;

static void wide_negate(wide *x)
{
    uint64_t carry = 1;
    for (size_t i = 0; i < LIMBS; i++) {
        carry += (uint32_t)~x->limb[i];
        x->limb[i] = (uint32_t)carry;
        carry >>= LIMB_BITS;
    }
}

/* x / 10; returns the rest. */
static unsigned wide_divide(wide *x)
{
    uint64_t rest = 0;
    for (size_t i = LIMBS; i-- > 0;) {
        rest = rest << LIMB_BITS | x->limb[i];
        x->limb[i] = (uint32_t)(rest / TEN);
        rest %= TEN;
    }
    return (unsigned)rest;
}

/* 10 x + digit */
static void wide_append(wide *x, unsigned digit)
{
    uint64_t carry = digit;
    for (size_t i = 0; i < LIMBS; i++) {
        carry += (uint64_t)x->limb[i] * TEN;
        x->limb[i] = (uint32_t)carry;
        carry >>= LIMB_BITS;
    }
}

static int wide_is_zero(const wide *x)
{
    return !(x->limb[0] | x->limb[1] | x->limb[2] | x->limb[3]);
}

int nqi_arrow_decimal_read(double *out, const nqi_arrow_decimal *decimal,
                           const unsigned char *from)
{
    char digits[DIGITS + 1], text[DIGITS + 16];
    size_t at = DIGITS;
    int power = -decimal->scale;
    wide x;
    const int is_negative = from[decimal->size - 1] >> 7; /* the sign's byte is the last */
    memset(&x, is_negative ? 0xff : 0, sizeof x);
    memcpy(&x, from, decimal->size);
    if (is_negative)
        wide_negate(&x);
    for (digits[DIGITS] = '\0'; !wide_is_zero(&x) && at;) {
        const unsigned digit = wide_divide(&x);
        if (!digit && at == DIGITS)
            power++; /* zeros at the end */
        else
            digits[--at] = (char)('0' + digit);
    }
    *out = 0;
    if (at == DIGITS)
        return 1;
    snprintf(text, sizeof text, "%s%se%d", is_negative ? "-" : "", digits + at, power);
    return nqi_text_read_double(out, text) &&
           (DIGITS - at <= FLOAT_DIGITS || (power >= 0 && fabs(*out) < EXACT));
}

/* x as the digits and the power of ten of its shortest text. */
static uint64_t digits_of(int *power, double x)
{
    char text[NQI_TEXT_SIZE];
    uint64_t digits = 0;
    int is_behind = 0;
    const char *at = text;
    *power = 0;
    nqi_text_double(text, sizeof text, fabs(x));
    for (; *at && *at != 'e'; at++) {
        if (*at == '.') {
            is_behind = 1;
            continue;
        }
        digits = digits * TEN + (uint64_t)(*at - '0');
        *power -= is_behind;
    }
    if (*at)
        *power += (int)strtol(at + 1, NULL, TEN);
    for (; digits && digits % TEN == 0; digits /= TEN)
        ++*power;
    return digits;
}

/* digits / 10^count, rounded. */
static uint64_t digits_drop(uint64_t digits, int count)
{
    enum { ALL = 18 }; /* of a number that has decimals */
    uint64_t unit = 1;
    if (count > ALL)
        return 0;
    for (int i = 0; i < count; i++)
        unit *= TEN;
    return (digits + unit / 2) / unit;
}

int nqi_arrow_decimal_put(unsigned char *to, const nqi_arrow_decimal *decimal, double x)
{
    char text[NQI_TEXT_SIZE];
    int power;
    wide whole = {{0}};
    uint64_t digits = digits_of(&power, x);
    int zeros = power + decimal->scale;
    if (zeros < 0 && decimal->scale > 0) {
        digits = digits_drop(digits, -zeros);
        zeros = 0;
    }
    const int count = snprintf(text, sizeof text, "%llu", (unsigned long long)digits);
    if (digits && (zeros < 0 || count + zeros > decimal->digits))
        return 0;
    for (const char *at = text; *at; at++)
        wide_append(&whole, (unsigned)(*at - '0'));
    for (int i = 0; digits && i < zeros; i++)
        wide_append(&whole, 0);
    if (x < 0)
        wide_negate(&whole);
    memcpy(to, &whole, decimal->size);
    return 1;
}
