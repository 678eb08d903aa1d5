/* npy_convert.c - arrays of the other byte order, of float16, or column by column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "io/array/npy.h"

float nqi_half_value(uint16_t bits)
{
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    float size;
    if (exponent == 31)
        size = fraction ? NAN : INFINITY;
    else if (exponent == 0)
        size = ldexpf((float)fraction, -24);
    else
        size = ldexpf((float)(fraction + 1024), exponent - 25);
    return bits & 0x8000 ? -size : size;
}

static void element_convert(unsigned char *out, const unsigned char *from,
                            const nqi_npy_header *header, size_t size)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < size; i++)
        bytes[i] = from[header->is_big_endian ? size - 1 - i : i];
    if (header->is_half) {
        const float value = nqi_half_value((uint16_t)(bytes[0] | bytes[1] << 8));
        memcpy(out, &value, sizeof value);
    } else {
        memcpy(out, bytes, size);
    }
}

/* Where column c (in C order) of a row begins in Fortran order, in units of `rows` numbers: i_1 +
 * n_1 (i_2 + n_2 (...)) of c's indices, the last of which counts fastest in C order. */
static size_t column_place(const nqi_npy_header *header, size_t c)
{
    size_t place = 0, stride = header->dim;
    for (size_t i = header->rank; i-- > 1;) {
        stride /= header->extents[i];
        place += c % header->extents[i] * stride;
        c /= header->extents[i];
    }
    return place;
}

nq_status nqi_npy_convert(void **out, nq_context *context, const nqi_npy_header *header,
                          const unsigned char *bytes)
{
    enum { ROWS = 64 }; /* taken together: their lines of the other order stay in the cache */
    const size_t rows = header->rows, dim = header->dim;
    const size_t wide = nqi_element_size(header->element), size = header->is_half ? 2 : wide;
    unsigned char *to = malloc(rows * dim * wide);
    *out = to;
    if (!to)
        return nqi_fail_memory(context, "an array", rows * dim * wide);
    for (size_t first = 0; first < rows; first += ROWS) {
        const nq_status status = nqi_tell(context, "reading rows", (double)first, (double)rows);
        if (status) {
            free(to);
            *out = NULL;
            return status;
        }
        const size_t end = rows - first < ROWS ? rows : first + ROWS;
        for (size_t c = 0; c < dim; c++) {
            const size_t begin = header->is_fortran ? column_place(header, c) * rows : c;
            const size_t step = header->is_fortran ? 1 : dim;
            for (size_t r = first; r < end; r++)
                element_convert(to + (r * dim + c) * wide, bytes + (begin + r * step) * size,
                                header, size);
        }
    }
    return NQ_OK;
}
