/* compare.c - which of two models explains the same rows better, and by how many standard errors.
 */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/option/options.h"
#include "core/text.h"
#include "task/compare/report.h"
#include "task/report/faults.h"
#include "task/report/print.h"
#include "task/score/chain.h"
#include "task/source/output.h"
#include "task/source/paths.h"
#include "task/source/source.h"

/* A number of steps; 0: the word is none. */
static int steps_read(size_t *out, const char *word)
{
    double number;
    if (!nqi_text_read_double(&number, word) || number < 0 || number > 1e12 ||
        number != floor(number))
        return 0;
    *out = (size_t)number;
    return 1;
}

/* "S" or "S,R". */
static nq_status steps_parse(size_t steps[2], nq_context *context, const char *text)
{
    const char *comma = text ? strchr(text, ',') : NULL;
    char first[32];
    steps[0] = steps[1] = 0;
    if (!text)
        return NQ_OK;
    snprintf(first, sizeof first, "%.*s", comma ? (int)(comma - text) : 31, text);
    if (steps_read(&steps[0], first) && steps_read(&steps[1], comma ? comma + 1 : first))
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    NQI_OPTION "steps takes a number of steps, or two with a comma "
                               "between, not '%s'",
                    text);
}

static nq_status options_check(nq_context *context, const nq_compare_options *options,
                               const nq_source *rows)
{
    const nqi_path_use uses[] = {{NQI_PATH_INPUT, "the first MODEL", options->first_path},
                                 {NQI_PATH_INPUT, "the second MODEL", options->second_path},
                                 {NQI_PATH_INPUT, "DATA", rows->path},
                                 {NQI_PATH_OUTPUT, NQI_OPTION "output", options->output}};
    nq_status status = NQ_OK;
    if (options->output && strcmp(options->output, "-") != 0)
        status = nqi_output_check(context, options->output);
    return status ? status : nqi_paths_check(context, uses, sizeof uses / sizeof *uses);
}

/* What both cannot have is told once. */
static nq_status faults_tell(nq_context *context, const nq_model *const models[2],
                             const nq_comparison *found)
{
    const size_t bytes = (found->impossible[1] + 1) * sizeof(nq_row_fault);
    size_t count = 0, j = 0;
    nq_row_fault *own = malloc(bytes);
    if (!own)
        return nqi_fail_memory(context, "impossible rows", bytes);
    for (size_t i = 0; i < found->impossible[1]; i++) {
        const nq_row_fault *fault = &found->faults[1][i];
        while (j < found->impossible[0] && found->faults[0][j].row < fault->row)
            j++;
        if (j == found->impossible[0] || found->faults[0][j].row != fault->row)
            own[count++] = *fault;
    }
    nqi_faults_tell(context, models[0], found->faults[0], found->impossible[0]);
    nqi_faults_tell(context, models[1], own, count);
    free(own);
    if (!found->rows)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "every row is impossible to one of the models: there is no mean");
    return NQ_OK;
}

/* Each model reads the texts of a table in its own way. */
static nq_status models_compare(nq_comparison *out, nqi_source *data, nq_context *context,
                                const nq_model *const models[2], const nq_source *rows,
                                const nq_compare_options *options)
{
    nq_bound_options bound;
    nq_picture picture;
    nq_status status = nqi_source_open_for(data, context, rows, models[0], 0);
    for (int i = 0; i < 2 && !status; i++)
        status = nqi_own_rows_tell(context, models[i], data->rows);
    if (status)
        return status;
    nq_bound_options_init(&bound, sizeof bound);
    bound.terms = options->terms;
    bound.seed = options->seed;
    bound.max_rows = options->max_rows;
    bound.by_column = 1;
    nq_model_picture(&picture, models[0]);
    status = nq_comparison_estimate(out, context, models[0], models[1],
                                    picture.channels ? data->rows : data->file, &bound);
    return status ? status : faults_tell(context, models, out);
}

static nq_status report_make(char **out, nq_context *context, const nqi_compare_report *report,
                             const nq_compare_options *options)
{
    return nqi_print_make(out, context, options->output,
                          options->json ? nqi_compare_json : nqi_compare_text, report);
}

nq_status nq_compare(nq_comparison *out, char **report, nq_context *context,
                     const nq_model *first, const nq_model *second, const nq_source *rows,
                     const nq_compare_options *options)
{
    nq_compare_options own;
    nq_comparison found = {0};
    nqi_source data = {0};
    nqi_chain chains[2] = {{0}};
    size_t steps[2] = {0};
    if (out)
        *out = found;
    if (report)
        *report = NULL;
    nq_status status = nqi_options_take(&own, context, &nqi_compare_options, options);
    if (!status)
        status = steps_parse(steps, context, own.steps);
    if (!status)
        status = options_check(context, &own, rows);
    if (!status)
        status = nqi_chain_take(&chains[0], context, first, steps[0]);
    if (!status)
        status = nqi_chain_take(&chains[1], context, second, steps[1]);
    const nqi_compare_report says = {.model_names = {nqi_model_name(own.first_path),
                                                     nqi_model_name(own.second_path)},
                                     .data_name = rows->path ? rows->path : "the data",
                                     .models = {chains[0].model, chains[1].model},
                                     .found = &found};
    if (!status)
        status = models_compare(&found, &data, context, says.models, rows, &own);
    if (!status && (report || own.output))
        status = report_make(report, context, &says, &own);
    nqi_source_free(&data);
    nqi_chain_free(&chains[0]);
    nqi_chain_free(&chains[1]);
    if (out && !status)
        *out = found;
    else
        nq_comparison_free(&found);
    return status;
}
