/* csv.h - tables as text: commas, semicolons, tabs, bars or blanks; a header or not; quotes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_CSV_CSV_H
#define NQI_IO_CSV_CSV_H

#include <noneq/data.h>

#include "io/format/rows.h"

/* Rows as text, with rows->separator between cells: the names, and some rows. */
nq_status nqi_csv_rows_begin(nqi_row_file *rows);
nq_status nqi_csv_rows_put(nqi_row_file *rows, const double *values, size_t count);

#endif
