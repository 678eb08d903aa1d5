/* date.h - days and times as ISO 8601 writes them, as numbers since 1970-01-01 and back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_TEXT_DATE_H
#define NQI_IO_TEXT_DATE_H

#include <stddef.h>
#include <stdint.h>

/* How a column writes them. Zeroed: it holds no dates. */
typedef struct nqi_date_form {
    char is_date;
    char between;     /* day and time: 'T', 't' or ' '; '\0': there is no time */
    char has_seconds; /* else HH:MM */
    char decimals;    /* of the seconds */
    char zone;        /* 'Z', 'z' or '\0' */
} nqi_date_form;

enum { NQI_DATE_SIZE = 48 }; /* bytes that hold any */

/* All of text[length]: YYYY-MM-DD, perhaps with a time HH:MM[:SS[.fff]] and Z. The value is days,
 * or seconds where there is a time. 0: it is none, or a day that no calendar has. */
int nqi_date_read(double *value, nqi_date_form *form, const char *text, size_t length);
/* Returns the length; years from 0 to 9999, NaN is the empty string. */
int nqi_date_write(char *out, size_t size, const nqi_date_form *form, double value);
/* Days since 1970-01-01 of a date of the Gregorian calendar; month and day count from 1. */
int64_t nqi_date_days(int year, int month, int day);
/* Whether both write alike but for decimals. */
int nqi_date_form_same(const nqi_date_form *a, const nqi_date_form *b);

#endif
