/* reading.h - a text table while it is read: what csv.c, header.c and columns.c share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_CSV_READING_H
#define NQI_IO_CSV_READING_H

#include "io/csv/dialect.h"
#include "io/table/table.h"

typedef struct nqi_csv {
    nqi_input *input;
    nqi_csv_dialect dialect;
    nqi_csv_records records;
    const char *columns, *drop, *types; /* the options, or NULL */
    int for_model, keep_text;
    nqi_origin *origin; /* becomes the table's */
    nqi_notes notes;
    size_t first_line; /* the line that says how many fields a row has */
    size_t width;      /* fields of a row */
    double *cells;     /* [capacity], of which rows * width are filled */
    size_t capacity, rows;
    size_t bad_row; /* the first with a cell that is no number; SIZE_MAX: none yet */
    /* The last line of comment before the table, and how many stood inside it. */
    char *comment;
    size_t comment_line, comments_inside;
} nqi_csv;

/* header.c: from the first record that is no comment finds the separator, the number of fields
 * and whether it holds names; makes the columns. *is_row: it is a row, which the caller reads. */
nq_status nqi_csv_header_read(nqi_csv *in, const nqi_csv_record *record, int *is_row);

/* columns.c: marks what the options columns and drop leave out. NQ_ERROR_ARGUMENT names the
 * columns that the file does not have. */
nq_status nqi_csv_columns_choose(nqi_csv *in);
/* When all rows are read: which columns are numbers, text or an index; refuses or leaves out what
 * is no column of the table, and names that stand twice. */
nq_status nqi_csv_columns_finish(nqi_csv *in);

/* csv.c: the next record that is no comment; of the others the last is kept. */
nq_status nqi_csv_next(nqi_csv *in, nqi_csv_record *record);
/* A comment, and not a row whose first cell is a word for missing such as #N/A. */
int nqi_csv_is_comment(const nqi_csv *in, const nqi_csv_record *record);
nq_status nqi_csv_refuse_quote(const nqi_csv *in, size_t line, size_t column);

#endif
