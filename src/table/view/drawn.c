/* drawn.c - rows drawn with replacement, and those that were not drawn. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>

#include "core/context.h"
#include "core/rng.h"
#include "table/dataset.h"

static nqi_stream rows_stream(uint64_t seed)
{
    return (nqi_stream){.seed = seed, .purpose = NQI_DRAW_AGAIN};
}

/* How often each row was drawn. */
static uint64_t *times_draw(size_t rows, uint64_t seed)
{
    const nqi_stream stream = rows_stream(seed);
    uint64_t *times = calloc(rows, sizeof *times);
    for (size_t i = 0; times && i < rows; i++)
        times[nqi_stream_below(&stream, i, rows)]++;
    return times;
}

/* Rows without which a column of the drawn ones would not vary are drawn once, for copies of others
 * from anywhere on. */
static nq_status varied_keep(uint64_t *times, nq_context *context, const nq_dataset *parent,
                             uint64_t seed)
{
    const nqi_stream stream = rows_stream(seed);
    const size_t from = (size_t)nqi_stream_below(&stream, parent->rows, parent->rows);
    const size_t rows = parent->rows;
    unsigned char *marks = malloc(rows);
    size_t left = 0, more = 0;
    if (!marks)
        return nqi_fail_memory(context, "rows drawn with replacement", rows);
    for (size_t r = 0; r < rows; r++)
        left += marks[r] = times[r] == 0;
    const nq_status status = left ? nqi_split_keep_varied(marks, &left, context, parent) : NQ_OK;
    for (size_t r = 0; r < rows && !status; r++) {
        const int is_new = !marks[r] && !times[r];
        times[r] += (uint64_t)is_new;
        more += (size_t)is_new;
    }
    for (size_t r = from; r < from + rows && more && !status; r++)
        for (; times[r % rows] > 1 && more; more--)
            times[r % rows]--;
    free(marks);
    return status;
}

/* The rows as often as they were drawn, or those that were not. */
static uint64_t *list_make(const uint64_t *times, size_t rows, size_t count, int of_left)
{
    uint64_t *list = malloc((count ? count : 1) * sizeof *list);
    for (size_t r = 0, i = 0; list && r < rows; r++)
        for (uint64_t k = of_left ? times[r] == 0 : times[r]; k; k--)
            list[i++] = r;
    return list;
}

static nq_status side_make(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                           const uint64_t *times, size_t count, int of_left)
{
    uint64_t *list = list_make(times, parent->rows, count, of_left);
    if (!list)
        return nqi_fail_memory(context, "rows drawn with replacement", count * sizeof *list);
    const nq_status status =
        nqi_dataset_view(out, context, parent, count, of_left ? NQI_VIEW_PICK : NQI_VIEW_DRAWN);
    if (status) {
        free(list);
        return status;
    }
    (*out)->view.list = list;
    (*out)->view.list_count = count;
    return NQ_OK;
}

nq_status nq_dataset_bootstrap(nq_dataset **drawn, nq_dataset **left, nq_context *context,
                               const nq_dataset *parent, uint64_t seed)
{
    const size_t rows = parent->rows;
    size_t undrawn = 0;
    *drawn = *left = NULL;
    if (rows < 2)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "rows cannot be drawn with replacement from a data set of one row");
    uint64_t *times = times_draw(rows, seed);
    if (!times)
        return nqi_fail_memory(context, "rows drawn with replacement", rows * sizeof *times);
    nq_status status = varied_keep(times, context, parent, seed);
    for (size_t r = 0; r < rows; r++)
        undrawn += times[r] == 0;
    if (!status)
        status = side_make(drawn, context, parent, times, rows, 0);
    if (!status && undrawn)
        status = side_make(left, context, parent, times, undrawn, 1);
    free(times);
    if (status) {
        nq_dataset_free(*drawn);
        *drawn = NULL;
    }
    return status;
}
