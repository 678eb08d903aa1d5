/* dialect.h - how a text table writes its cells: separator, decimal, comments, missing. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_CSV_DIALECT_H
#define NQI_IO_CSV_DIALECT_H

#include <noneq/data.h>

#include "io/csv/record.h"

typedef enum nqi_header { NQI_HEADER_FIND, NQI_HEADER_YES, NQI_HEADER_NO } nqi_header;

typedef struct nqi_csv_dialect {
    char separator; /* NQI_CSV_UNKNOWN: to be found out */
    char decimal;   /* '.' or ',' */
    char comment;   /* begins a line that is none of the table's; '\0': no such lines */
    nqi_header header;
    /* Further words for a missing cell: text, and those that are numbers by value. */
    char words[NQ_TEXT_SIZE]; /* one after the other, each with its zero, then an empty one */
    double numbers[NQ_TEXT_SIZE / 2];
    size_t number_count;
} nqi_csv_dialect;

typedef enum nqi_cell {
    NQI_CELL_NUMBER,
    NQI_CELL_MISSING,
    NQI_CELL_DOT, /* a lone . or -: missing in a column of numbers, else text */
    NQI_CELL_INFINITE,
    NQI_CELL_TEXT
} nqi_cell;

/* options NULL: all defaults. NQ_ERROR_ARGUMENT names the option and what it takes. */
nq_status nqi_csv_dialect_make(nqi_csv_dialect *out, nq_context *context,
                               const nq_read_options *options);

/* A field's kind; *value is NaN where it is no number. */
nqi_cell nqi_csv_cell_read(double *value, const nqi_csv_dialect *dialect,
                           const nqi_csv_field *field);
/* The same; *decimals: of a number, as nqi_number_read_decimals has them. */
nqi_cell nqi_csv_cell_read_decimals(double *value, int *decimals, const nqi_csv_dialect *dialect,
                                    const nqi_csv_field *field);
/* Without the white space that quotes keep, line ends too. */
nqi_csv_field nqi_csv_field_trim(nqi_csv_field field);

/* What separates the fields of these first records of a table. */
char nqi_csv_separator_find(const nqi_csv_dialect *dialect, const nqi_csv_record *records,
                            size_t count);

#endif
