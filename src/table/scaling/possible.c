/* possible.c - rows that a model can give a probability: constant columns have their one value. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/monitor.h"
#include "table/scaling/scaling.h"

static int row_is_possible(const nqi_scaling *scaling, const double *row)
{
    if (scaling->coding)
        return nqi_coding_fault(scaling->coding, row) == scaling->columns;
    for (size_t c = 0; c < scaling->columns; c++)
        if (scaling->deviation[c] == 0 && !isnan(row[c]) && row[c] != scaling->mean[c])
            return 0;
    return 1;
}

nq_status nqi_scaling_possible(nq_dataset **out, size_t *left, nq_context *context,
                               const nqi_scaling *scaling, const nq_dataset *dataset)
{
    *out = NULL;
    *left = dataset->rows;
    if ((scaling->active == scaling->columns && !scaling->coding) ||
        dataset->dim != scaling->columns)
        return NQ_OK;
    uint64_t *list = malloc(dataset->rows * sizeof *list);
    double *row = malloc(dataset->dim * sizeof *row);
    size_t count = 0;
    nq_status status = NQ_OK;
    if (!list || !row)
        status = nqi_fail_memory(context, "a list of rows", dataset->rows * sizeof *list);
    for (size_t r = 0; r < dataset->rows && !status; r++) {
        nq_dataset_row(row, dataset, r);
        if (row_is_possible(scaling, row))
            list[count++] = r;
        status = r % NQI_TELL_ROWS ? NQ_OK : nqi_tell_again(context);
    }
    free(row);
    *left = status ? dataset->rows : count;
    if (!status && count > 0 && count < dataset->rows &&
        !(status = nqi_dataset_view(out, context, dataset, count, NQI_VIEW_PICK))) {
        (*out)->view.list = list;
        (*out)->view.list_count = count;
        list = NULL;
    }
    free(list);
    return status;
}
