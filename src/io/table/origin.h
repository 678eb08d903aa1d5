/* origin.h - where the numbers of a table stand in their file: lines, columns, the text itself. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_TABLE_ORIGIN_H
#define NQI_IO_TABLE_ORIGIN_H

#include <stddef.h>

#include <noneq/context.h>

#include "io/table/type.h"
#include "io/text/sentence.h"

typedef enum nqi_column_use {
    NQI_COLUMN_KEPT,   /* a column of the table */
    NQI_COLUMN_INDEX,  /* counts the rows and has no name: in the table, but no model's */
    NQI_COLUMN_TEXT,   /* has cells that are no numbers: not in the table */
    NQI_COLUMN_DROPPED /* not wanted */
} nqi_column_use;

/* A column of the file. */
typedef struct nqi_file_column {
    char *name; /* "" where the header has none; NULL without a header */
    nqi_column_use use;
    nqi_type told; /* by --types */
    size_t at;     /* kept or index: column of the table */
    /* The first cell that is no finite number, as it is shown; NULL: there is none. */
    char *bad_cell;
    size_t bad_line, bad_count;
    int bad_is_infinite, bad_is_dot; /* a lone . or - is missing where others are numbers */
} nqi_file_column;

/* Row `row` begins at line `line`, and from there rows follow line by line. */
typedef struct nqi_line_jump {
    size_t row, line;
} nqi_line_jump;

/* Of a text file. */
typedef struct nqi_origin {
    char *path;
    size_t columns, rows;
    nqi_file_column *column; /* [columns] */
    size_t *file_column;     /* [dim of the table] its column in the file */
    int has_names;
    char separator, decimal;
    int has_crlf; /* lines end in CR LF */
    char *header; /* the line of names as it stands, or NULL */
    nqi_line_jump *jumps;
    size_t jump_count, jump_room;
    /* The rows as they stand, each with a line end of its own, where they are kept: row r is
     * text[row_at[r]..row_at[r + 1] - 1]. */
    char *text;
    size_t text_size, text_room;
    size_t *row_at;
    size_t row_room;
} nqi_origin;

void nqi_origin_free(nqi_origin *origin); /* NULL is fine */

/* Rows are added in their order: the line where row number `row` begins. 0: no memory. */
int nqi_origin_add_line(nqi_origin *origin, size_t row, size_t line);
size_t nqi_origin_line(const nqi_origin *origin, size_t row);
/* Keeps the text of row `row`. 0: no memory. */
int nqi_origin_add_text(nqi_origin *origin, size_t row, const char *text, size_t length);

/* Refuses a column of which a cell is no number: file, line, column, the cell, and what helps. */
nq_status nqi_origin_refuse(nq_context *context, const nqi_origin *origin, size_t column);
/* The same for all such columns in one sentence; NQ_OK: there is none. */
nq_status nqi_origin_refuse_all(nq_context *context, const nqi_origin *origin);

#endif
