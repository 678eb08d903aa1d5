/* moment.h - dates in conditions, as the numbers that columns of dates hold. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_GIVEN_MOMENT_H
#define NQI_TASK_GIVEN_MOMENT_H

#include <noneq/model.h>

/* Since 1970-01-01: days, or with a time seconds. */
typedef struct nqi_moment {
    double value;
    int has_time;
} nqi_moment;

/* How much of the text is written as YYYY-MM-DD, perhaps with T or a blank, HH:MM[:SS[.fff]] and
 * Z. */
size_t nqi_moment_length(const char *text);
/* 0: no calendar has it. */
int nqi_moment_read(nqi_moment *out, const char *text, size_t length);
/* As a number of the column; of a day among times the day's begin or, is_last, its end. 0: the
 * column holds no dates, or days where there is a time. */
int nqi_moment_in(double *out, const nqi_moment *moment, const nq_model *model, size_t column,
                  int is_last);

#endif
