/* split_varied.c - a split in which every column that varies does so in the larger part too. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "table/dataset.h"

/* What the rows of the training part show of each column. */
typedef struct shown {
    double *first; /* [dim] NaN: no value yet */
    unsigned char *varies;
    size_t varied; /* columns that do */
    double *row;
} shown;

static void row_add(shown *s, size_t dim)
{
    for (size_t c = 0; c < dim; c++) {
        if (s->varies[c] || isnan(s->row[c]))
            continue;
        if (isnan(s->first[c])) {
            s->first[c] = s->row[c];
        } else if (s->row[c] != s->first[c]) {
            s->varies[c] = 1;
            s->varied++;
        }
    }
}

static int row_is_new(const shown *s, size_t dim)
{
    for (size_t c = 0; c < dim; c++)
        if (!s->varies[c] && !isnan(s->row[c]) && s->row[c] != s->first[c])
            return 1;
    return 0;
}

/* All rows with this mark, until every column varies. */
static void rows_add(shown *s, const nq_dataset *data, const unsigned char *marks)
{
    for (size_t r = 0; r < data->rows && s->varied < data->dim; r++) {
        if (marks[r])
            continue;
        nq_dataset_row(s->row, data, r);
        row_add(s, data->dim);
    }
}

nq_status nqi_split_keep_varied(unsigned char *marks, size_t *count, nq_context *context,
                                const nq_dataset *data)
{
    const size_t dim = data->dim;
    if (data->picture.channels || nqi_dataset_crops(data) || nq_dataset_is_binary(data))
        return NQ_OK;
    shown s = {.first = malloc(dim * sizeof *s.first),
               .varies = calloc(dim, 1),
               .row = malloc(dim * sizeof *s.row)};
    nq_status status = NQ_OK;
    if (!s.first || !s.varies || !s.row) {
        status = nqi_fail_memory(context, "the columns of a split", dim * 17);
    } else {
        for (size_t c = 0; c < dim; c++)
            s.first[c] = (double)NAN;
        rows_add(&s, data, marks);
        for (size_t r = 0; r < data->rows && s.varied<dim && * count> 1; r++) {
            if (!marks[r])
                continue;
            nq_dataset_row(s.row, data, r);
            if (!row_is_new(&s, dim))
                continue;
            row_add(&s, dim);
            marks[r] = 0;
            --*count;
        }
    }
    free(s.first);
    free(s.varies);
    free(s.row);
    return status;
}
