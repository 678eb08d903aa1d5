/* data.c - how data are read, column by column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "core/context.h"
#include "task/describe/columns.h"
#include "task/describe/describe.h"
#include "task/report/print.h"
#include "task/report/shown.h"

static int has_ending(const char *path, const char *ending)
{
    const size_t length = strlen(path), tail = strlen(ending);
    return length > tail && strcasecmp(path + length - tail, ending) == 0;
}

int nq_path_is_model(const char *path)
{
    unsigned char head[9] = {0};
    struct stat about;
    FILE *file;
    if (has_ending(path, ".nq"))
        return 1;
    if (stat(path, &about) || !S_ISREG(about.st_mode) || !(file = fopen(path, "rb")))
        return 0;
    const size_t count = fread(head, 1, sizeof head, file);
    fclose(file);
    return count == sizeof head && head[8] == '{' && !head[4] && !head[5] && !head[6] && !head[7];
}

static void left_out_text(FILE *file, const nq_dataset *data)
{
    size_t column;
    const char *name, *why;
    for (size_t i = 0; (why = nq_dataset_left_out(&column, &name, data, i)); i++) {
        char text[NQI_COLUMN_CELL];
        nq_text_printable(text, sizeof text, name ? name : "");
        fprintf(file, "%scolumn %zu%s%s is left out: %s\n", i ? "" : "\n", column + 1,
                *text ? " " : "", nqi_column_text_cut(text, NQI_COLUMN_NAME_MOST), why);
    }
}

static nq_status data_text(FILE *file, nq_context *context, const nqi_source *source)
{
    const nq_dataset *data = source->file;
    const size_t columns = nq_dataset_dim(data);
    const size_t listed = columns < NQI_COLUMNS_LISTED ? columns : NQI_COLUMNS_LISTED;
    const nqi_column_source from = {context, data, NULL};
    nq_picture picture;
    int is_told = 0;
    nq_dataset_picture(&picture, data);
    fprintf(file, "file     %s\nrows     %zu\n", nqi_shown(source->name).text,
            nq_dataset_rows(data));
    if (picture.channels) {
        fprintf(file, "pictures %zu x %zu, %zu channel%s\n", picture.height, picture.width,
                picture.channels, picture.channels == 1 ? "" : "s");
        return NQ_OK;
    }
    fprintf(file, "columns  %zu, %zu missing cell%s\n\n", columns,
            nq_dataset_missing(NULL, NULL, data),
            nq_dataset_missing(NULL, NULL, data) == 1 ? "" : "s");
    const int width = nqi_column_name_width(&from, listed);
    nqi_column_heading(file, width);
    for (size_t c = 0; c < listed; c++) {
        nq_column_facts facts;
        const nq_status status = nq_dataset_column_facts(&facts, context, data, c);
        if (status)
            return status;
        nqi_column_print(file, &from, c, &facts, width);
        is_told |= facts.is_told;
    }
    if (listed < columns)
        fprintf(file, "... and %zu more (" NQI_OPTION "json lists all)\n", columns - listed);
    if (is_told)
        fputs("* told by " NQI_OPTION "types\n", file);
    left_out_text(file, data);
    return NQ_OK;
}

nq_status nq_describe_data(char **report, nq_context *context, const nq_source *data,
                           const nq_describe_options *options)
{
    nq_describe_options own;
    nqi_source source = {0};
    nqi_print print = {0};
    if (report)
        *report = NULL;
    nq_status status = nqi_describe_begin(&own, context, options, "DATA", data->path);
    if (!status)
        status = nqi_source_open(&source, context, data, 0, 0);
    if (!status)
        status = nqi_print_open(&print, context);
    if (!status)
        status = own.json ? nqi_data_json(print.file, context, &source)
                          : data_text(print.file, context, &source);
    status = nqi_describe_end(report, &print, context, status, own.output);
    nqi_source_free(&source);
    return status;
}
