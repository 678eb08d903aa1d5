/* check_report.h - what noneq check says: as text and as JSON. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_CHECK_REPORT_H
#define NONEQ_CLI_CHECK_REPORT_H

#include <stdio.h>

#include <noneq.h>

typedef struct check_report {
    const char *model_path, *data_path;
    const nq_model *model;
    const nq_check *found;
} check_report;

void check_json(FILE *file, const check_report *report);
void check_text(FILE *file, const check_report *report);

/* check_columns.c: the name of a column, its kind; a table of them, and what is wrong with each. */
enum { CHECK_NAME = 64 };
const char *check_name(char out[CHECK_NAME], const check_report *report, size_t j);
const char *check_kind(const check_report *report, size_t j);
void check_columns_text(FILE *file, const check_report *report);
/* A p value in few characters, as <1e-10. */
enum { CHECK_P = 16 };
const char *check_p(char out[CHECK_P], double p);

#endif
