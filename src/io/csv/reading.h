/* reading.h - a text table while it is read: what csv.c, header.c and columns.c share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_CSV_READING_H
#define NQI_IO_CSV_READING_H

#include "io/csv/dialect.h"
#include "io/csv/words.h"
#include "io/table/table.h"

/* What the cells of a column are while rows are read. */
typedef enum nqi_csv_mode {
    NQI_CSV_WORDS,   /* numbers of its words */
    NQI_CSV_NUMBERS, /* values: so many different numbers that no words are kept */
    NQI_CSV_DATES,   /* values: so many different dates */
    NQI_CSV_LOST,    /* NaN: so many different texts that the column is left out */
    NQI_CSV_UNREAD   /* NaN: dropped */
} nqi_csv_mode;

typedef struct nqi_csv_column {
    nqi_csv_mode mode;
    /* Once words are no longer kept: decimals of its numbers (most -1: too many; least INT_MAX: no
     * numbers yet), and rows with text. Beside the mode: every number asks for them. */
    int most, least;
    size_t text_rows;
    uint32_t numbers, texts; /* different ones, texts with infinite numbers */
    int is_other;            /* a text is no date, or not like the first one */
    nqi_date_form date;      /* of its dates */
    nqi_words words;
} nqi_csv_column;

typedef struct nqi_csv {
    nqi_input *input;
    nqi_csv_dialect dialect;
    nqi_csv_records records;
    struct {
        const char *columns, *drop, *types; /* the options, or NULL */
    } choice;
    int for_model, keep_text;
    nqi_origin *origin; /* becomes the table's */
    nqi_notes notes;
    size_t first_line; /* the line that says how many fields a row has */
    size_t width;      /* fields of a row; in the end, columns of the table */
    double *cells;     /* [capacity], of which rows * width are filled */
    size_t capacity, rows;
    nqi_csv_column *column; /* [fields of a row] */
    nqi_bytes scratch;      /* a cell without its doubled quotes */
    /* The last line of comment before the table, and how many stood inside it. */
    char *comment;
    size_t comment_line, comments_inside;
} nqi_csv;

/* header.c: from the first record that is no comment finds the separator, the number of fields
 * and whether it holds names; makes the columns. *is_row: it is a row, which the caller reads. */
nq_status nqi_csv_header_read(nqi_csv *in, const nqi_csv_record *record, int *is_row);

/* columns.c: of a column of the index, as pandas writes it. */
int nqi_csv_has_no_name(const nqi_file_column *column);
/* Marks what the options columns and drop leave out. NQ_ERROR_ARGUMENT names the
 * columns that the file does not have. */
nq_status nqi_csv_columns_choose(nqi_csv *in);
/* When all rows are read: which columns are numbers, text or an index; refuses or leaves out what
 * is no column of the table, and names that stand twice. */
nq_status nqi_csv_columns_finish(nqi_csv *in);

/* row.c: the next row, from its record. */
nq_status nqi_csv_row_read(nqi_csv *in, const nqi_csv_record *record);
/* A cell that does not fit its column any more, of which words are no longer kept. */
nq_status nqi_csv_cell_note(nqi_csv *in, size_t line, size_t column, nqi_cell kind,
                            const char *text, size_t length);
/* settle.c: numbers of words become values from the first row on, the words are let go, and from
 * now on cells are read as `mode` says. */
nq_status nqi_csv_words_end(nqi_csv *in, size_t column, nqi_csv_mode mode);
/* when all rows are read, which columns are numbers, dates or text; cells become values,
 * or the numbers of texts. */
nq_status nqi_csv_settle(nqi_csv *in);

/* csv.c: a comment, and not a row whose first cell is a word for missing such as #N/A. */
int nqi_csv_is_comment(const nqi_csv *in, const nqi_csv_record *record);
nq_status nqi_csv_refuse_quote(const nqi_csv *in, size_t line, size_t column);

#endif
