/* values.c - rows of numbers written in the format that the name of the file asks for. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/write/values.h"

#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/text/sentence.h"
#include "io/file/target.h"
#include "io/format/format.h"
#include "table/write/cell.h"

enum { PART = 1 << 13 }; /* numbers that are written between two questions, about */

struct nqi_values_writer {
    const nqi_format *format;
    nqi_row_file rows;
    const nqi_column *columns; /* or NULL */
    char cell[NQI_CELL_SIZE];
    char buffer[NQI_ROW_FILE_BUFFER];
};

static nq_status format_find(const nqi_format **out, nq_context *context, const char *path)
{
    char known[NQI_FORMAT_LIST];
    *out = nqi_format_of_name(path, NQI_FORMAT_ROWS, NULL);
    if (*out)
        return NQ_OK;
    *out = &nqi_format_csv; /* for a reader that is waiting */
    if (nqi_path_is_stream(path))
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    "cannot tell the format of %s: expected a name that ends in %s, perhaps "
                    "with .gz",
                    path, nqi_format_list(known, NQI_FORMAT_ROWS, 0));
}

static nq_status writer_open(nqi_values_writer **out, nq_context *context, const char *path,
                             const nqi_row_file *rows)
{
    const nqi_format *format;
    *out = NULL;
    nq_status status = format_find(&format, context, path);
    if (status)
        return status;
    if (!nqi_table_bytes(rows->rows, rows->dim, NQI_F64))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "cannot write %zu rows of %zu numbers to %s: expected at least one",
                        rows->rows, rows->dim, path);
    nqi_values_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return nqi_fail_memory(context, "a file buffer", sizeof *writer);
    writer->format = format;
    writer->rows = *rows;
    writer->rows.separator = format->separator;
    writer->rows.buffer = writer->buffer;
    status = nqi_writer_open(&writer->rows.file, context, path);
    if (!status)
        status = format->rows_begin(&writer->rows);
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
    return writer_open(
        out, context, path,
        &(nqi_row_file){.rows = rows, .dim = dim, .names = names, .element = element});
}

nq_status nqi_values_open_pictures(nqi_values_writer **out, nq_context *context, const char *path,
                                   size_t rows, const nq_picture *picture)
{
    const size_t dim = picture->channels * picture->height * picture->width;
    return writer_open(
        out, context, path,
        &(nqi_row_file){.rows = rows, .dim = dim, .picture = picture, .element = NQI_U8});
}

static const char *cell_of(void *cells, size_t c, double value, size_t *length)
{
    nqi_values_writer *writer = cells;
    const char *text;
    if ((text = nqi_cell_level(&writer->columns[c], value))) {
        *length = strlen(text);
        return text;
    }
    *length = nqi_cell_text(writer->cell, sizeof writer->cell, &writer->columns[c], value);
    return writer->cell;
}

/* Arrays hold no texts. */
static nq_status array_refuse(nq_context *context, const char *path, const nqi_column *columns,
                              size_t count)
{
    const nqi_format *format;
    const nq_status status = format_find(&format, context, path);
    for (size_t c = 0; c < count && !status && !format->separator; c++) {
        char label[NQI_LABEL];
        if (columns[c].levels)
            return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                            "%s cannot hold the text of %s; expected a name that ends in .csv or "
                            ".tsv",
                            path, nqi_column_label(label, c, columns[c].name));
    }
    return status;
}

/* For a table of these columns, borrowed until the end. */
static nq_status columns_open(nqi_values_writer **out, nq_context *context, const char *path,
                              size_t rows, const nqi_column *columns, size_t count)
{
    const char **names = NULL;
    nq_status status = array_refuse(context, path, columns, count);
    *out = NULL;
    if (status)
        return status;
    if (nqi_columns_named(columns) && !(names = malloc(count * sizeof *names)))
        return nqi_fail_memory(context, "column names", count * sizeof *names);
    for (size_t c = 0; names && c < count; c++)
        names[c] = columns[c].name;
    status = nqi_values_open(out, context, path, rows, count, names, NQI_F64);
    free(names);
    if (status)
        return status;
    (*out)->columns = columns;
    (*out)->rows.names = NULL; /* they are written */
    (*out)->rows.cell = cell_of;
    (*out)->rows.cells = *out;
    return NQ_OK;
}

nq_status nqi_values_put(nqi_values_writer *writer, const double *values, size_t rows)
{
    return writer->format->rows_put(&writer->rows, values, rows);
}

/* All of them, part by part. */
static nq_status values_put(nqi_values_writer *writer, nq_context *context, const double *values,
                            size_t rows)
{
    const size_t dim = writer->rows.dim, part = 1 + PART / dim;
    nq_status status = NQ_OK;
    for (size_t first = 0; first < rows && !status; first += part) {
        const size_t left = rows - first;
        status = nqi_tell(context, "writing rows", (double)first, (double)rows);
        if (!status)
            status = nqi_values_put(writer, values + first * dim, left < part ? left : part);
    }
    return status;
}

nq_status nqi_values_write_columns(nq_context *context, const char *path, const double *values,
                                   size_t rows, const nqi_column *columns, size_t count)
{
    nqi_values_writer *writer;
    nq_status status = columns_open(&writer, context, path, rows, columns, count);
    if (status)
        return status;
    status = values_put(writer, context, values, rows);
    if (!status)
        return nqi_values_commit(writer);
    nqi_values_abandon(writer);
    return status;
}

nq_status nqi_values_commit(nqi_values_writer *writer)
{
    nq_status status = nqi_row_file_flush(&writer->rows);
    if (!status) {
        status = nqi_writer_commit(writer->rows.file);
        writer->rows.file = NULL;
    }
    nqi_values_abandon(writer);
    return status;
}

void nqi_values_abandon(nqi_values_writer *writer)
{
    if (!writer)
        return;
    nqi_writer_abandon(writer->rows.file);
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
    status = values_put(writer, context, values, rows);
    if (status) {
        nqi_values_abandon(writer);
        return status;
    }
    return nqi_values_commit(writer);
}

const char *nq_values_ending(int *holds_text, size_t i)
{
    const nqi_format *format;
    const nqi_extension *extension = nqi_format_extension(&format, NQI_FORMAT_ROWS, i);
    if (extension && holds_text)
        *holds_text = format->separator != 0;
    return extension ? extension->tail : NULL;
}

nq_status nq_values_write(const char *path, nq_context *context, const double *values,
                          size_t rows, size_t dim, const char *const *names)
{
    return values_write(context, path, values, rows, dim, names, NQI_F64);
}

nq_status nq_values_write_float(const char *path, nq_context *context, const double *values,
                                size_t rows, size_t dim, const char *const *names)
{
    return values_write(context, path, values, rows, dim, names, NQI_F32);
}
