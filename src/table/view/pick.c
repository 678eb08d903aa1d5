/* pick.c - some columns of a data set, in any order, as a view of all its rows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>

#include "core/context.h"
#include "table/dataset.h"

/* Where the numbers of a row lie when some of it are left out or in another order. */
static int offsets_pick(nq_dataset *view, const nq_dataset *parent, const size_t *columns)
{
    size_t *offsets = malloc(2 * view->dim * sizeof *offsets);
    for (size_t i = 0; offsets && i < 2 * view->dim; i++) {
        const size_t *from = parent->layout.offsets[i / view->dim], c = columns[i % view->dim];
        offsets[i] = from ? from[c] : c;
    }
    view->owned.offsets = offsets;
    view->layout.offsets[0] = offsets;
    view->layout.offsets[1] = offsets ? offsets + view->dim : NULL;
    return offsets != NULL;
}

static nq_status column_pick(nqi_column *out, const nq_dataset *parent, size_t column)
{
    const nqi_column from = nqi_dataset_column_of(parent, column);
    nqi_column *copy;
    const nq_status status = nqi_columns_copy(&copy, &from, 1);
    if (status)
        return status;
    *out = *copy;
    free(copy);
    out->kind = NQI_KIND_UNKNOWN;
    out->numbers = from.numbers;
    out->gap_code = from.gap_code;
    return NQ_OK;
}

static nq_status columns_pick(nq_dataset *view, const nq_dataset *parent, const size_t *columns,
                              size_t count)
{
    const int are_pixels = nqi_dataset_crops(parent) != NULL;
    nq_status status = NQ_OK;
    nqi_columns_free(view->columns, view->dim);
    view->columns = are_pixels ? NULL : nqi_columns_new(count);
    view->dim = count;
    if (!view->columns && !are_pixels)
        status = NQ_ERROR_MEMORY;
    for (size_t i = 0; view->columns && i < count && !status; i++)
        status = column_pick(&view->columns[i], parent, columns[i]);
    if (!status && !view->layout.is_apart && !offsets_pick(view, parent, columns))
        status = NQ_ERROR_MEMORY;
    if (count != parent->dim)
        view->picture = (nq_picture){0};
    return status;
}

nq_status nqi_dataset_pick_columns(nq_dataset **out, nq_context *context,
                                   const nq_dataset *parent, const size_t *columns, size_t count)
{
    const nq_status status = nqi_dataset_view(out, context, parent, parent->rows, NQI_VIEW_SLICE);
    if (status)
        return status;
    if (!columns_pick(*out, parent, columns, count))
        return NQ_OK;
    nq_dataset_free(*out);
    *out = NULL;
    return nqi_fail_memory(context, "columns of a data set", count * sizeof *columns);
}
