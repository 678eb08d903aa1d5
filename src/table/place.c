/* place.c - where a cell of a data set stands in its file, for a sentence. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "table/dataset.h"

const nq_dataset *nqi_dataset_root(const nq_dataset *dataset, size_t *row, size_t *column)
{
    if (dataset->view.kind == NQI_VIEW_CROPS)
        return dataset;
    if (dataset->columns)
        *column = dataset->columns[*column].at;
    for (; dataset->view.kind != NQI_VIEW_NONE && dataset->view.kind != NQI_VIEW_CROPS;
         dataset = dataset->view.parent)
        *row = (size_t)nqi_dataset_parent_row(dataset, *row);
    return dataset;
}

const char *nqi_dataset_cell(char out[NQI_PLACE], const nq_dataset *dataset, size_t row,
                             size_t column, const char *name)
{
    char label[NQI_LABEL];
    size_t line = row, place = column;
    const nq_dataset *root =
        nqi_dataset_crops(dataset) ? NULL : nqi_dataset_root(dataset, &line, &place);
    const nqi_origin *origin = root ? root->origin : NULL;
    if (origin)
        place = origin->file_column[place];
    nqi_column_label(label, origin ? place : column,
                     nqi_columns_named(dataset->columns) ? nq_dataset_column_name(dataset, column)
                                                         : name);
    if (origin)
        snprintf(out, NQI_PLACE, "%.400s:%zu: %s", origin->path, nqi_origin_line(origin, line),
                 label);
    else
        snprintf(out, NQI_PLACE, "row %zu, %s", row + 1, label);
    return out;
}

const char *nqi_dataset_column(char out[NQI_PLACE], const nq_dataset *dataset, size_t column)
{
    char label[NQI_LABEL];
    size_t row = 0, place = column;
    const nq_dataset *root =
        nqi_dataset_crops(dataset) ? NULL : nqi_dataset_root(dataset, &row, &place);
    const nqi_origin *origin = root ? root->origin : NULL;
    if (origin)
        place = origin->file_column[place];
    nqi_column_label(label, origin ? place : column, nq_dataset_column_name(dataset, column));
    snprintf(out, NQI_PLACE, "%.400s%s%s", origin ? origin->path : "", origin ? ": " : "", label);
    return out;
}

int nq_dataset_cell_place(char *out, size_t size, const nq_dataset *dataset, size_t row,
                          size_t column)
{
    char place[NQI_PLACE];
    return snprintf(out, size, "%s", nqi_dataset_cell(place, dataset, row, column, NULL));
}

size_t nq_dataset_file_columns(const nq_dataset *dataset)
{
    size_t row = 0, column = 0;
    if (nqi_dataset_crops(dataset))
        return dataset->dim;
    const nq_dataset *root = nqi_dataset_root(dataset, &row, &column);
    return root->origin ? root->origin->columns : root->dim;
}

size_t nq_dataset_file_column(const nq_dataset *dataset, size_t column)
{
    size_t row = 0, place = column;
    if (nqi_dataset_crops(dataset))
        return column;
    const nq_dataset *root = nqi_dataset_root(dataset, &row, &place);
    return root->origin ? root->origin->file_column[place] : place;
}
