/* steps.c - what fewer steps of a model lose, measured on rows of a file or of memory. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/report.h>

#include "task/source/output.h"
#include "task/source/source.h"

nq_status nq_model_measure_steps_on(nq_model *model, nq_context *context, const nq_source *rows,
                                    const char *output)
{
    nqi_source data = {0};
    nq_status status = output ? nqi_output_check(context, output) : NQ_OK;
    if (!status)
        status = nqi_source_open_for(&data, context, rows, model, 0);
    if (!status)
        status = nq_model_measure_steps(model, context, data.rows, NULL);
    if (!status && output)
        status = nq_model_save(output, context, model);
    nqi_source_free(&data);
    return status;
}
