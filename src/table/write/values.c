/* values.c - rows of numbers written as npy, CSV or TSV, perhaps compressed. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/write/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/context.h"
#include "io/array/npy.h"
#include "io/csv/record.h"
#include "io/file/target.h"
#include "io/text/text.h"

enum { BUFFER = 1 << 15 };

struct nqi_values_writer {
    nqi_writer *file;
    size_t dim;
    char separator;      /* 0: npy */
    nqi_element element; /* of the npy file (bytes: grey levels), and what text has digits for */
    size_t used;
    char buffer[BUFFER];
};

static const struct {
    const char *extension;
    char separator;
} formats[] = {{".npy", 0}, {".csv", ','}, {".tsv", '\t'}};

enum { FORMATS = sizeof formats / sizeof formats[0] };

static nq_status format_find(char *separator, nq_context *context, const char *path)
{
    size_t length = strlen(path);
    *separator = ',';
    if (length >= 3 && !strcasecmp(path + length - 3, ".gz"))
        length -= 3;
    for (int i = 0; i < FORMATS; i++) {
        const size_t tail = strlen(formats[i].extension);
        if (length > tail && !strncasecmp(path + length - tail, formats[i].extension, tail)) {
            *separator = formats[i].separator;
            return NQ_OK;
        }
    }
    if (nqi_path_is_stream(path))
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    "cannot tell the format of %s: expected a name that ends in .npy, .csv or "
                    ".tsv, perhaps with .gz",
                    path);
}

static nq_status buffer_flush(nqi_values_writer *writer)
{
    const size_t used = writer->used;
    writer->used = 0;
    return used ? nqi_writer_put(writer->file, writer->buffer, used) : NQ_OK;
}

static nq_status text_put(nqi_values_writer *writer, const char *text, size_t length)
{
    if (length > BUFFER - writer->used) {
        const nq_status status = buffer_flush(writer);
        if (status)
            return status;
    }
    if (length > BUFFER)
        return nqi_writer_put(writer->file, text, length);
    memcpy(writer->buffer + writer->used, text, length);
    writer->used += length;
    return NQ_OK;
}

/* Quotes a name where reading it back needs them, and doubles those inside. */
static nq_status name_put(nqi_values_writer *writer, const char *name)
{
    const size_t length = strlen(name);
    const int is_line = writer->dim == 1 && length == 0; /* which would be a blank one */
    if (!is_line && !strpbrk(name, " \",;|\t\v\f") && !nqi_csv_needs_quotes(name, length))
        return text_put(writer, name, length);
    nq_status status = text_put(writer, "\"", 1);
    for (const char *at = name; *at && !status; at++)
        status = *at == '"' ? text_put(writer, "\"\"", 2) : text_put(writer, at, 1);
    return status ? status : text_put(writer, "\"", 1);
}

static nq_status names_put(nqi_values_writer *writer, const char *const *names)
{
    nq_status status = NQ_OK;
    for (size_t c = 0; c < writer->dim && !status; c++) {
        status = name_put(writer, names[c] ? names[c] : "");
        if (!status)
            status = text_put(writer, c + 1 < writer->dim ? &writer->separator : "\n", 1);
    }
    return status;
}

static nq_status bytes_header_put(nqi_writer *file, size_t rows, const nq_picture *picture)
{
    const size_t extents[] = {rows, picture->channels, picture->height, picture->width};
    const size_t grey[] = {rows, picture->height, picture->width};
    return picture->channels == 1 ? nqi_npy_write_header_bytes(file, grey, 3)
                                  : nqi_npy_write_header_bytes(file, extents, 4);
}

/* picture: NULL where the rows are numbers of any size. */
static nq_status writer_open(nqi_values_writer **out, nq_context *context, const char *path,
                             size_t rows, size_t dim, const char *const *names,
                             nqi_element element, const nq_picture *picture)
{
    char separator;
    *out = NULL;
    nq_status status = format_find(&separator, context, path);
    if (status)
        return status;
    if (!nqi_table_bytes(rows, dim, NQI_F64))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "cannot write %zu rows of %zu numbers to %s: expected at least one", rows,
                        dim, path);
    nqi_values_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return nqi_fail_memory(context, "a file buffer", sizeof *writer);
    writer->dim = dim;
    writer->separator = separator;
    writer->element = element;
    status = nqi_writer_open(&writer->file, context, path);
    if (!status && !separator && picture)
        status = bytes_header_put(writer->file, rows, picture);
    else if (!status && !separator)
        status = nqi_npy_write_header(writer->file, rows, dim, element);
    else if (!status && names)
        status = names_put(writer, names);
    if (status) {
        nqi_values_abandon(writer);
        return status;
    }
    *out = writer;
    return NQ_OK;
}

nq_status nqi_values_open(nqi_values_writer **out, nq_context *context, const char *path,
                          size_t rows, size_t dim, const char *const *names, nqi_element element)
{
    return writer_open(out, context, path, rows, dim, names, element, NULL);
}

nq_status nqi_values_open_pictures(nqi_values_writer **out, nq_context *context, const char *path,
                                   size_t rows, const nq_picture *picture)
{
    const size_t dim = picture->channels * picture->height * picture->width;
    return writer_open(out, context, path, rows, dim, NULL, NQI_U8, picture);
}

/* Small whole numbers, such as bits and grey levels, without the search for the fewest digits. */
static int number_format(char *out, double value, nqi_element element)
{
    const int whole = fabs(value) < 1000 ? (int)value : 0;
    if (value != (double)whole || (whole == 0 && signbit(value)))
        return element == NQI_F32 ? nqi_text_float(out, NQI_TEXT_SIZE, (float)value)
                                  : nqi_text_double(out, NQI_TEXT_SIZE, value);
    int length = 0;
    unsigned rest = whole < 0 ? (unsigned)-whole : (unsigned)whole;
    if (whole < 0)
        out[length++] = '-';
    if (rest >= 100)
        out[length++] = (char)('0' + rest / 100);
    if (rest >= 10)
        out[length++] = (char)('0' + rest / 10 % 10);
    out[length++] = (char)('0' + rest % 10);
    return length;
}

static nq_status row_put(nqi_values_writer *writer, const double *values)
{
    nq_status status = NQ_OK;
    for (size_t c = 0; c < writer->dim && !status; c++) {
        char text[NQI_TEXT_SIZE + 2];
        int length = number_format(text, values[c], writer->element);
        /* A row must not look like a blank line. */
        if (length == 0 && (writer->dim == 1 || writer->separator == '\t')) {
            memcpy(text, "NA", 2);
            length = 2;
        }
        text[length++] = c + 1 < writer->dim ? writer->separator : '\n';
        status = text_put(writer, text, (size_t)length);
    }
    return status;
}

/* Numbers of the file's own type. */
static nq_status elements_put(nqi_values_writer *writer, const double *values, size_t count)
{
    const size_t size = nqi_element_size(writer->element);
    nq_status status = NQ_OK;
    if (writer->element == NQI_F64)
        return nqi_writer_put(writer->file, values, count * size);
    for (size_t i = 0; i < count && !status; i++, writer->used += size) {
        if (writer->used + size > BUFFER)
            status = buffer_flush(writer);
        const float number = (float)values[i];
        if (writer->element == NQI_F32)
            memcpy(writer->buffer + writer->used, &number, size);
        else
            writer->buffer[writer->used] = (char)(unsigned char)values[i];
    }
    return status;
}

nq_status nqi_values_put(nqi_values_writer *writer, const double *values, size_t rows)
{
    nq_status status = NQ_OK;
    if (!writer->separator)
        return elements_put(writer, values, rows * writer->dim);
    for (size_t r = 0; r < rows && !status; r++)
        status = row_put(writer, values + r * writer->dim);
    return status;
}

nq_status nqi_values_commit(nqi_values_writer *writer)
{
    nq_status status = buffer_flush(writer);
    if (!status) {
        status = nqi_writer_commit(writer->file);
        writer->file = NULL;
    }
    nqi_values_abandon(writer);
    return status;
}

void nqi_values_abandon(nqi_values_writer *writer)
{
    if (!writer)
        return;
    nqi_writer_abandon(writer->file);
    free(writer);
}

static nq_status values_write(nq_context *context, const char *path, const double *values,
                              size_t rows, size_t dim, const char *const *names,
                              nqi_element element)
{
    nqi_values_writer *writer;
    nq_status status = nqi_values_open(&writer, context, path, rows, dim, names, element);
    if (status)
        return status;
    status = nqi_values_put(writer, values, rows);
    if (status) {
        nqi_values_abandon(writer);
        return status;
    }
    return nqi_values_commit(writer);
}

nq_status nq_values_write(nq_context *context, const char *path, const double *values,
                          size_t rows, size_t dim, const char *const *names)
{
    return values_write(context, path, values, rows, dim, names, NQI_F64);
}

nq_status nq_values_write_float(nq_context *context, const char *path, const double *values,
                                size_t rows, size_t dim, const char *const *names)
{
    return values_write(context, path, values, rows, dim, names, NQI_F32);
}
