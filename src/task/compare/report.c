/* report.c - what a comparison of two models says: as text and as JSON. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/compare/report.h"

#include <math.h>

#include "task/report/json.h"
#include "task/report/number.h"
#include "task/report/shown.h"

/* Fewer standard errors than these decide nothing. */
static const double telling = 2;

static const char *units_of(const nqi_compare_report *report)
{
    return nq_model_is_recorded(report->models[0]) || nq_model_is_recorded(report->models[1])
               ? "recorded"
               : "data";
}

static void columns_json(FILE *file, const nqi_compare_report *report)
{
    const nq_comparison *found = report->found;
    fputs(",\"columns\":[", file);
    for (size_t c = 0; c < found->columns; c++) {
        const char *name = nq_model_column_name(report->models[0], c);
        fputs(c ? ",{" : "{", file);
        if (name) {
            nqi_json_field_text(file, "name", name);
            putc(',', file);
        }
        nqi_json_field_text(file, "kind", nq_model_column_kind(report->models[0], c));
        putc(',', file);
        nqi_json_field(file, "bits", found->column_difference[c] * NQI_BITS_PER_NAT);
        putc(',', file);
        nqi_json_field(file, "se", found->column_se[c] * NQI_BITS_PER_NAT);
        putc('}', file);
    }
    putc(']', file);
}

void nqi_compare_json(FILE *file, const void *result)
{
    const nqi_compare_report *report = result;
    static const char *const names[2] = {"first", "second"};
    const nq_comparison *found = report->found;
    fprintf(file, "{\"rows\":%zu,\"difference\":{", found->rows);
    nqi_json_field(file, "bits", found->difference * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "se", found->se * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "nats", found->difference);
    putc('}', file);
    for (int i = 0; i < 2; i++) {
        fprintf(file, ",\"%s\":{", names[i]);
        nqi_json_field_text(file, "file", report->model_names[i]);
        putc(',', file);
        nqi_json_field_text(file, "kernel", nq_model_kernel(report->models[i]));
        putc(',', file);
        nqi_json_field(file, "bits", found->bound[i] * NQI_BITS_PER_NAT);
        fprintf(file, ",\"steps\":%zu,\"terms\":%zu,\"impossible\":%zu}",
                nq_model_steps(report->models[i]), found->terms[i], found->impossible[i]);
    }
    putc(',', file);
    nqi_json_field_text(file, "units", units_of(report));
    if (found->columns)
        columns_json(file, report);
    fputs("}\n", file);
}

/* Which is better, in a sentence. */
static void verdict_text(FILE *file, const nqi_compare_report *report)
{
    const nq_comparison *found = report->found;
    const double errors = fabs(found->difference) / found->se;
    const int better = found->difference < 0;
    if (found->difference == 0 && !(found->se > 0))
        fputs("Both give the rows the same K.\n", file);
    else if (isnan(errors) || errors < telling)
        fprintf(file,
                "The rows do not tell which is better: the difference is %.1f standard errors.\n",
                errors);
    else
        fprintf(file, "%s is better: by %.4f bits per row, which are %.1f standard errors.\n",
                nqi_shown(report->model_names[better]).text,
                fabs(found->difference) * NQI_BITS_PER_NAT, errors);
}

static void columns_text(FILE *file, const nqi_compare_report *report)
{
    const nq_comparison *found = report->found;
    fputs("\nThe same by column, bits per row:\n", file);
    for (size_t c = 0; c < found->columns; c++) {
        const char *name = nq_model_column_name(report->models[0], c);
        char number[32];
        snprintf(number, sizeof number, "column %zu", c + 1);
        fprintf(file, "  %-24s %-10s %10.4f +- %.4f\n", nqi_shown(name ? name : number).text,
                nq_model_column_kind(report->models[0], c),
                found->column_difference[c] * NQI_BITS_PER_NAT,
                found->column_se[c] * NQI_BITS_PER_NAT);
    }
}

void nqi_compare_text(FILE *file, const void *result)
{
    const nqi_compare_report *report = result;
    const nq_comparison *found = report->found;
    const size_t left_out = found->impossible[0] + found->impossible[1];
    fprintf(file, "%s and %s on %s: %zu rows of %zu columns, %s\n\n",
            nqi_shown(report->model_names[0]).text, nqi_shown(report->model_names[1]).text,
            nqi_shown(report->data_name).text, found->rows, nq_model_columns(report->models[0]),
            nq_model_is_density(report->models[0]) && !nq_model_is_recorded(report->models[0])
                ? "in the data's own units"
                : "as recorded");
    for (int i = 0; i < 2; i++)
        fprintf(file, "K of the %-7s %12.4f bits per row   %s\n", i ? "second" : "first",
                found->bound[i] * NQI_BITS_PER_NAT, nqi_shown(report->model_names[i]).text);
    fprintf(file, "difference       %12.4f +- %.4f bits per row\n\n",
            found->difference * NQI_BITS_PER_NAT, found->se * NQI_BITS_PER_NAT);
    verdict_text(file, report);
    fprintf(
        file,
        "+- is the standard error of the mean difference, paired over rows as a sample of all "
        "possible\nrows; the Monte Carlo errors of both (%zu and %zu terms per row) are in "
        "it.\n",
        found->terms[0], found->terms[1]);
    if (left_out)
        fprintf(file,
                "Rows that a model has no probability for are left out: %zu of the first, %zu of "
                "the second.\n",
                found->impossible[0], found->impossible[1]);
    if (found->columns)
        columns_text(file, report);
}
