/* npy_write.c - rows of numbers, or of pictures, as an npy file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <string.h>

#include "io/array/npy.h"

/* shape: as Python writes a tuple. */
static nq_status header_put(nqi_writer *writer, const char *type, const char *shape)
{
    enum { SIZE = 192, PREFIX = 10 }; /* the numbers begin at a multiple of 64 bytes */
    char header[SIZE + 1];
    memset(header, ' ', SIZE);
    memcpy(header, "\x93NUMPY\x01\x00", 8);
    const int length =
        snprintf(header + PREFIX, SIZE - PREFIX,
                 "{'descr': '%s', 'fortran_order': False, 'shape': %s, }", type, shape);
    const size_t size = (PREFIX + (size_t)length) / 64 * 64 + 64;
    header[PREFIX + length] = ' ';
    header[size - 1] = '\n';
    header[8] = (char)(unsigned char)(size - PREFIX);
    header[9] = 0;
    return nqi_writer_put(writer, header, size);
}

/* Pictures are bytes of shape (rows, height, width), or (rows, channels, height, width). */
static nq_status pictures_begin(nqi_row_file *rows)
{
    const nq_picture *p = rows->picture;
    char shape[100];
    if (p->channels == 1)
        snprintf(shape, sizeof shape, "(%zu, %zu, %zu)", rows->rows, p->height, p->width);
    else
        snprintf(shape, sizeof shape, "(%zu, %zu, %zu, %zu)", rows->rows, p->channels, p->height,
                 p->width);
    return header_put(rows->file, "|u1", shape);
}

nq_status nqi_npy_rows_begin(nqi_row_file *rows)
{
    char shape[64];
    if (rows->picture)
        return pictures_begin(rows);
    snprintf(shape, sizeof shape, "(%zu, %zu)", rows->rows, rows->dim);
    return header_put(rows->file, rows->element == NQI_F64 ? "<f8" : "<f4", shape);
}

nq_status nqi_npy_rows_put(nqi_row_file *rows, const double *values, size_t count)
{
    const size_t numbers = count * rows->dim;
    nq_status status = NQ_OK;
    if (rows->element == NQI_F64)
        return nqi_writer_put(rows->file, values, numbers * sizeof *values);
    for (size_t i = 0; i < numbers && !status; i++) {
        const float number = (float)values[i];
        const unsigned char level = rows->element == NQI_U8 ? (unsigned char)values[i] : 0;
        status = rows->element == NQI_U8 ? nqi_row_file_add(rows, &level, sizeof level)
                                         : nqi_row_file_add(rows, &number, sizeof number);
    }
    return status;
}
