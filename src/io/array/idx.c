/* idx.c - the IDX format of the MNIST files: 0, 0, type, rank, extents as 32 bits, numbers. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "io/format/format.h"
#include "io/picture/picture.h"

static const struct {
    unsigned char code;
    nqi_element element;
} types[] = {
    {0x08, NQI_U8},  {0x09, NQI_I8},  {0x0b, NQI_I16},
    {0x0c, NQI_I32}, {0x0d, NQI_F32}, {0x0e, NQI_F64},
};

enum { TYPES = sizeof types / sizeof types[0], LARGEST_RANK = 8 };

/* The index of a type code in `types`, or -1. */
static int type_find(unsigned char code)
{
    for (int i = 0; i < TYPES; i++)
        if (types[i].code == code)
            return i;
    return -1;
}

/* Two zero bytes, a type code, and a rank. */
static int idx_begins(const nqi_input *input)
{
    const unsigned char *head = input->head;
    return input->head_size >= 4 && head[0] == 0 && head[1] == 0 && type_find(head[2]) >= 0;
}

/* What the header says beside a table's rows and columns. */
typedef struct extents {
    size_t rank, of[LARGEST_RANK];
    char text[16 * LARGEST_RANK]; /* such as "2 x 3" */
} extents;

static nq_status header_read(nqi_table *out, nqi_input *input, extents *shape)
{
    unsigned char prefix[4] = {0}, bytes[4 * LARGEST_RANK];
    size_t got;
    nq_status status = nqi_input_get(input, prefix, sizeof prefix, &got);
    if (status)
        return status;
    const size_t rank = shape->rank = prefix[3];
    if (rank < 1 || rank > LARGEST_RANK)
        return nqi_fail(input->context, NQ_ERROR_FORMAT,
                        "%s: expected an IDX array of 1 to %d dimensions, found %zu", input->path,
                        LARGEST_RANK, rank);
    if ((status = nqi_input_get(input, bytes, 4 * rank, &got)))
        return status;
    if (got < 4 * rank)
        return nqi_fail(input->context, NQ_ERROR_FORMAT,
                        "%s is truncated: it ends inside its IDX header", input->path);
    *out = (nqi_table){.rows = 1, .dim = 1, .element = types[type_find(prefix[2])].element};
    size_t length = 0;
    for (size_t i = 0; i < rank; i++) {
        const unsigned char *at = bytes + 4 * i;
        const size_t extent =
            (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
        shape->of[i] = extent;
        size_t *factor = i == 0 ? &out->rows : &out->dim;
        *factor = extent > 0 && *factor > PTRDIFF_MAX / extent ? 0 : *factor * extent;
        length += (size_t)snprintf(shape->text + length, sizeof shape->text - length, "%s%zu",
                                   i ? " x " : "", extent);
    }
    if (nqi_table_bytes(out->rows, out->dim, out->element) == 0)
        return nqi_fail(input->context, NQ_ERROR_FORMAT,
                        "%s has shape %s; expected at least one row and one column, and what "
                        "fits into memory",
                        input->path, shape->text);
    return NQ_OK;
}

static void bytes_reverse(unsigned char *bytes, size_t count, size_t size)
{
    for (unsigned char *at = bytes; at < bytes + count; at += size) {
        for (size_t i = 0; i < size / 2; i++) {
            const unsigned char byte = at[i];
            at[i] = at[size - 1 - i];
            at[size - 1 - i] = byte;
        }
    }
}

/* Reads an array of shape (N, ...) as N rows in native byte order, which are pictures when the rank
 * is 3 or 4 (io/picture/picture.h). Refuses a file whose size is not that of its shape. */
static nq_status idx_read(nqi_table *out, nqi_input *input, const nq_read_options *options)
{
    extents shape = {0};
    char promise[sizeof shape.text + 16];
    (void)options;
    *out = (nqi_table){0};
    nq_status status = header_read(out, input, &shape);
    if (!status) {
        const size_t bytes = nqi_table_bytes(out->rows, out->dim, out->element);
        snprintf(promise, sizeof promise, "shape %s", shape.text);
        status = nqi_input_rest(input, &out->buffer, bytes, promise);
        if (!status)
            bytes_reverse(out->buffer, bytes, nqi_element_size(out->element));
        out->values = out->buffer;
    }
    if (!status)
        status = nqi_table_picture(out, input->context, shape.of, shape.rank);
    if (status)
        nqi_table_free(out);
    return status;
}

const nqi_format nqi_format_idx = {.begins = idx_begins, .read = idx_read};
