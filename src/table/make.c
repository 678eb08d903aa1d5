/* make.c - data sets made from a file's table, from arrays and from columns of any types. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "table/dataset.h"
#include "table/gather/loops.h"

/* What its text showed of a column, which takes the levels over. */
static void column_describe(nqi_column *column, nqi_file_column *from)
{
    if (from->use == NQI_COLUMN_INDEX)
        column->role = NQI_ROLE_LEFT_OUT;
    column->told = from->told;
    column->has_precision = from->has_precision;
    column->precision = from->precision;
    column->precision_least = from->precision_least;
    column->date = from->date;
    memcpy(column->gap, from->gap, sizeof column->gap);
    column->levels = from->levels;
    column->level_count = from->level_count;
    from->levels = NULL;
    from->level_count = 0;
}

/* A description of each column, with the names of the table. */
static nq_status columns_make(nq_dataset *set, nqi_table *table)
{
    nqi_origin *origin = table->origin;
    const size_t size = nqi_element_size(table->element);
    set->columns = nqi_columns_new(table->dim);
    if (!set->columns)
        return NQ_ERROR_MEMORY;
    for (size_t c = 0; c < table->dim; c++) {
        nqi_column *column = &set->columns[c];
        column->name = table->names ? table->names[c] : NULL;
        column->at = c;
        if (origin)
            column_describe(column, &origin->column[origin->file_column[c]]);
        nqi_column_place(column, table->values + c * size, table->dim * size, table->element);
    }
    free(table->names);
    table->names = NULL;
    return NQ_OK;
}

nq_status nqi_dataset_from_table(nq_dataset **out, nq_context *context, nqi_table *table)
{
    nq_dataset *dataset = calloc(1, sizeof *dataset);
    *out = NULL;
    if (!dataset || (!table->channels && columns_make(dataset, table))) {
        free(dataset);
        nqi_table_free(table);
        return nqi_fail_memory(context, "a data set", sizeof *dataset);
    }
    dataset->rows = table->rows;
    dataset->dim = table->dim;
    dataset->picture = (nq_picture){table->channels, table->height, table->width};
    dataset->layout = (nqi_row_layout){.element = table->element,
                                       .values = table->values,
                                       .row = table->dim * nqi_element_size(table->element),
                                       .line = table->width,
                                       .plane = table->height * table->width};
    dataset->owned =
        (nqi_owned){.values = table->buffer, .map = table->map, .map_size = table->map_size};
    dataset->origin = table->origin;
    dataset->notes = table->notes;
    *table = (nqi_table){0};
    *out = dataset;
    return NQ_OK;
}

nq_status nq_dataset_from_array(nq_dataset **out, nq_context *context, const double *values,
                                size_t rows, size_t dim, const char *const *names)
{
    nqi_table table = {.rows = rows, .dim = dim, .element = NQI_F64};
    const size_t bytes = nqi_table_bytes(rows, dim, table.element);
    *out = NULL;
    if (!bytes)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "a data set of %zu rows and %zu columns: expected at least one of "
                        "each, and no more than memory can hold",
                        rows, dim);
    table.buffer = malloc(bytes);
    table.values = table.buffer;
    if (!table.buffer || nqi_names_copy(&table.names, names, dim)) {
        nqi_table_free(&table);
        return nqi_fail_memory(context, "a data set", bytes);
    }
    memcpy(table.buffer, values, bytes);
    return nqi_dataset_from_table(out, context, &table);
}

nq_status nqi_dataset_from_array_as(nq_dataset **out, nq_context *context, const double *values,
                                    size_t rows, const nqi_column *as, size_t dim)
{
    nqi_column *columns;
    *out = NULL;
    if (nqi_columns_copy(&columns, as, dim))
        return nqi_fail_memory(context, "columns of a data set", dim * sizeof *columns);
    const nq_status status = nq_dataset_from_array(out, context, values, rows, dim, NULL);
    for (size_t c = 0; !status && columns && c < dim; c++) {
        columns[c].kind = NQI_KIND_UNKNOWN;
        columns[c].at = c;
        columns[c].numbers = (*out)->columns[c].numbers;
        columns[c].gap_code = (*out)->columns[c].gap_code;
    }
    if (!status && columns) {
        nqi_columns_free((*out)->columns, dim);
        (*out)->columns = columns;
    } else {
        nqi_columns_free(columns, dim);
    }
    return status;
}

nq_status nqi_dataset_from_array_like(nq_dataset **out, nq_context *context, const double *values,
                                      size_t rows, const nq_dataset *like)
{
    return nqi_dataset_from_array_as(out, context, values, rows, like->columns, like->dim);
}
