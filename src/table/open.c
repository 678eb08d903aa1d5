/* open.c - a data file read by the format that its first bytes tell. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "core/context.h"
#include "io/csv/dialect.h"
#include "io/file/foreign.h"
#include "io/format/format.h"
#include "table/dataset.h"

/* "PAR1,PAR2" is a header, not a Parquet file. */
static int is_first_line_of_cells(const nqi_input *input)
{
    const char *head = (const char *)input->head;
    const char *end = memchr(head, '\n', input->head_size);
    const size_t length = end ? (size_t)(end - head) : input->head_size;
    for (const char *separator = ",;\t|"; *separator; separator++)
        if (memchr(head, *separator, length))
            return nqi_input_is_text(input);
    return 0;
}

static nq_status foreign_refuse(const nqi_input *input)
{
    const char *advice = nqi_foreign_advice(input->head, input->head_size);
    if (!advice || is_first_line_of_cells(input))
        return NQ_OK;
    return nqi_fail(input->context, NQ_ERROR_UNSUPPORTED, "%s %s", input->path, advice);
}

/* Other files have no columns to choose from by name, and pictures none at all. */
static nq_status choice_refuse(nq_context *context, const char *path,
                               const nq_read_options *options)
{
    const char *field = !options                                ? NULL
                        : options->columns && *options->columns ? "columns"
                        : options->drop && *options->drop       ? "drop"
                        : options->types && *options->types     ? "types"
                                                                : NULL;
    return field ? nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "\036%s is about columns of text tables; %s is none", field, path)
                 : NQ_OK;
}

/* What no format begins is text, unless something speaks against it. */
static nq_status text_choose(const nqi_format **out, const nqi_input *input)
{
    nq_status status = foreign_refuse(input);
    const nqi_format *format;
    for (size_t i = 0; !status && (format = nqi_format_get(i)); i++)
        if (format->refuse)
            status = format->refuse(input);
    *out = &nqi_format_csv;
    return status;
}

static nq_status format_choose(const nqi_format **out, const nqi_input *input)
{
    for (size_t i = 0; (*out = nqi_format_get(i)); i++)
        if ((*out)->begins && (*out)->begins(input))
            return NQ_OK;
    return text_choose(out, input);
}

static nq_status file_read(nqi_table *out, nq_context *context, const char *path,
                           const nq_read_options *options)
{
    nqi_input input = {0};
    const nqi_format *format;
    nq_status status = nqi_input_open(&input, context, path);
    if (!status)
        status = format_choose(&format, &input);
    if (!status && !format->has_options)
        status = choice_refuse(context, path, options);
    if (!status)
        status = format->read(out, &input, options);
    nqi_input_close(&input);
    return status;
}

static const nqi_format *place_find(const char *path)
{
    const nqi_format *format;
    for (size_t i = 0; (format = nqi_format_get(i)); i++)
        if (format->is_place && format->is_place(path))
            break;
    return format;
}

static nq_status table_take(nq_dataset **out, nq_context *context, nqi_table *table,
                            size_t reduce)
{
    nq_dataset *pictures;
    nq_status status = nqi_dataset_from_table(out, context, table);
    if (status || reduce < 2)
        return status;
    pictures = *out;
    status = nq_dataset_reduce(out, context, pictures, reduce);
    nq_dataset_free(pictures);
    return status;
}

nq_status nq_dataset_open_with(nq_dataset **out, nq_context *context, const char *path,
                               const nq_read_options *options)
{
    nqi_table table = {0};
    nqi_csv_dialect unused; /* what is wrong with the options is wrong for any file */
    nq_status status = nqi_csv_dialect_make(&unused, context, options);
    *out = NULL;
    if (status)
        return status;
    const nqi_format *place = place_find(path);
    if (place)
        status = (status = choice_refuse(context, path, options))
                     ? status
                     : place->read_place(&table, context, path);
    else
        status = file_read(&table, context, path, options);
    return status ? status
                  : table_take(out, context, &table, options ? (size_t)options->reduce : 0);
}

nq_status nq_dataset_open(nq_dataset **out, nq_context *context, const char *path)
{
    return nq_dataset_open_with(out, context, path, NULL);
}
