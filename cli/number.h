/* number.h - numbers as text with as many digits as they have. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_NUMBER_H
#define NONEQ_CLI_NUMBER_H

#include <noneq.h>

enum { NUMBER_TEXT = 32 };

/* The fewest digits that read back the same; whole numbers below 2^64 in full. Returns out. */
const char *number_text(char out[NUMBER_TEXT], double value);
/* Computed figures, such as scores, to 10 significant digits. */
double number_round(double value);
/* A table as the model's numbers are written: pictures as float32 where there is no text, all else
 * exactly. */
nq_status number_table_write(nq_context *context, const nq_model *model, const char *path,
                             const double *values, size_t rows, size_t columns,
                             const char *const *names);

#endif
