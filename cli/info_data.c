/* info_data.c - noneq info DATA: how a data file is read, column by column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "info_data.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "data_open.h"
#include "info_columns.h"
#include "info_json.h"
#include "message.h"
#include "output.h"
#include "session.h"

int info_is_model(const char *path)
{
    unsigned char head[9] = {0};
    struct stat about;
    FILE *file;

    if (path_has_extension(path, ".nq"))
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
        char text[COLUMN_CELL];
        nq_text_printable(text, sizeof text, name ? name : "");
        fprintf(file, "%scolumn %zu%s%s is left out: %s\n", i ? "" : "\n", column + 1,
                *text ? " " : "", column_text_cut(text, COLUMN_NAME_MOST), why);
    }
}

static int data_text(FILE *file, nq_context *context, const char *path, const nq_dataset *data)
{
    const size_t columns = nq_dataset_dim(data);
    const size_t listed = columns < COLUMNS_LISTED ? columns : COLUMNS_LISTED;
    const column_source source = {context, data, NULL};
    nq_picture picture;
    int is_told = 0;

    nq_dataset_picture(&picture, data);
    fprintf(file, "file     %s\nrows     %zu\n", shown(path).text, nq_dataset_rows(data));
    if (picture.channels) {
        fprintf(file, "pictures %zu x %zu, %zu channel%s\n", picture.height, picture.width,
                picture.channels, picture.channels == 1 ? "" : "s");
        return EXIT_DONE;
    }
    fprintf(file, "columns  %zu, %zu missing cell%s\n\n", columns,
            nq_dataset_missing(NULL, NULL, data),
            nq_dataset_missing(NULL, NULL, data) == 1 ? "" : "s");
    const int width = column_name_width(&source, listed);
    column_heading(file, width);
    for (size_t c = 0; c < listed; c++) {
        nq_column_facts facts;
        const nq_status status = nq_dataset_column_facts(&facts, context, data, c);
        if (status)
            return session_fail(context, status);
        column_print(file, &source, c, &facts, width);
        is_told |= facts.is_told;
    }
    if (listed < columns)
        fprintf(file, "... and %zu more (--json lists all)\n", columns - listed);
    if (is_told)
        fputs("* told by --types\n", file);
    left_out_text(file, data);
    return EXIT_DONE;
}

int info_data_write(nq_context *context, const char *data_path, const char *path,
                    const common_values *common)
{
    nq_dataset *data = NULL;
    output out;
    int code = data_file_open(&data, context, data_path, common, 0, 0);

    if (!code && (code = output_open(&out, context, path)) == EXIT_DONE) {
        code = common->json ? info_json_write(out.file, context, data_path, data)
                            : data_text(out.file, context, data_path, data);
        if (!code)
            code = output_close(&out);
        else
            output_drop(&out);
    }
    nq_dataset_free(data);
    return code;
}
