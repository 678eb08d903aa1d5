/* npy.h - NumPy's array files, versions 1 to 3. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_ARRAY_NPY_H
#define NQI_IO_ARRAY_NPY_H

#include <stdint.h>

#include "io/format/rows.h"

/* Rows as an array of their element type, or of bytes where they are pictures. */
nq_status nqi_npy_rows_begin(nqi_row_file *rows);
nq_status nqi_npy_rows_put(nqi_row_file *rows, const double *values, size_t count);

enum { NQI_NPY_RANK = 32 }; /* NumPy's largest */

/* What a header says. */
typedef struct nqi_npy_header {
    nqi_element element; /* as it is kept; float16 as float32 */
    int is_half, is_big_endian, is_fortran;
    size_t rows, dim;
    size_t rank, extents[NQI_NPY_RANK];
    char shape[64]; /* as in the file, for messages */
} nqi_npy_header;

/* IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. Every one is a float32. */
float nqi_half_value(uint16_t bits);

/* Bytes of the file's numbers, [rows, dim] of the header's type, into malloc'ed numbers of the
 * header's element in C order. NQ_ERROR_MEMORY. */
nq_status nqi_npy_convert(void **out, nq_context *context, const nqi_npy_header *header,
                          const unsigned char *bytes);

/* Parses the header's dictionary, a terminated string. */
nq_status nqi_npy_header_parse(nqi_npy_header *out, nq_context *context, const char *path,
                               const char *text);

#endif
