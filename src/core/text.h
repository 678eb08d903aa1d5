/* text.h - numbers as the shortest text that reads back the same. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_TEXT_H
#define NQI_CORE_TEXT_H

#include <stdarg.h>
#include <stddef.h>

#include <noneq/context.h>

#include "core/text/utf8.h"

enum { NQI_TEXT_SIZE = 32 }; /* bytes that hold any number and its final zero */

/* The fewest digits that read back to the same number, with a point whatever the locale; whole
 * numbers of up to 64 bits in full, without an exponent. NaN is the empty string,
 * infinity "inf". Returns the length; `size` is at least NQI_TEXT_SIZE. */
int nqi_text_float(char *out, size_t size, float value);
int nqi_text_double(char *out, size_t size, double value);

/* vsnprintf with a point in numbers, whatever the locale of the thread. */
int nqi_text_format(char *out, size_t size, const char *format, va_list list)
    __attribute__((format(printf, 3, 0)));

/* Reads all of `text` as a decimal number, correctly rounded and whatever the locale; 0: it is none
 * (empty, with white space, hexadecimal, a word such as inf), or too large for a double. */
int nqi_text_read_double(double *out, const char *text);

#endif
