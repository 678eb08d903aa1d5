/* dataset.c - rows of numbers: made from arrays, sliced, split, asked. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "data/dataset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/context.h"
#include "core/rng.h"

nq_status nqi_dataset_from_table(nq_dataset **out, nq_context *context, nqi_table *table)
{
    nq_dataset *dataset = calloc(1, sizeof *dataset);
    *out = dataset;
    if (!dataset) {
        nqi_table_free(table);
        return nqi_fail_memory(context, "a data set", sizeof *dataset);
    }
    dataset->rows = table->rows;
    dataset->dim = table->dim;
    dataset->element = table->element;
    dataset->values = table->values;
    dataset->names = table->names;
    dataset->owned_values = table->buffer;
    dataset->map = table->map;
    dataset->map_size = table->map_size;
    *table = (nqi_table){0};
    return NQ_OK;
}

nq_status nq_dataset_from_array(nq_dataset **out, nq_context *context, const nq_real *values,
                                size_t rows, size_t dim, const char *const *names)
{
    nqi_table table = {.rows = rows, .dim = dim, .element = nqi_element_real()};
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

void nq_dataset_free(nq_dataset *dataset)
{
    if (!dataset)
        return;
    nqi_names_free(dataset->names, dataset->dim);
    free(dataset->owned_values);
    free(dataset->owned_index);
    if (dataset->map)
        munmap(dataset->map, dataset->map_size);
    free(dataset);
}

size_t nq_dataset_rows(const nq_dataset *dataset)
{
    return dataset->rows;
}

size_t nq_dataset_dim(const nq_dataset *dataset)
{
    return dataset->dim;
}

const char *nq_dataset_column_name(const nq_dataset *dataset, size_t column)
{
    return dataset->names && column < dataset->dim ? dataset->names[column] : NULL;
}

/* Data sets are made on the heap by this file alone, so the first question may remember its
 * answer in one that is const to the caller. */
static void scan_once(const nq_dataset *dataset)
{
    if (!dataset->scanned)
        nqi_dataset_scan((nq_dataset *)dataset);
}

int nq_dataset_is_binary(const nq_dataset *dataset)
{
    scan_once(dataset);
    return dataset->binary;
}

size_t nq_dataset_missing(const nq_dataset *dataset, size_t *row, size_t *column)
{
    scan_once(dataset);
    if (row)
        *row = dataset->missing_row;
    if (column)
        *column = dataset->missing_column;
    return dataset->missing;
}

/* A set that shows `rows` of the parent's values, all that it owns being its names. */
static nq_status view_new(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                          size_t rows)
{
    nqi_table table = {.rows = rows,
                       .dim = parent->dim,
                       .element = parent->element,
                       .values = parent->values};
    if (nqi_names_copy(&table.names, (const char *const *)parent->names, parent->dim))
        return nqi_fail_memory(context, "column names", parent->dim);
    return nqi_dataset_from_table(out, context, &table);
}

nq_status nq_dataset_slice(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                           size_t first, size_t count)
{
    *out = NULL;
    if (count == 0 || first >= parent->rows || count > parent->rows - first)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "%zu rows from row %zu on: the data set has %zu rows", count, first + 1,
                        parent->rows);
    const nq_status status = view_new(out, context, parent, count);
    if (status)
        return status;
    if (parent->row_index)
        (*out)->row_index = parent->row_index + first;
    else
        (*out)->values += first * parent->dim * nqi_element_size(parent->element);
    return NQ_OK;
}

/* The rows whose mark is `mark`, in their order. */
static nq_status select_rows(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                             const unsigned char *marks, unsigned char mark, size_t count)
{
    uint64_t *index = malloc(count * sizeof *index);
    if (!index)
        return nqi_fail_memory(context, "the rows of a split", count * sizeof *index);
    const nq_status status = view_new(out, context, parent, count);
    if (status) {
        free(index);
        return status;
    }
    for (size_t row = 0, i = 0; row < parent->rows; row++)
        if (marks[row] == mark)
            index[i++] = parent->row_index ? parent->row_index[row] : row;
    (*out)->row_index = (*out)->owned_index = index;
    return NQ_OK;
}

nq_status nq_dataset_split(nq_dataset **part, nq_dataset **rest, nq_context *context,
                           const nq_dataset *parent, double fraction, uint64_t seed)
{
    *part = *rest = NULL;
    if (!(fraction > 0 && fraction < 1))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "a split of the rows needs a fraction between 0 and 1, not %g", fraction);
    if (parent->rows < 2)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "a data set of one row cannot be split");
    size_t count = (size_t)llround(fraction * (double)parent->rows);
    count = count < 1 ? 1 : count > parent->rows - 1 ? parent->rows - 1 : count;
    unsigned char *marks = calloc(parent->rows, 1);
    if (!marks)
        return nqi_fail_memory(context, "the rows of a split", parent->rows);
    const nqi_stream stream = {.seed = seed, .purpose = NQI_DRAW_SPLIT};
    for (size_t i = 0; i < count; i++)
        marks[nqi_stream_permute(&stream, i, parent->rows)] = 1;
    nq_status status = select_rows(part, context, parent, marks, 1, count);
    if (!status)
        status = select_rows(rest, context, parent, marks, 0, parent->rows - count);
    if (status) {
        nq_dataset_free(*part);
        *part = NULL;
    }
    free(marks);
    return status;
}
