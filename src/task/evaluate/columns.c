/* columns.c - what each column of a table adds to K. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>

#include "task/evaluate/report.h"
#include "task/report/json.h"
#include "task/report/number.h"
#include "task/report/shown.h"

static const char *const role_words[] = {"target", "given", "not looked at"};

void nqi_columns_json(FILE *file, const nqi_evaluation_report *report)
{
    const nq_bound *bound = report->bound;
    fputs(",\"columns\":[", file);
    for (size_t c = 0; c < bound->columns; c++) {
        const char *name = nq_model_column_name(report->model, c);
        fputs(c ? ",{" : "{", file);
        if (name) {
            nqi_json_field_text(file, "name", name);
            putc(',', file);
        }
        nqi_json_field_text(file, "kind", nq_model_column_kind(report->model, c));
        putc(',', file);
        if (report->roles) {
            nqi_json_field_text(file, "role", role_words[nqi_report_role(report, c)]);
            putc(',', file);
        }
        nqi_json_field(file, "bits", bound->column_bound[c] * NQI_BITS_PER_NAT);
        putc('}', file);
    }
    putc(']', file);
}

void nqi_columns_text(FILE *file, const nqi_evaluation_report *report)
{
    const nq_bound *bound = report->bound;
    fputs("\nBits per row, by column:\n", file);
    for (size_t c = 0; c < bound->columns; c++) {
        const char *name = nq_model_column_name(report->model, c);
        char number[32];
        snprintf(number, sizeof number, "column %zu", c + 1);
        if (nqi_report_role(report, c) != NQ_ROLE_TARGET) {
            fprintf(file, "  %-24s %-10s %s\n", nqi_shown(name ? name : number).text,
                    nq_model_column_kind(report->model, c),
                    role_words[nqi_report_role(report, c)]);
            continue;
        }
        fprintf(file, "  %-24s %-10s %10.4f%s\n", nqi_shown(name ? name : number).text,
                nq_model_column_kind(report->model, c), bound->column_bound[c] * NQI_BITS_PER_NAT,
                nq_model_column_is_density(report->model, c) ? "  density" : "");
    }
}
