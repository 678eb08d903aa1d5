/* faults.h - what is said of rows that a model cannot be asked about, or not so. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_REPORT_FAULTS_H
#define NQI_TASK_REPORT_FAULTS_H

#include <noneq/likelihood.h>

/* A note for each of the first few impossible rows, to the monitor. */
void nqi_faults_tell(nq_context *context, const nq_model *model, const nq_row_fault *faults,
                     size_t count);

/* A warning where a model that keeps its training rows is asked about them: each finds itself, so
 * that what is said of it is far too good. */
nq_status nqi_own_rows_tell(nq_context *context, const nq_model *model, const nq_dataset *rows);

#endif
