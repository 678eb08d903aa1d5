/* number.h - numbers and tables as tasks write them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_REPORT_NUMBER_H
#define NQI_TASK_REPORT_NUMBER_H

#include <noneq/model.h>

#include "measure/bits.h"

enum { NQI_NUMBER_TEXT = 32 };

/* The fewest digits that read back the same; whole numbers below 2^64 in full. Returns out. The
 * point is that of the thread's locale, which an open nqi_print sets. */
const char *nqi_number_text(char out[NQI_NUMBER_TEXT], double value);
/* Computed figures, such as scores, to 10 significant digits. */
double nqi_number_round(double value);

/* Whether a path names a table that holds nothing but numbers, and so has no header. NULL: no. */
int nqi_path_is_numbers(const char *path);

/* A table as the model's numbers are written: pictures as float32 where there is no text, all else
 * exactly. What stands in front of the columns of the model has its names in `names`. */
nq_status nqi_table_write(const char *path, nq_context *context, const nq_model *model,
                          const double *values, size_t rows, size_t columns,
                          const char *const *names);

#endif
