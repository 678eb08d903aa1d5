/* say.h - the sections of a page, in their order, and its first sentences. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_PAGE_SAY_SAY_H
#define NQI_TASK_PAGE_SAY_SAY_H

#include <stdio.h>

#include "task/check/report.h"
#include "task/evaluate/report.h"
#include "task/page/findings.h"

/* The whole page, and its numbers alone; result: nqi_findings. nqi_printer. */
void nqi_say_page(FILE *file, const void *result);
void nqi_say_json(FILE *file, const void *result);

/* Three to six plain sentences, a line each, as text; and those of the check. */
void nqi_say_summary(FILE *file, const void *result);
void nqi_say_verdict(FILE *file, const void *result);
/* The first of lines of text, each of which ends with a point; where the next begins. NULL: there
 * is none. */
const char *nqi_say_sentence(char out[NQI_WHY], const char *lines);
/* Lines of text as paragraphs. */
void nqi_say_paragraphs(FILE *file, const char *lines);

void nqi_say_facts(FILE *file, const nqi_findings *found);
void nqi_say_columns(FILE *file, const nqi_findings *found);
void nqi_say_pairs(FILE *file, const nqi_findings *found);
void nqi_say_differences(FILE *file, const nqi_findings *found);
void nqi_say_bound(FILE *file, const nqi_findings *found);
void nqi_say_ais(FILE *file, const nqi_findings *found);
void nqi_say_check(FILE *file, const nqi_findings *found);
void nqi_say_nearest(FILE *file, const nqi_findings *found);
void nqi_say_sheets(FILE *file, const nqi_findings *found);
void nqi_say_nearest_sheet(FILE *file, const nqi_findings *found);
void nqi_say_training(FILE *file, const nqi_findings *found);
void nqi_say_options(FILE *file, const nqi_findings *found);

/* As the reports of check and of eval take them. */
nqi_check_report nqi_say_check_report(const nqi_findings *found);
nqi_evaluation_report nqi_say_evaluation_report(const nqi_findings *found);
/* What differs about a column or a pair, as text without an end. Returns out. */
enum { NQI_SAY_WORDS = NQI_CHECK_WORDS };
const char *nqi_say_difference(char out[NQI_SAY_WORDS], const nqi_findings *found,
                               const nqi_difference *difference);
const char *nqi_say_measure(nqi_measure measure);
/* The kind of a column. */
const char *nqi_say_kind(const nqi_findings *found, const nqi_page_column *column);
const char *nqi_say_model_name(const nqi_findings *found);

#endif
