/* report.h - verbs that are one call of the library: its inputs, and its report on standard output.
 */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_REPORT_H
#define NONEQ_CLI_REPORT_H

#include "options.h"

/* A library context and up to two models, of the first operands. */
typedef struct report_job {
    nq_context *context;
    nq_model *models[2];
    nq_source rows; /* the operand behind the models */
} report_job;

/* Opens the context and loads `models` files; rows are those of the operand behind them, within
 * `area` (or NULL). Returns an exit status; close it in any case. */
int report_open(report_job *job, const arguments *words, int models, const nq_area *area);
void report_close(report_job *job);

/* Refuses words that are no units. Returns an exit status. */
int units_check(const verb *self, const char *units);

/* Where a report goes: `path`, or standard output where that is NULL. */
const char *report_output(const char *path);
/* Ends a call that has written its report; returns an exit status. */
int report_end(nq_context *context, nq_status status);

/* Prints a report, frees it, and returns an exit status: that of a failed call where status is
 * none. *report may be NULL, and is afterwards. */
int report_print(nq_context *context, nq_status status, char **report);

#endif
