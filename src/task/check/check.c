/* check.c - whether a model is calibrated on rows, and what that means in words. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "core/context.h"
#include "core/option/options.h"
#include "task/check/report.h"
#include "task/report/faults.h"
#include "task/report/print.h"
#include "task/source/output.h"
#include "task/source/paths.h"
#include "task/source/source.h"

static nq_status options_check(nq_context *context, const nq_check_report_options *options,
                               const nq_source *rows)
{
    const nqi_path_use uses[] = {{NQI_PATH_INPUT, "MODEL", options->model_path},
                                 {NQI_PATH_INPUT, "DATA", rows->path},
                                 {NQI_PATH_OUTPUT, NQI_OPTION "output", options->output}};
    nq_status status = NQ_OK;
    if (options->output && strcmp(options->output, "-") != 0)
        status = nqi_output_check(context, options->output);
    return status ? status : nqi_paths_check(context, uses, sizeof uses / sizeof *uses);
}

static nq_status check_run(nq_check *out, nq_context *context, const nq_model *model,
                           const nq_dataset *rows, const nq_check_report_options *options)
{
    nq_check_options check;
    nq_check_options_init(&check, sizeof check);
    check.seed = options->seed;
    check.max_rows = options->max_rows;
    check.draws = options->draws;
    check.given_rows = options->given_rows;
    check.self_rows = options->self_rows;
    check.permutations = options->permutations;
    check.level = options->level;
    return nq_check_estimate(out, context, model, rows, &check);
}

static nq_status report_make(char **out, nq_context *context, const nqi_check_report *report,
                             const nq_check_report_options *options)
{
    return nqi_print_make(out, context, options->output,
                          options->json ? nqi_check_json : nqi_check_text, report);
}

nq_status nq_check_report(nq_check *out, char **report, nq_context *context,
                          const nq_model *model, const nq_source *rows,
                          const nq_check_report_options *options)
{
    nq_check_report_options own;
    nq_check found = {0};
    nqi_source data = {0};
    if (out)
        *out = found;
    if (report)
        *report = NULL;
    nq_status status = nqi_options_take(&own, context, &nqi_check_report_options, options);
    if (!status)
        status = options_check(context, &own, rows);
    if (!status)
        status = nqi_source_open_for(&data, context, rows, model, 0);
    if (!status)
        status = check_run(&found, context, model, data.rows, &own);
    if (!status)
        nqi_faults_tell(context, model, found.faults, found.impossible);
    const nqi_check_report says = {.model_name = own.model_path ? own.model_path : "the model",
                                   .data_name = data.name,
                                   .model = model,
                                   .found = &found};
    if (!status && (report || own.output))
        status = report_make(report, context, &says, &own);
    nqi_source_free(&data);
    if (out && !status)
        *out = found;
    else
        nq_check_free(&found);
    return status;
}
