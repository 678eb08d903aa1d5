/* report.h - what a check says: as text and as JSON. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_CHECK_REPORT_H
#define NQI_TASK_CHECK_REPORT_H

#include <stdio.h>

#include <noneq/report.h>

typedef struct nqi_check_report {
    const char *model_name, *data_name;
    const nq_model *model;
    const nq_check *found;
} nqi_check_report;

void nqi_check_json(FILE *file, const void *result);
void nqi_check_text(FILE *file, const void *result);
/* Its first sentences. */
void nqi_check_verdict_text(FILE *file, const nqi_check_report *report);

/* Kinds of columns whose coverage is listed, all of them the first: one kind alone is all there
 * is. */
size_t nqi_check_kinds(const nq_check *found);
/* How well the classifier tells rows from draws, by the area under its curve. */
typedef enum nqi_check_likeness {
    NQI_LIKENESS_UNKNOWN,
    NQI_ALIKE,  /* hardly */
    NQI_UNLIKE, /* now and then */
    NQI_APART   /* with ease */
} nqi_check_likeness;
nqi_check_likeness nqi_check_likeness_of(const nq_check *found);

/* columns.c: the name of a column, its kind; a table of them, and what is wrong with each. */
enum { NQI_CHECK_NAME = 64 };
const char *nqi_check_name(char out[NQI_CHECK_NAME], const nqi_check_report *report, size_t j);
const char *nqi_check_kind(const nqi_check_report *report, size_t j);
/* What is wrong with a column that is flagged; else "". */
enum { NQI_CHECK_WORDS = 400 };
const char *nqi_check_words(char out[NQI_CHECK_WORDS], const nqi_check_report *report, size_t j);
void nqi_check_columns_text(FILE *file, const nqi_check_report *report);
/* A p value in few characters, as <1e-10. */
enum { NQI_CHECK_P = 16 };
const char *nqi_check_p(char out[NQI_CHECK_P], double p);

#endif
