/* info_columns.h - a line about each column of a table or a model: kind, gaps, range, levels. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_INFO_COLUMNS_H
#define NONEQ_CLI_INFO_COLUMNS_H

#include <stdio.h>

#include <noneq.h>

/* Characters of a name, columns that are listed, and bytes of a cell's text. */
enum { COLUMN_NAME_MOST = 22, COLUMNS_LISTED = 200, COLUMN_CELL = 200 };

/* Whose columns: those of a model of several kinds, or of data. */
typedef struct column_source {
    nq_context *context;
    const nq_dataset *data;
    const nq_model *model; /* NULL: of the data */
} column_source;

/* How wide the names are, within bounds. */
int column_name_width(const column_source *source, size_t listed);
void column_heading(FILE *file, int width);
void column_print(FILE *file, const column_source *source, size_t column,
                  const nq_column_facts *facts, int width);
/* Not more than `most` characters of a text. */
const char *column_text_cut(char *text, size_t most);

#endif
