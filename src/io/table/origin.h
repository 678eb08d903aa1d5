/* origin.h - where the numbers of a table stand in their file: lines, columns, the text itself. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_TABLE_ORIGIN_H
#define NQI_IO_TABLE_ORIGIN_H

#include <stddef.h>

#include <noneq/context.h>

#include "core/text/sentence.h"
#include "io/table/type.h"
#include "io/text/date.h"

typedef enum nqi_column_use {
    NQI_COLUMN_KEPT,     /* a column of the table */
    NQI_COLUMN_INDEX,    /* counts the rows and has no name: in the table, but no model's */
    NQI_COLUMN_BAD,      /* has cells that do not fit the others: not in the table */
    NQI_COLUMN_LEFT_OUT, /* text that hardly repeats, or told so: not in the table */
    NQI_COLUMN_DROPPED   /* not wanted */
} nqi_column_use;

enum { NQI_GAP_SIZE = 16 }; /* bytes of a word for a gap */

/* A column of the file. */
typedef struct nqi_file_column {
    char *name; /* "" where the header has none; NULL without a header */
    nqi_column_use use;
    nqi_type told;   /* by --types */
    size_t at;       /* kept or index: column of the table */
    const char *why; /* static text: why it is left out */
    /* The first cell that is no finite number, as it is shown; NULL: there is none. */
    char *bad_cell;
    size_t bad_line, bad_count;
    int bad_is_infinite, bad_is_dot; /* a lone . or - is missing where others are numbers */
    int bad_is_bytes;                /* it is no UTF-8 */
    /* As those of nqi_column, which takes the levels over. */
    char **levels;
    size_t level_count;
    char gap[NQI_GAP_SIZE];
    int has_precision, precision, precision_least;
    nqi_date_form date;
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

/* Whether a column is in the file and wanted, but not in the table. */
static inline int nqi_column_is_aside(const nqi_file_column *column)
{
    return column->use == NQI_COLUMN_BAD || column->use == NQI_COLUMN_LEFT_OUT;
}
/* How an option may call a column: by name where that needs no care, else by number. */
const char *nqi_origin_word(char out[NQI_SHOWN], const nqi_origin *origin, size_t column);

/* Rows are added in their order: the line where row number `row` begins. 0: no memory. */
int nqi_origin_add_line(nqi_origin *origin, size_t row, size_t line);
size_t nqi_origin_line(const nqi_origin *origin, size_t row);
/* Keeps the text of row `row`. 0: no memory. */
int nqi_origin_add_text(nqi_origin *origin, size_t row, const char *text, size_t length);

/* Refuses a column of which a cell is no number, or which is left out: file, line, column, the
 * cell, and what helps. */
nq_status nqi_origin_refuse(nq_context *context, const nqi_origin *origin, size_t column);
/* The same for all such columns in one sentence; NQ_OK: there is none. */
nq_status nqi_origin_refuse_all(nq_context *context, const nqi_origin *origin);

#endif
