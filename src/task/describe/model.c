/* model.c - what is in a model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/option/options.h"
#include "model/model.h"
#include "task/describe/columns.h"
#include "task/describe/describe.h"
#include "task/report/number.h"
#include "task/report/print.h"
#include "task/report/shown.h"
#include "task/source/output.h"
#include "task/source/paths.h"

enum { COLUMNS_SHOWN = 24 };

static void schedule_text(FILE *file, const nq_model *model)
{
    const nq_schedule *schedule = nq_model_schedule(model);
    const size_t last = schedule->steps - 1;
    fprintf(file, "schedule    %s, T = %zu, beta_1 = %.6g, beta_T = %.6g, alpha_bar_T = %.6g\n",
            nqi_shown(nq_model_get_options(model)->schedule).text, schedule->steps,
            schedule->beta[0], schedule->beta[last], schedule->alpha_bar[last]);
    fprintf(file, "samples     %zu of %zu steps\n", nq_model_usual_steps(model), schedule->steps);
}

static void facts_text(FILE *file, const char *path, const nq_model *model)
{
    const int is_recorded = nq_model_is_recorded(model);
    char fitted[100];
    const size_t constant = is_recorded ? 0 : nq_model_columns(model) - nq_model_dim(model);
    fprintf(file, "file        %s\n", nqi_shown(path).text);
    fprintf(file, "kernel      %s\n", nq_model_kernel(model));
    nqi_model_fitted_text(fitted, sizeof fitted, model);
    fprintf(file, "regressor   %s, %zu parameters%s%s\n", nq_model_regressor(model),
            nq_model_parameters(model), *fitted ? ", " : "", fitted);
    schedule_text(file, model);
    fprintf(file, "columns     %zu", nq_model_columns(model));
    if (is_recorded)
        fprintf(file, ", as %zu numbers\n", nq_model_dim(model));
    if (constant)
        fprintf(file, ", %zu of them constant and not modelled", constant);
    if (!is_recorded && nqi_process_equilibrium(&model->process))
        fputc('\n', file);
    else if (!is_recorded)
        fprintf(file, "\nlog-Jacobian %.6g bits per row from scaled units to the data's\n",
                nq_model_log_jacobian(model) * NQI_BITS_PER_NAT);
}

/* Five digits, and all that a deviation of five shows beside a large mean. */
static const char *mean_text(char out[NQI_NUMBER_TEXT], double mean, double deviation)
{
    const int decimals = deviation > 0 ? 4 - (int)floor(log10(deviation)) : 0;
    if (deviation == 0)
        return nqi_number_text(out, mean);
    if (fabs(mean) < 10 * deviation || fabs(mean) >= 1e16 || decimals > 9)
        snprintf(out, NQI_NUMBER_TEXT, "%.5g", mean);
    else
        snprintf(out, NQI_NUMBER_TEXT, "%.*f", decimals > 0 ? decimals : 0, mean);
    return out;
}

/* Bits are not scaled: `bit` counts those that vary, whose noise has a law of its own. */
static void bit_text(FILE *file, const nq_model *model, double value, double deviation,
                     size_t *bit)
{
    const double *ones = nqi_process_equilibrium(&model->process);
    if (deviation > 0)
        fprintf(file, "%20.3g %%\n", 100 * ones[(*bit)++]);
    else
        fprintf(file, "%22s\n", value > 0 ? "always 1" : "always 0");
}

static void columns_text(FILE *file, const nq_model *model)
{
    const size_t columns = nq_model_columns(model);
    const size_t listed = columns < COLUMNS_SHOWN ? columns : COLUMNS_SHOWN;
    const int is_scaled = !nqi_process_equilibrium(&model->process);
    size_t bit = 0;
    fprintf(file, "\n%-20s %22s%s\n", "column", is_scaled ? "mean" : "ones in the noise",
            is_scaled ? "     deviation" : "");
    for (size_t i = 0; i < listed; i++) {
        const char *name = nq_model_column_name(model, i);
        char number[24], middle[NQI_NUMBER_TEXT];
        double mean, deviation;
        snprintf(number, sizeof number, "%zu", i + 1);
        nq_model_column_scaling(&mean, &deviation, model, i);
        fprintf(file, "%-20.20s ", nqi_shown(name ? name : number).text);
        if (is_scaled)
            fprintf(file, "%22s  %12.5g\n", mean_text(middle, mean, deviation), deviation);
        else
            bit_text(file, model, mean, deviation, &bit);
    }
    if (listed < columns)
        fprintf(file, "... and %zu more\n", columns - listed);
}

/* Columns of several kinds, as info says them of data. */
static void kinds_text(FILE *file, nq_context *context, const nq_model *model)
{
    const nqi_column_source source = {context, NULL, model};
    const size_t columns = nq_model_columns(model);
    const size_t listed = columns < NQI_COLUMNS_LISTED ? columns : NQI_COLUMNS_LISTED;
    const int width = nqi_column_name_width(&source, listed);
    fputc('\n', file);
    nqi_column_heading(file, width);
    for (size_t c = 0; c < listed; c++) {
        nq_column_facts facts;
        nq_model_column_facts(&facts, model, c);
        nqi_column_print(file, &source, c, &facts, width);
    }
    if (listed < columns)
        fprintf(file, "... and %zu more (" NQI_OPTION "json lists all)\n", columns - listed);
}

static void options_text(FILE *file, const nq_model *model)
{
    char text[NQ_TEXT_SIZE];
    size_t count;
    const nq_option *table = nq_model_options_table(&count);
    fputs("\noptions\n", file);
    for (size_t i = 0; i < count; i++) {
        nq_option_get(text, sizeof text, nq_model_get_options(model), &table[i]);
        if (*text)
            fprintf(file, "  %-18s %s\n", table[i].field, nqi_shown(text).text);
    }
}

/* The training record has whatever keys its writer thought worth keeping. */
static nq_status record_text(FILE *file, nq_context *context, const char *json)
{
    cJSON *root = cJSON_Parse(json); /* it was written a moment ago, so it parses */
    const cJSON *record = cJSON_GetObjectItemCaseSensitive(root, "training");
    if (!root)
        return nqi_fail_memory(context, "a description", strlen(json));
    if (record && record->child)
        fputs("\ntraining\n", file);
    for (const cJSON *item = record ? record->child : NULL; item; item = item->next)
        if (cJSON_IsString(item) && strcmp(item->string, "curve") != 0) /* a figure's numbers */
            fprintf(file, "  %-18s %s\n", nqi_shown(item->string).text,
                    nqi_shown(item->valuestring).text);
    cJSON_Delete(root);
    return NQ_OK;
}

nq_status nqi_describe_begin(nq_describe_options *own, nq_context *context,
                             const nq_describe_options *options, const char *role,
                             const char *path)
{
    const nq_status status = nqi_options_take(own, context, &nqi_describe_options, options);
    if (status)
        return status;
    const nqi_path_use uses[] = {{NQI_PATH_INPUT, role, path ? path : own->model_path},
                                 {NQI_PATH_OUTPUT, NQI_OPTION "output", own->output}};
    return nqi_paths_check(context, uses, sizeof uses / sizeof *uses);
}

nq_status nqi_describe_end(char **report, nqi_print *print, nq_context *context, nq_status status,
                           const char *output)
{
    if (!status)
        return nqi_print_give(report, print, context, output);
    (void)nqi_print_close(NULL, print, NULL);
    return status;
}

static nq_status model_text(FILE *file, nq_context *context, const nq_model *model,
                            const char *name, const char *description)
{
    facts_text(file, name, model);
    if (nq_model_is_recorded(model))
        kinds_text(file, context, model);
    else
        columns_text(file, model);
    options_text(file, model);
    return record_text(file, context, description);
}

nq_status nq_describe_model(char **report, nq_context *context, const nq_model *model,
                            const nq_describe_options *options)
{
    nq_describe_options own;
    char *description = NULL;
    nqi_print print = {0};
    if (report)
        *report = NULL;
    nq_status status = nqi_describe_begin(&own, context, options, "MODEL", NULL);
    if (!status)
        status = nq_model_describe(&description, context, model);
    if (!status)
        status = nqi_print_open(&print, context);
    if (!status && own.json)
        fprintf(print.file, "%s\n", description);
    else if (!status)
        status = model_text(print.file, context, model,
                            own.model_path ? own.model_path : "the model", description);
    free(description);
    return nqi_describe_end(report, &print, context, status, own.output);
}
