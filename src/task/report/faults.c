/* faults.c - what is said of rows that a model cannot be asked about, or not so. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/report/faults.h"

#include "core/monitor.h"
#include "measure/usable.h"

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

nq_status nqi_own_rows_tell(nq_context *context, const nq_model *model, const nq_dataset *rows)
{
    const nqi_regressor *fitted = nqi_model_fitted(model);
    nqi_acquaintance known;
    if (!fitted || !fitted->type->rows.are_kept)
        return NQ_OK;
    const nq_status status = nqi_rows_recognise(&known, context, model, rows);
    if (!status && known == NQI_ROWS_LEARNED)
        nqi_log(
            context, NQ_LOG_WARNING,
            "these are the training rows, which this model keeps: each finds itself, and what "
            "is said of it is far too good; expected other rows");
    return status;
}
