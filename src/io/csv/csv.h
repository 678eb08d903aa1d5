/* csv.h - tables as text: commas, semicolons, tabs, bars or blanks; a header or not; quotes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_CSV_CSV_H
#define NQI_IO_CSV_CSV_H

#include <noneq/data.h>

#include "io/file/input.h"
#include "io/table/table.h"

/* Reads all rows as float64; out->origin tells where they stand, out->notes what was decided.
 * options NULL: defaults. Refused, with file, line, column and what was expected: cells of text
 * (all their columns in one sentence), infinite numbers, rows of another length, quotes that do not
 * close, a first line of which nobody knows whether it is names, no rows. */
nq_status nqi_csv_read(nqi_table *out, nqi_input *input, const nq_read_options *options);

#endif
