/* npy.h - NumPy's array files, versions 1 to 3. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_ARRAY_NPY_H
#define NQI_IO_ARRAY_NPY_H

#include "io/file/input.h"
#include "io/table/table.h"

int nqi_npy_begins(const nqi_input *input);

/* Reads an array of float16/32/64, integers or bool, of either byte order, with shape (N,) or (N,
 * ...) in C or Fortran order as N rows, pictures when the rank is 3 or 4
 * (io/picture/picture.h). Plain files in C order of this machine's numbers are memory-mapped;
 * others are converted as they are read. Refuses the rest with a sentence that says how to convert
 * it, and a file whose size is not that of its shape. */
nq_status nqi_npy_read(nqi_table *out, nqi_input *input);

/* Writes the header of a [rows, dim] array of NQI_F32 or NQI_F64; then come the rows. */
nq_status nqi_npy_write_header(nqi_writer *writer, size_t rows, size_t dim, nqi_element element);

/* The same for bytes of the shape extents[rank], rank 3 or 4. */
nq_status nqi_npy_write_header_bytes(nqi_writer *writer, const size_t *extents, size_t rank);

enum { NQI_NPY_RANK = 32 }; /* NumPy's largest */

/* What a header says. */
typedef struct nqi_npy_header {
    nqi_element element; /* as it is kept; float16 as float32 */
    int is_half, is_big_endian, is_fortran;
    size_t rows, dim;
    size_t rank, extents[NQI_NPY_RANK];
    char shape[64]; /* as in the file, for messages */
} nqi_npy_header;

/* Bytes of the file's numbers, [rows, dim] of the header's type, into malloc'ed numbers of the
 * header's element in C order. NQ_ERROR_MEMORY. */
nq_status nqi_npy_convert(void **out, nq_context *context, const nqi_npy_header *header,
                          const unsigned char *bytes);

/* Parses the header's dictionary, a terminated string. */
nq_status nqi_npy_header_parse(nqi_npy_header *out, nq_context *context, const char *path,
                               const char *text);

#endif
