/* columns.h - a line about each column of a table or a model: kind, gaps, range, levels. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_DESCRIBE_COLUMNS_H
#define NQI_TASK_DESCRIBE_COLUMNS_H

#include <stdio.h>

#include <noneq/model.h>

/* Characters of a name, columns that are listed, and bytes of a cell's text. */
enum { NQI_COLUMN_NAME_MOST = 22, NQI_COLUMNS_LISTED = 200, NQI_COLUMN_CELL = 200 };

/* Whose columns: those of a model of several kinds, or of data. */
typedef struct nqi_column_source {
    nq_context *context;
    const nq_dataset *data;
    const nq_model *model; /* NULL: of the data */
} nqi_column_source;

/* How wide the names are, within bounds. */
int nqi_column_name_width(const nqi_column_source *source, size_t listed);
void nqi_column_heading(FILE *file, int width);
void nqi_column_print(FILE *file, const nqi_column_source *source, size_t column,
                      const nq_column_facts *facts, int width);
/* Not more than `most` characters of a text. */
const char *nqi_column_text_cut(char *text, size_t most);

#endif
