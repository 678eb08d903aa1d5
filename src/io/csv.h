/* csv.h - tables as text: commas, semicolons, tabs or blanks; a header or not; quotes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_CSV_H
#define NQI_IO_CSV_H

#include "io/input.h"
#include "io/table.h"

/* Reads all rows as nq_real. The separator is the one of the first line. That line is a header when
 * it has a cell that is neither a number nor missing. Missing cells (empty, NA, N/A, NaN, null
 * in any case, ?) become NaN. Refused, with file, line, column and what was expected: cells of
 * text, infinite numbers, rows of another length, quotes that do not close, no rows. */
nq_status nqi_csv_read(nqi_table *out, nqi_input *input);

#endif
