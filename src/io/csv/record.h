/* record.h - text cut into records (lines, unless a quoted field spans several) and fields. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_CSV_RECORD_H
#define NQI_IO_CSV_RECORD_H

#include "io/file/input.h"

/* What stands between two fields. NQI_CSV_BLANKS: any run of spaces and tabs. */
enum { NQI_CSV_UNKNOWN = 0, NQI_CSV_BLANKS = ' ' };

typedef struct nqi_csv_records {
    nqi_input *input;
    char separator; /* NQI_CSV_UNKNOWN until the first records have shown it */
    char comment;   /* what a line of comment begins with; '\0': there are none */
    char *buffer;   /* one byte more than capacity */
    size_t capacity;
    size_t begin, end; /* unread text: buffer[begin..end-1] */
    int at_end;        /* nothing follows buffer[end-1] */
    size_t line;       /* number, from 1, of the line at `begin` */
} nqi_csv_records;

/* White space around it is cut off. */
typedef struct nqi_csv_record {
    const char *text, *end; /* borrowed until the next call; text NULL: no more records */
    size_t line;            /* where it begins */
    int is_comment;         /* a single line, whatever quotes are in it */
} nqi_csv_record;

typedef struct nqi_csv_field {
    const char *text, *end; /* without surrounding white space and quotes */
    int quoted;             /* quotes inside are doubled */
} nqi_csv_field;

/* input stays the caller's. A byte order mark is skipped; UTF-16 is refused. */
nq_status nqi_csv_records_open(nqi_csv_records *out, nqi_input *input, char separator,
                               char comment);
void nqi_csv_records_close(nqi_csv_records *records); /* copes with a zeroed struct */

/* The next record that is not blank. NQ_ERROR_FORMAT: a quote that is never closed, NUL bytes. */
nq_status nqi_csv_record_next(nqi_csv_records *records, nqi_csv_record *out);
/* A record that lies behind the present one wholly in the buffer, or 0: for a look ahead. `at`
 * starts as records->begin and moves on. */
int nqi_csv_record_peek(const nqi_csv_records *records, size_t *at, nqi_csv_record *out);

/* ';' where the record has one outside quotes, else ',', else a tab, else '|', else blanks; but not
 * the decimal. */
char nqi_csv_separator_detect(const nqi_csv_record *record, char decimal);

/* Cuts the field that begins at `at`. Returns where the next one begins, record->end + 1 after the
 * last, or NULL: text after a closing quote. */
const char *nqi_csv_field_next(nqi_csv_field *out, const nqi_csv_record *record, const char *at,
                               char separator);

/* Whether a cell must stand in quotes to be read back as it is, separators aside: line ends, blanks
 * at an end, a quote where one opens a cell, a comment, or what files of other kinds begin with. */
int nqi_csv_needs_quotes(const char *text, size_t length);

/* Between fields, or around them. */
static inline int nqi_csv_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

#endif
