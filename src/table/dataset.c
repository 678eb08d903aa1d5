/* dataset.c - rows of numbers: made from tables and arrays, asked. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/dataset.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/context.h"

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
    dataset->picture = (nq_picture){table->channels, table->height, table->width};
    dataset->line = table->width;
    dataset->plane = table->height * table->width;
    dataset->owned_values = table->buffer;
    dataset->map = table->map;
    dataset->map_size = table->map_size;
    dataset->origin = table->origin;
    dataset->notes = table->notes;
    *table = (nqi_table){0};
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

void nq_dataset_free(nq_dataset *dataset)
{
    if (!dataset)
        return;
    nqi_names_free(dataset->names, dataset->dim);
    free(dataset->owned_values);
    free(dataset->owned_offsets);
    free(dataset->list);
    nqi_origin_free(dataset->origin);
    nqi_notes_free(&dataset->notes);
    if (dataset->map)
        munmap(dataset->map, dataset->map_size);
    free(dataset);
}

size_t nq_dataset_note_count(const nq_dataset *dataset)
{
    return dataset->notes.count;
}

const char *nq_dataset_note(const nq_dataset *dataset, size_t i)
{
    return i < dataset->notes.count ? dataset->notes.list[i] : NULL;
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
 * answer in one that is const to the caller. Threads may ask at once. */
static void scan_once(const nq_dataset *dataset)
{
    enum { NOT_YET, AT_IT, DONE };
    nq_dataset *own = (nq_dataset *)dataset;
    int state = NOT_YET;
    if (atomic_load_explicit(&own->scanned, memory_order_acquire) == DONE)
        return;
    if (atomic_compare_exchange_strong(&own->scanned, &state, AT_IT)) {
        nqi_dataset_scan(own);
        atomic_store_explicit(&own->scanned, DONE, memory_order_release);
        return;
    }
    while (atomic_load_explicit(&own->scanned, memory_order_acquire) != DONE)
        sched_yield();
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
