/* faults.c - what is said of rows that are impossible. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/report/faults.h"

#include "core/monitor.h"

enum { FAULTS_TOLD = 5 };

void nqi_faults_tell(nq_context *context, const nq_model *model, const nq_row_fault *faults,
                     size_t count)
{
    char text[300];
    for (size_t i = 0; i < count && i < FAULTS_TOLD; i++) {
        nq_row_fault_describe(text, sizeof text, model, &faults[i]);
        nqi_log(context, NQ_LOG_CAUTION, "%s; to the model that is impossible (log 0)", text);
    }
    if (count > FAULTS_TOLD)
        nqi_log(context, NQ_LOG_CAUTION, "and %zu more impossible rows", count - FAULTS_TOLD);
}
