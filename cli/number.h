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

#endif
