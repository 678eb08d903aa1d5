/* rows.h - rows of numbers on their way into a file of some format. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_FORMAT_ROWS_H
#define NQI_IO_FORMAT_ROWS_H

#include <noneq/data.h>

#include "io/file/file.h"
#include "io/table/table.h" /* nqi_element */

enum { NQI_ROW_FILE_BUFFER = 1 << 15 };

typedef struct nqi_row_file {
    nqi_writer *file;
    size_t rows, dim;
    nqi_element element; /* of arrays (NQI_U8: grey levels), and what text has digits for */
    char separator;      /* the format's */
    /* For what stands before the rows; borrowed. */
    const char *const *names;  /* [dim], or NULL */
    const nq_picture *picture; /* the shape of a row, or NULL */
    /* How text writes a cell of a column; NULL: as a number. The text stays until the next call. */
    const char *(*cell)(void *cells, size_t column, double value, size_t *length);
    void *cells;
    char *buffer; /* [NQI_ROW_FILE_BUFFER], of which `used` wait */
    size_t used;
} nqi_row_file;

/* Bytes behind those that are there. */
nq_status nqi_row_file_add(nqi_row_file *rows, const void *bytes, size_t count);
/* All of them into the file. */
nq_status nqi_row_file_flush(nqi_row_file *rows);

#endif
