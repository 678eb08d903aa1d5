/* session.h - a library context opened as the shared options say, and how failures are told. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_SESSION_H
#define NONEQ_CLI_SESSION_H

#include "options.h"

#define BITS_PER_NAT 1.4426950408889634 /* 1 / log 2 */

/* Returns an exit status; on failure the reason is printed and *out is NULL. */
int session_open(nq_context **out, const common_values *common);

/* Frees it. NULL is fine. */
void session_close(nq_context *context);

/* Prints the library's sentence for a failed call; returns EXIT_USAGE for a wrong argument, else
 * EXIT_FAILED. */
int session_fail(nq_context *context, nq_status status);

/* Memory for rows * columns numbers; NULL with a message when there is not so much. */
double *values_new(size_t rows, size_t columns);

/* Seconds of a clock that only moves forward. */
double seconds_now(void);

#endif
