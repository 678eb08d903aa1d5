/* faults.h - what is said of rows that are impossible. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_REPORT_FAULTS_H
#define NQI_TASK_REPORT_FAULTS_H

#include <noneq/likelihood.h>

/* A note for each of the first few impossible rows, to the monitor. */
void nqi_faults_tell(nq_context *context, const nq_model *model, const nq_row_fault *faults,
                     size_t count);

#endif
