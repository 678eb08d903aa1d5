/* gather.h - the parts that a gathering of rows is made of. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_GATHER_GATHER_H
#define NQI_TABLE_GATHER_GATHER_H

#include "core/real.h"
#include "table/dataset.h"

/* Rows that are gathered together: their parts of one feature fill one cache line of float32. */
enum { NQI_GATHER_ROWS = 16, NQI_GATHER_COLUMNS = 4 };

/* Columns from `column` on of as many rows of float32, or float64, with one number after the other:
 * out[j * stride + k] = (number column + j of row k - shift[j]) * scale[j]. */
typedef void nqi_gather_four(const nqi_place *rows, size_t column,
                             const double shift[NQI_GATHER_COLUMNS],
                             const double scale[NQI_GATHER_COLUMNS], nqi_real *out,
                             size_t stride);
nqi_gather_four nqi_gather_floats, nqi_gather_doubles;

#endif
