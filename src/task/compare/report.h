/* report.h - what a comparison of two models says: as text and as JSON. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_COMPARE_REPORT_H
#define NQI_TASK_COMPARE_REPORT_H

#include <stdio.h>

#include <noneq/score.h>

typedef struct nqi_compare_report {
    const char *model_names[2], *data_name;
    const nq_model *models[2]; /* that were asked */
    const nq_comparison *found;
} nqi_compare_report;

void nqi_compare_json(FILE *file, const void *result);
void nqi_compare_text(FILE *file, const void *result);

#endif
