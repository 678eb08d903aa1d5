/* info_json.c - noneq info DATA --json: rows, and each column's kind, range, grid and levels. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "info_json.h"

#include <stdint.h>
#include <stdlib.h>

#include "json.h"
#include "message.h"
#include "options.h"
#include "session.h"

static void text_or_null(FILE *file, const char *key, const char *text)
{
    fprintf(file, ",\"%s\":", key);
    if (text)
        json_string(file, text);
    else
        fputs("null", file);
}

static void number_write(FILE *file, const char *key, double value)
{
    fputs(",", file);
    json_field(file, key, value);
}

/* Texts of any length. Returns an exit status. */
static int cell_write(FILE *file, const nq_dataset *data, size_t column, double value)
{
    char few[128];
    const size_t length = nq_dataset_cell_text(few, sizeof few, data, column, value);

    if (length < sizeof few) {
        json_string(file, few);
        return EXIT_DONE;
    }
    char *text = malloc(length + 1);
    if (!text)
        return message_fail("out of memory: a text of %zu bytes", length);
    nq_dataset_cell_text(text, length + 1, data, column, value);
    json_string(file, text);
    free(text);
    return EXIT_DONE;
}

static int levels_write(FILE *file, nq_context *context, const nq_dataset *data, size_t column,
                        const nq_column_facts *facts)
{
    int code = EXIT_DONE;

    fputs(",\"levels\":[", file);
    for (size_t i = 0; i < facts->levels && !code; i++) {
        size_t rows;
        const double value = nq_dataset_level(&rows, context, data, column, i);
        fprintf(file, "%s{\"value\":", i ? "," : "");
        if (facts->is_text || facts->is_date)
            code = cell_write(file, data, column, value);
        else
            json_number(file, value);
        fprintf(file, ",\"rows\":%zu}", rows);
    }
    fputs("]", file);
    return code;
}

static int column_write(FILE *file, nq_context *context, const nq_dataset *data, size_t column)
{
    nq_column_facts facts;
    const nq_status status = nq_dataset_column_facts(&facts, context, data, column);

    if (status)
        return session_fail(context, status);
    fprintf(file, "%s{\"column\":%zu", column ? "," : "",
            nq_dataset_file_column(data, column) + 1);
    text_or_null(file, "name", facts.name);
    text_or_null(file, "kind", facts.kind);
    text_or_null(file, "why", facts.why);
    fprintf(file, ",\"told\":%s,\"text\":%s,\"date\":%s,\"rows\":%zu,\"missing\":%zu",
            facts.is_told ? "true" : "false", facts.is_text ? "true" : "false",
            facts.is_date ? "true" : "false", facts.rows, facts.missing);
    if (!facts.is_text && facts.rows) {
        number_write(file, "least", facts.least);
        number_write(file, "most", facts.most);
        number_write(file, "step", facts.step);
        number_write(file, "offset", facts.offset);
        fprintf(file, ",\"decimals\":%d", facts.decimals);
    }
    const int code = levels_write(file, context, data, column, &facts);
    fputs(",\"function_of\":", file);
    if (facts.source == SIZE_MAX)
        fputs("null}", file);
    else
        fprintf(file, "%zu}", nq_dataset_file_column(data, facts.source) + 1);
    return code;
}

static void left_out_write(FILE *file, const nq_dataset *data)
{
    size_t column;
    const char *name, *why;

    fputs(",\"left_out\":[", file);
    for (size_t i = 0; (why = nq_dataset_left_out(&column, &name, data, i)); i++) {
        fprintf(file, "%s{\"column\":%zu", i ? "," : "", column + 1);
        text_or_null(file, "name", name);
        text_or_null(file, "why", why);
        fputs("}", file);
    }
    fputs("]", file);
}

int info_json_write(FILE *file, nq_context *context, const char *path, const nq_dataset *data)
{
    const size_t columns = nq_dataset_dim(data);
    nq_picture picture;
    int code = EXIT_DONE;

    nq_dataset_picture(&picture, data);
    fputs("{\"file\":", file);
    json_string(file, path);
    fprintf(file, ",\"rows\":%zu,\"dim\":%zu,\"missing\":%zu,\"picture\":", nq_dataset_rows(data),
            columns, nq_dataset_missing(NULL, NULL, data));
    if (picture.channels)
        fprintf(file, "[%zu,%zu,%zu]", picture.channels, picture.height, picture.width);
    else
        fputs("null", file);
    fputs(",\"columns\":[", file);
    for (size_t c = 0; c < columns && !picture.channels && !code; c++)
        code = column_write(file, context, data, c);
    fputs("]", file);
    left_out_write(file, data);
    fputs("}\n", file);
    return code;
}
