/* number.h - reading decimal numbers, fast and whatever the locale. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_TEXT_NUMBER_H
#define NQI_IO_TEXT_NUMBER_H

#include <noneq/context.h>

/* Reads a number such as 12, -.5, +1.5e-3 from the front of [text, end), correctly rounded; out
 * of range it is infinite. Returns the end of what was read, or NULL when no number stands
 * there. "inf" and "nan" are words, not numbers. */
const char *nqi_number_read(double *value, const char *text, const char *end);

/* The same; *decimals: how many it is written with (1.5e-3: 4), or -1 where they are too many. */
const char *nqi_number_read_decimals(double *value, int *decimals, const char *text,
                                     const char *end);

#endif
