/* cell.h - a number of a column as its file would write it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_WRITE_CELL_H
#define NQI_TABLE_WRITE_CELL_H

#include "table/column.h"

enum { NQI_CELL_SIZE = 64 }; /* bytes that hold any cell but a text */

/* The text of a level, a date in its form, or a number rounded to the column's decimals, of which
 * it has at least so many as all of its numbers had; whole numbers without an exponent. NaN is the
 * empty string; a number that no level has (an unknown text) is "?". Returns the length, as
 * snprintf does: with texts it may be more than fits. size is at least NQI_CELL_SIZE. */
size_t nqi_cell_text(char *out, size_t size, const nqi_column *column, double x);
/* The text of a level, of any length; NULL: the number is none. Borrowed from the column. */
const char *nqi_cell_level(const nqi_column *column, double x);
/* A number of a column as its text would be read again: with the column's decimals at most. */
double nqi_cell_number(const nqi_column *column, double x);

#endif
