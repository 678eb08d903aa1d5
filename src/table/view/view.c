/* view.c - data sets that show rows of another one: slices, splits, and where a row lies. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/rng.h"
#include "table/dataset.h"

/* The parent's columns, of whose numbers these rows may show something else. */
static nq_status columns_view(nq_dataset *view, const nq_dataset *parent)
{
    const nq_status status = nqi_columns_copy(&view->columns, parent->columns, parent->dim);
    for (size_t c = 0; view->columns && c < parent->dim; c++) {
        view->columns[c].kind = NQI_KIND_UNKNOWN;
        view->columns[c].numbers = parent->columns[c].numbers;
        view->columns[c].gap_code = parent->columns[c].gap_code;
    }
    return status;
}

nq_status nqi_dataset_view(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                           size_t rows, nqi_view_kind kind)
{
    nq_dataset *view = calloc(1, sizeof *view);
    *out = NULL;
    if (!view)
        return nqi_fail_memory(context, "a data set", sizeof *view);
    view->rows = rows;
    view->dim = parent->dim;
    view->picture = parent->picture;
    view->reduced = parent->reduced;
    view->squared_level = parent->squared_level;
    view->layout = parent->layout;
    view->layout.values = NULL;
    view->view.kind = kind;
    view->view.parent = parent;
    if (kind != NQI_VIEW_CROPS && columns_view(view, parent)) {
        nq_dataset_free(view);
        return nqi_fail_memory(context, "column names", parent->dim);
    }
    *out = view;
    return NQ_OK;
}

nq_status nq_dataset_slice(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                           size_t first, size_t count)
{
    *out = NULL;
    if (count == 0 || first >= parent->rows || count > parent->rows - first)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "%zu rows from row %zu on: the data set has %zu rows", count, first + 1,
                        parent->rows);
    const nq_status status = nqi_dataset_view(out, context, parent, count, NQI_VIEW_SLICE);
    if (!status)
        (*out)->view.first = first;
    return status;
}

/* The rows whose mark is `mark`, in their order. */
static uint64_t *rows_list(const unsigned char *marks, unsigned char mark, size_t rows,
                           size_t count)
{
    uint64_t *list = malloc(count * sizeof *list);
    for (size_t row = 0, i = 0; list && row < rows; row++)
        if (marks[row] == mark)
            list[i++] = row;
    return list;
}

/* One side of a split, told by the list of the smaller side. */
static nq_status side_new(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                          const uint64_t *list, size_t count, nqi_view_kind kind)
{
    const size_t bytes = count * sizeof *list;
    uint64_t *copy = malloc(bytes);
    if (!copy)
        return nqi_fail_memory(context, "the rows of a split", bytes);
    const nq_status status =
        nqi_dataset_view(out, context, parent,
                         kind == NQI_VIEW_PICK ? count : parent->rows - count, kind);
    if (status) {
        free(copy);
        return status;
    }
    memcpy(copy, list, bytes);
    (*out)->view.list = copy;
    (*out)->view.list_count = count;
    return NQ_OK;
}

nq_status nqi_dataset_omit(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                           const uint64_t *list, size_t count)
{
    return side_new(out, context, parent, list, count, NQI_VIEW_OMIT);
}

nq_status nq_dataset_split(nq_dataset **part, nq_dataset **rest, nq_context *context,
                           const nq_dataset *parent, double fraction, uint64_t seed)
{
    const size_t rows = parent->rows;
    *part = *rest = NULL;
    if (!(fraction > 0 && fraction < 1))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "a split of the rows needs a fraction between 0 and 1, not %g", fraction);
    if (rows < 2)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "a data set of one row cannot be split");
    size_t count = (size_t)llround(fraction * (double)rows);
    count = count < 1 ? 1 : count > rows - 1 ? rows - 1 : count;
    unsigned char *marks = calloc(rows, 1);
    if (!marks)
        return nqi_fail_memory(context, "the rows of a split", rows);
    const nqi_stream stream = {.seed = seed, .purpose = NQI_DRAW_SPLIT};
    for (size_t i = 0; i < count; i++)
        marks[nqi_stream_permute(&stream, i, rows)] = 1;
    nq_status status = nqi_split_keep_varied(marks, &count, context, parent);
    if (status) {
        free(marks);
        return status;
    }
    const int is_part = count <= rows - count; /* the smaller side */
    const size_t listed = is_part ? count : rows - count;
    uint64_t *list = rows_list(marks, is_part ? 1 : 0, rows, listed);
    free(marks);
    if (!list)
        return nqi_fail_memory(context, "the rows of a split", listed * sizeof *list);
    status =
        side_new(part, context, parent, list, listed, is_part ? NQI_VIEW_PICK : NQI_VIEW_OMIT);
    if (!status)
        status = side_new(rest, context, parent, list, listed,
                          is_part ? NQI_VIEW_OMIT : NQI_VIEW_PICK);
    if (status) {
        nq_dataset_free(*part);
        *part = NULL;
    }
    free(list);
    return status;
}

/* Row `row` of those that are not in the list: list[k] - k rows stand before list[k], so it has
 * behind it the k entries for which that is at most `row`. */
static uint64_t row_kept(const uint64_t *list, size_t count, uint64_t row)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (list[middle] - middle <= row)
            low = middle + 1;
        else
            high = middle;
    }
    return row + low;
}

static nqi_place crop_locate(const nq_dataset *dataset, uint64_t row)
{
    const nqi_crops *crops = &dataset->view.crops;
    const int flip = crops->mirror && row % 2;
    const uint64_t crop = crops->mirror ? row / 2 : row, line = crop / crops->across;
    const nqi_place place = nqi_dataset_locate(dataset->view.parent, line / crops->down);
    const size_t y = crops->top + (size_t)(line % crops->down) * crops->step_y;
    size_t x = crops->left + (size_t)(crop % crops->across) * crops->step_x;
    if (place.is_mirrored)
        x = dataset->view.parent->picture.width - dataset->picture.width - x;
    return (nqi_place){place.start + (y * dataset->layout.line + x) *
                                         nqi_element_size(dataset->layout.element),
                       place.is_mirrored ^ flip};
}

uint64_t nqi_dataset_parent_row(const nq_dataset *dataset, uint64_t row)
{
    if (dataset->view.kind == NQI_VIEW_PICK || dataset->view.kind == NQI_VIEW_DRAWN)
        return dataset->view.list[row];
    if (dataset->view.kind == NQI_VIEW_OMIT)
        return row_kept(dataset->view.list, dataset->view.list_count, row);
    return dataset->view.first + row;
}

uint64_t nqi_dataset_root_row(const nq_dataset *dataset, uint64_t row)
{
    for (; dataset->view.kind != NQI_VIEW_NONE; dataset = dataset->view.parent)
        row = nqi_dataset_parent_row(dataset, row);
    return row;
}

nqi_place nqi_dataset_locate(const nq_dataset *dataset, uint64_t row)
{
    if (dataset->view.kind == NQI_VIEW_CROPS)
        return crop_locate(dataset, row);
    if (dataset->view.kind != NQI_VIEW_NONE)
        return nqi_dataset_locate(dataset->view.parent, nqi_dataset_parent_row(dataset, row));
    return (nqi_place){dataset->layout.values + (size_t)row * dataset->layout.row, 0};
}

void nqi_dataset_locate_rows(const nq_dataset *dataset, const uint64_t *rows, size_t count,
                             nqi_place *places)
{
    if (dataset->view.kind != NQI_VIEW_NONE) {
        for (size_t k = 0; k < count; k++)
            places[k] = nqi_dataset_locate(dataset, rows[k]);
        return;
    }
    for (size_t k = 0; k < count; k++)
        places[k] =
            (nqi_place){dataset->layout.values + (size_t)rows[k] * dataset->layout.row, 0};
}
