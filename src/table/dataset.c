/* dataset.c - rows of numbers: asked what they are, released. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/dataset.h"
#include "table/kind/kind.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

void nq_dataset_free(nq_dataset *dataset)
{
    if (!dataset)
        return;
    nqi_columns_free(dataset->columns, dataset->dim);
    nqi_kinds_free(dataset->found.kinds, dataset->dim);
    nqi_functions_free(dataset->found.functions, dataset->dim);
    free(dataset->owned.values);
    free(dataset->owned.offsets);
    free(dataset->view.list);
    nqi_origin_free(dataset->origin);
    nqi_notes_free(&dataset->notes);
    if (dataset->owned.map)
        munmap(dataset->owned.map, dataset->owned.map_size);
    if (dataset->owned.give_back)
        dataset->owned.give_back(dataset->owned.lent);
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
    return dataset->columns && column < dataset->dim ? dataset->columns[column].name : NULL;
}

nqi_column nqi_dataset_column_of(const nq_dataset *dataset, size_t column)
{
    if (dataset->columns)
        return dataset->columns[column];
    const nqi_row_layout *layout = &dataset->layout;
    nqi_column pixel = {.at = column};
    while (dataset->view.kind != NQI_VIEW_NONE)
        dataset = dataset->view.parent;
    nqi_column_place(&pixel, dataset->layout.values + column * nqi_element_size(layout->element),
                     layout->row, layout->element);
    return pixel;
}

/* Every data set is made on the heap, so the first question may remember its
 * answer in one that is const to the caller. Threads may ask at once. */
static void scan_once(const nq_dataset *dataset)
{
    enum { NOT_YET, AT_IT, DONE };
    nq_dataset *own = (nq_dataset *)dataset;
    int state = NOT_YET;
    if (atomic_load_explicit(&own->found.state, memory_order_acquire) == DONE)
        return;
    if (atomic_compare_exchange_strong(&own->found.state, &state, AT_IT)) {
        nqi_dataset_scan(own);
        atomic_store_explicit(&own->found.state, DONE, memory_order_release);
        return;
    }
    while (atomic_load_explicit(&own->found.state, memory_order_acquire) != DONE)
        sched_yield();
}

nqi_kind nqi_dataset_kind(const nq_dataset *dataset, size_t column)
{
    dataset = nqi_kinds_rows(dataset);
    scan_once(dataset);
    if (dataset->columns)
        return dataset->columns[column].kind;
    return dataset->found.is_binary ? NQI_KIND_BIT : NQI_KIND_REAL;
}

int nq_dataset_is_binary(const nq_dataset *dataset)
{
    dataset = nqi_kinds_rows(dataset);
    scan_once(dataset);
    return dataset->found.is_binary;
}

size_t nq_dataset_missing(size_t *row, size_t *column, const nq_dataset *dataset)
{
    scan_once(dataset);
    if (row)
        *row = dataset->found.missing_row;
    if (column)
        *column = dataset->found.missing_column;
    return dataset->found.missing;
}
