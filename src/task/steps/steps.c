/* steps.c - what fewer steps of a model lose, measured on rows of a file or of memory. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/report.h>

#include "core/monitor.h"
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
    if (!status)
        nqi_log(context, NQ_LOG_NOTE,
                "samples take %zu of %zu steps from now on: the fewest that lose at most .02 "
                "bits a column of K on these rows",
                nq_model_usual_steps(model), nq_model_steps(model));
    nqi_source_free(&data);
    return status;
}
