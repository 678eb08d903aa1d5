/* pool.c - one answer, with an honest error, from several completed tables. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/pool/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/option/options.h"
#include "task/report/json.h"
#include "task/report/print.h"
#include "task/report/shown.h"

void nq_pool_answers_free(nq_pool_answers *answers)
{
    free(answers->names);
    free(answers->answers);
    *answers = (nq_pool_answers){0};
}

static nq_status options_check(nq_context *context, const nq_pool_tables_options *options)
{
    if (!options->mean && !options->proportion && !options->quantile && !options->regress)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "what is to be pooled: " NQI_OPTION "mean, " NQI_OPTION
                        "proportion, " NQI_OPTION "quantile or " NQI_OPTION "regress");
    if (!(options->level > 0 && options->level < 1))
        return nqi_fail(context, NQ_ERROR_ARGUMENT, NQI_OPTION "level is between 0 and 1, not %g",
                        options->level);
    return NQ_OK;
}

/* What is asked, of each table. */
static nq_status answers_make(nqi_pool_answers *out, const nqi_pool_tables *tables,
                              const nq_pool_tables_options *options)
{
    nq_status status = NQ_OK;
    if (options->mean)
        status = nqi_pool_means(out, tables, options->mean);
    if (!status && options->proportion)
        status = nqi_pool_proportions(out, tables, options->proportion);
    if (!status && options->quantile)
        status = nqi_pool_quantiles(out, tables, options->quantile);
    if (!status && options->regress)
        status = nqi_pool_regress(out, tables, options->regress);
    return status;
}

/* One answer of all tables, for each question. */
static nq_status answers_pool(nq_pool_answers *out, const nqi_pool_tables *tables,
                              const nqi_pool_answers *of, double level)
{
    nq_status status = NQ_OK;
    const size_t bytes = of->count * (sizeof *out->answers + sizeof *out->names);
    out->tables = tables->count;
    out->rows = tables->rows;
    out->models = tables->models;
    out->answers = calloc(of->count + 1, sizeof *out->answers);
    out->names = calloc(of->count + 1, sizeof *out->names);
    if (!out->answers || !out->names)
        return nqi_fail_memory(tables->context, "pooled answers", bytes);
    for (size_t k = 0; k < of->count && !status; k++) {
        nq_pool_options options;
        nq_pool_options_init(&options, sizeof options);
        options.df = of->df[k];
        options.level = level;
        options.models = tables->models;
        memcpy(out->names[k], of->names[k], sizeof *out->names);
        status = nq_pool(&out->answers[k], tables->context, of->q + k * of->tables,
                         of->u + k * of->tables, of->tables, &options);
        out->count = k + 1;
    }
    return status;
}

static void line_print(FILE *file, const char *name, const nq_pooled *p)
{
    fprintf(file, "%-28s %12.6g %11.4g %12.6g %12.6g %9.4g %8.3f\n", nqi_shown(name).text,
            p->mean, p->se, p->low, p->high, p->df, p->lambda);
}

static void json_print(FILE *file, const char *name, const nq_pooled *p)
{
    static const char *const keys[] = {"mean",  "se",     "low",         "high",
                                       "df",    "lambda", "within",      "between",
                                       "total", "df_old", "df_observed", "within_models"};
    const double values[] = {p->mean,  p->se,     p->low,         p->high,
                             p->df,    p->lambda, p->within,      p->between,
                             p->total, p->df_old, p->df_observed, p->within_models};
    putc('{', file);
    nqi_json_field_text(file, "name", name);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        fprintf(file, ",\"%s\":", keys[i]);
        nqi_json_value_any(file, values[i]);
    }
    putc('}', file);
}

/* What is printed. */
typedef struct pool_report {
    const nq_pool_answers *answers;
    double level; /* of the intervals */
} pool_report;

static void report_json(FILE *file, const void *result)
{
    const pool_report *report = result;
    const nq_pool_answers *answers = report->answers;
    fprintf(file, "{\"tables\":%zu,\"rows\":%zu,\"models\":%zu,\"level\":%.10g,\"answers\":[",
            answers->tables, answers->rows, answers->models, report->level);
    for (size_t k = 0; k < answers->count; k++) {
        fputs(k ? "," : "", file);
        json_print(file, answers->names[k], &answers->answers[k]);
    }
    fputs("]}\n", file);
}

static void report_text(FILE *file, const void *result)
{
    const pool_report *report = result;
    const nq_pool_answers *answers = report->answers;
    char interval[32];
    fprintf(file, "of %zu completed tables of %zu rows", answers->tables, answers->rows);
    if (answers->models)
        fprintf(file, ", %zu of each of %zu models", answers->tables / answers->models,
                answers->models);
    snprintf(interval, sizeof interval, "%g %% interval", 100 * report->level);
    fprintf(file, "\n%-28s %12s %11s %25s %9s %8s\n", "", "answer", "error", interval, "freedom",
            "by gaps");
    for (size_t k = 0; k < answers->count; k++)
        line_print(file, answers->names[k], &answers->answers[k]);
}

nq_status nq_pool_tables(nq_pool_answers *out, char **report, nq_context *context,
                         const nq_source *sources, size_t count,
                         const nq_pool_tables_options *options)
{
    nq_pool_tables_options own;
    nq_pool_answers found = {0};
    nqi_pool_tables tables = {0};
    nqi_pool_answers answers = {0};
    if (out)
        *out = found;
    if (report)
        *report = NULL;
    nq_status status = nqi_options_take(&own, context, &nqi_pool_tables_options, options);
    if (!status)
        status = options_check(context, &own);
    if (!status)
        status = nqi_pool_tables_open(&tables, context, sources, count);
    if (!status)
        status = answers_make(&answers, &tables, &own);
    if (!status)
        status = answers_pool(&found, &tables, &answers, own.level);
    if (!status && report)
        status = nqi_print_make(report, context, NULL, own.json ? report_json : report_text,
                                &(pool_report){&found, own.level});
    nqi_pool_answers_free(&answers);
    nqi_pool_tables_close(&tables);
    if (out && !status)
        *out = found;
    else
        nq_pool_answers_free(&found);
    return status;
}
