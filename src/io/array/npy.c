/* npy.c - the numbers of an npy file: mapped where possible, else read. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/array/npy.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/context.h"
#include "core/monitor.h"
#include "io/file/name.h"
#include "io/format/format.h"
#include "io/picture/picture.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "npy elements are used as they are in the file: little-endian");

enum { MAGIC = 6, LONGEST_HEADER = 1 << 20 };

static const unsigned char magic[MAGIC] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

static int npy_begins(const nqi_input *input)
{
    return input->head_size >= MAGIC && !memcmp(input->head, magic, MAGIC);
}

/* Reads up to the numbers; *offset: where they begin. */
static nq_status header_read(nqi_npy_header *out, nqi_input *input, size_t *offset)
{
    unsigned char prefix[12] = {0};
    size_t got;
    nq_status status = nqi_input_get(input, prefix, 8, &got);
    const size_t width = prefix[MAGIC] == 1 ? 2 : 4; /* of the header's length */
    if (status || (status = nqi_input_get(input, prefix + 8, width, &got)))
        return status;
    size_t length = prefix[8] | (size_t)prefix[9] << 8;
    if (width == 4)
        length |= (size_t)prefix[10] << 16 | (size_t)prefix[11] << 24;
    if (got < width || prefix[MAGIC] < 1 || prefix[MAGIC] > 3 || length > LONGEST_HEADER)
        return nqi_fail(input->context, NQ_ERROR_FORMAT,
                        "%s: expected an npy file of version 1, 2 or 3", input->path);
    char *text = calloc(length + 1, 1);
    if (!text)
        return nqi_fail_memory(input->context, "an npy header", length);
    status = nqi_input_get(input, text, length, &got);
    if (!status && got < length)
        status = nqi_fail(input->context, NQ_ERROR_FORMAT,
                          "%s is truncated: it ends inside its npy header", input->path);
    if (!status)
        status = nqi_npy_header_parse(out, input->context, input->path, text);
    free(text);
    *offset = 8 + width + length;
    return status;
}

/* Maps the file when it is a plain one of the right size with aligned numbers; otherwise leaves
 * table->map NULL, and reading it finds out what is wrong. */
static void table_map(nqi_table *table, const char *path, size_t offset, size_t bytes)
{
    struct stat about;
    unsigned char first[MAGIC];
    if (offset % nqi_element_size(table->element) != 0 || bytes > SIZE_MAX - offset)
        return;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    if (!fstat(file, &about) && S_ISREG(about.st_mode) &&
        (uintmax_t)about.st_size == offset + bytes && pread(file, first, MAGIC, 0) == MAGIC &&
        !memcmp(first, magic, MAGIC)) {
        void *map = mmap(NULL, offset + bytes, PROT_READ, MAP_PRIVATE, file, 0);
        if (map != MAP_FAILED) {
            table->map = map;
            table->map_size = offset + bytes;
            table->values = (const unsigned char *)map + offset;
        }
    }
    close(file);
}

/* Reads the numbers as the file has them and puts them as this machine does. */
static nq_status table_convert(nqi_table *table, nqi_input *input, const nqi_npy_header *header,
                               size_t bytes)
{
    char promise[80];
    void *raw = NULL;
    snprintf(promise, sizeof promise, "shape %s", header->shape);
    const int turns = header->is_half || header->is_big_endian || header->is_fortran;
    nqi_portion portion = nqi_portion_enter(input->context, 0, turns ? 0.5 : 1);
    nq_status status = nqi_input_rest(input, &raw, bytes, promise);
    nqi_portion_leave(input->context, portion);
    portion = nqi_portion_enter(input->context, 0.5, 1);
    if (!status && turns)
        status = nqi_npy_convert(&table->buffer, input->context, header, raw);
    else
        table->buffer = raw;
    nqi_portion_leave(input->context, portion);
    if (table->buffer != raw)
        free(raw);
    table->values = table->buffer;
    return status;
}

/* Reads an array of float16/32/64, integers or bool, of either byte order, with shape (N,) or (N,
 * ...) in C or Fortran order as N rows, pictures when the rank is 3 or 4
 * (io/picture/picture.h). Plain files in C order of this machine's numbers are memory-mapped;
 * others are converted as they are read. Refuses the rest with a sentence that says how to convert
 * it, and a file whose size is not that of its shape. */
static nq_status npy_read(nqi_table *out, nqi_input *input, const nq_read_options *options)
{
    nqi_npy_header header = {0};
    size_t offset = 0;
    (void)options;
    *out = (nqi_table){0};
    nq_status status = header_read(&header, input, &offset);
    if (status)
        return status;
    size_t bytes = nqi_table_bytes(header.rows, header.dim, header.element);
    *out = (nqi_table){.rows = header.rows, .dim = header.dim, .element = header.element};
    if (header.is_half)
        bytes /= 2;
    else if (!header.is_big_endian && !header.is_fortran)
        table_map(out, input->path, offset, bytes);
    if (!out->map)
        status = table_convert(out, input, &header, bytes);
    if (!status)
        status = nqi_table_picture(out, input->context, header.extents, header.rank);
    if (status)
        nqi_table_free(out);
    return status;
}

/* A damaged array is better named so than called bad text. */
static nq_status npy_refuse(const nqi_input *input)
{
    if (!nqi_path_ends(input->path, ".npy"))
        return NQ_OK;
    return nqi_fail(input->context, NQ_ERROR_FORMAT,
                    "%s: expected an npy file, which begins with \\x93NUMPY", input->path);
}

const nqi_format nqi_format_npy = {.extensions = {{.tail = ".npy", .name = "npy"}},
                                   .begins = npy_begins,
                                   .read = npy_read,
                                   .refuse = npy_refuse,
                                   .rows_begin = nqi_npy_rows_begin,
                                   .rows_put = nqi_npy_rows_put};
