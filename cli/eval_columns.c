/* eval_columns.c - what each column of a table adds to K. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>

#include "eval_report.h"
#include "json.h"
#include "message.h"
#include "session.h"

static const char *const role_words[] = {"target", "given", "not looked at"};

void columns_json(FILE *file, const eval_report *report)
{
    const nq_bound *bound = report->bound;

    fputs(",\"columns\":[", file);
    for (size_t c = 0; c < bound->columns; c++) {
        const char *name = nq_model_column_name(report->model, c);

        fputs(c ? ",{" : "{", file);
        if (name) {
            json_field_text(file, "name", name);
            putc(',', file);
        }
        json_field_text(file, "kind", nq_model_column_kind(report->model, c));
        putc(',', file);
        if (report->roles) {
            json_field_text(file, "role", role_words[report_role(report, c)]);
            putc(',', file);
        }
        json_field(file, "bits", bound->column_bound[c] * BITS_PER_NAT);
        putc('}', file);
    }
    putc(']', file);
}

void columns_text(FILE *file, const eval_report *report)
{
    const nq_bound *bound = report->bound;

    fputs("\nBits per row, by column:\n", file);
    for (size_t c = 0; c < bound->columns; c++) {
        const char *name = nq_model_column_name(report->model, c);
        char number[32];

        snprintf(number, sizeof number, "column %zu", c + 1);
        if (report_role(report, c) != NQ_ROLE_TARGET) {
            fprintf(file, "  %-24s %-10s %s\n", shown(name ? name : number).text,
                    nq_model_column_kind(report->model, c), role_words[report_role(report, c)]);
            continue;
        }
        fprintf(file, "  %-24s %-10s %10.4f%s\n", shown(name ? name : number).text,
                nq_model_column_kind(report->model, c), bound->column_bound[c] * BITS_PER_NAT,
                nq_model_column_is_density(report->model, c) ? "  density" : "");
    }
}
