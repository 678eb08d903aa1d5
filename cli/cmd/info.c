/* info.c - noneq info: what is in a model file, or how a data file is read. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/verbs.h"
#include "info_columns.h"
#include "info_data.h"
#include "message.h"
#include "number.h"
#include "output.h"
#include "paths.h"
#include "session.h"

typedef struct info_values {
    const char *path;
} info_values;

static const option_row rows[] = {
    {"output", 'o', OPTION_TEXT, offsetof(info_values, path), "FILE", "-", 0,
     "where to write the result"},
};

enum { COLUMNS_SHOWN = 24 };

static void schedule_text(FILE *file, const nq_model *model)
{
    const nq_schedule *schedule = nq_model_schedule(model);
    const size_t last = schedule->steps - 1;

    fprintf(file, "schedule    %s, T = %zu, beta_1 = %.6g, beta_T = %.6g, alpha_bar_T = %.6g\n",
            shown(nq_model_get_options(model)->schedule).text, schedule->steps, schedule->beta[0],
            schedule->beta[last], schedule->alpha_bar[last]);
    fprintf(file, "samples     %zu of %zu steps\n", nq_model_usual_steps(model), schedule->steps);
}

static void model_text(FILE *file, const char *path, const nq_model *model)
{
    const int is_recorded = nq_model_is_recorded(model);
    const size_t constant = is_recorded ? 0 : nq_model_columns(model) - nq_model_dim(model);

    fprintf(file, "file        %s\n", shown(path).text);
    fprintf(file, "kernel      %s\n", nq_model_kernel(model));
    fprintf(file, "regressor   %s, %zu parameters\n", nq_model_regressor(model),
            nq_model_parameters(model));
    schedule_text(file, model);
    fprintf(file, "columns     %zu", nq_model_columns(model));
    if (is_recorded)
        fprintf(file, ", as %zu numbers\n", nq_model_dim(model));
    if (constant)
        fprintf(file, ", %zu of them constant and not modelled", constant);
    if (!is_recorded)
        fprintf(file, "\nlog-Jacobian %.6g bits per row from scaled units to the data's\n",
                nq_model_log_jacobian(model) * BITS_PER_NAT);
}

/* Five digits, and all that a deviation of five shows beside a large mean. */
static const char *mean_text(char out[NUMBER_TEXT], double mean, double deviation)
{
    const int decimals = deviation > 0 ? 4 - (int)floor(log10(deviation)) : 0;

    if (deviation == 0)
        return number_text(out, mean);
    if (fabs(mean) < 10 * deviation || fabs(mean) >= 1e16 || decimals > 9)
        snprintf(out, NUMBER_TEXT, "%.5g", mean);
    else
        snprintf(out, NUMBER_TEXT, "%.*f", decimals > 0 ? decimals : 0, mean);
    return out;
}

static void columns_text(FILE *file, const nq_model *model)
{
    const size_t columns = nq_model_columns(model);
    const size_t listed = columns < COLUMNS_SHOWN ? columns : COLUMNS_SHOWN;

    fputs("\ncolumn                                 mean     deviation\n", file);
    for (size_t i = 0; i < listed; i++) {
        const char *name = nq_model_column_name(model, i);
        char number[24], middle[NUMBER_TEXT];
        double mean, deviation;

        snprintf(number, sizeof number, "%zu", i + 1);
        nq_model_column_scaling(&mean, &deviation, model, i);
        fprintf(file, "%-20.20s %22s  %12.5g\n", shown(name ? name : number).text,
                mean_text(middle, mean, deviation), deviation);
    }
    if (listed < columns)
        fprintf(file, "... and %zu more\n", columns - listed);
}

/* Columns of several kinds, as info says them of data. */
static void kinds_text(FILE *file, nq_context *context, const nq_model *model)
{
    const column_source source = {context, NULL, model};
    const size_t columns = nq_model_columns(model);
    const size_t listed = columns < COLUMNS_LISTED ? columns : COLUMNS_LISTED;
    const int width = column_name_width(&source, listed);

    fputc('\n', file);
    column_heading(file, width);
    for (size_t c = 0; c < listed; c++) {
        nq_column_facts facts;

        nq_model_column_facts(&facts, model, c);
        column_print(file, &source, c, &facts, width);
    }
    if (listed < columns)
        fprintf(file, "... and %zu more (--json lists all)\n", columns - listed);
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
            fprintf(file, "  %-18s %s\n", table[i].field, shown(text).text);
    }
}

/* The training record has whatever keys its writer thought worth keeping. Returns an exit
 * status. */
static int record_text(FILE *file, const char *json)
{
    cJSON *root = cJSON_Parse(json); /* it was written a moment ago, so it parses */
    const cJSON *record = cJSON_GetObjectItemCaseSensitive(root, "training");

    if (!root)
        return message_fail("out of memory: a description");
    if (record && record->child)
        fputs("\ntraining\n", file);
    for (const cJSON *item = record ? record->child : NULL; item; item = item->next)
        if (cJSON_IsString(item))
            fprintf(file, "  %-18s %s\n", shown(item->string).text,
                    shown(item->valuestring).text);
    cJSON_Delete(root);
    return EXIT_DONE;
}

static int info_write(nq_context *context, const nq_model *model, const char *model_path,
                      const char *path, int json)
{
    char *description;
    output out;
    int code = EXIT_DONE;
    const nq_status status = nq_model_describe(&description, context, model);

    if (status)
        return session_fail(context, status);
    if (output_open(&out, context, path)) {
        free(description);
        return EXIT_FAILED;
    }
    if (json) {
        fprintf(out.file, "%s\n", description);
    } else {
        model_text(out.file, model_path, model);
        if (nq_model_is_recorded(model))
            kinds_text(out.file, context, model);
        else
            columns_text(out.file, model);
        options_text(out.file, model);
        code = record_text(out.file, description);
    }
    free(description);
    if (!code)
        return output_close(&out);
    output_drop(&out);
    return code;
}

static int info_run(const verb *self, int argc, char **argv)
{
    info_values values;
    arguments words;
    nq_context *context;
    nq_model *model = NULL;
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    words.common.threads = 1; /* nothing is computed */
    const int is_model = info_is_model(words.operands[0]);
    const path_use uses[] = {{PATH_INPUT, is_model ? "MODEL" : "DATA", words.operands[0]},
                             {PATH_OUTPUT, "-o", values.path}};
    if ((code = paths_check(uses, sizeof uses / sizeof *uses)) ||
        (code = session_open(&context, &words.common)))
        return code;
    if (!is_model) {
        code = info_data_write(context, words.operands[0], values.path, &words.common);
    } else {
        const nq_status status = nq_model_load(&model, context, words.operands[0]);
        code = status ? session_fail(context, status)
                      : info_write(context, model, words.operands[0], values.path,
                                   words.common.json);
        nq_model_free(model);
    }
    session_close(context);
    return code;
}

const verb verb_info = {
    .name = "info",
    .operands = "MODEL|DATA",
    .summary = "what is in a model file, or how a data file is read",
    .details = "Prints kernel, regressor, schedule, scaling, options and training record of a "
               "model, and "
               "of columns of several kinds what training found each to be. Of a data file: each "
               "column's kind, range, levels and gaps, as training would find "
               "them.",
    .example = "noneq info roll.nq --json\n  noneq info people.csv --types zip=category",
    .operands_least = 1,
    .operands_most = 1,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_JSON | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ | COMMON_COLUMNS,
    .run = info_run,
};
