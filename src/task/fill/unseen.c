/* unseen.c - cells of a value that no training row had, taken as not known. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "evidence/evidence.h"
#include "task/fill/job.h"

/* Every model that shares the draws must know it. */
static int is_unseen(const nqi_fill_job *job, size_t column, double x)
{
    for (size_t b = 0; b < job->model_count && !isnan(x); b++)
        if (!nqi_cell_is_seen(job->models[b], column, x))
            return 1;
    return 0;
}

/* Row r. Returns how many cells. */
static size_t row_hide(nqi_fill_job *job, size_t r)
{
    nqi_fill_rows *rows = &job->rows;
    size_t count = 0;
    for (size_t i = r * rows->columns; i < (r + 1) * rows->columns; i++) {
        if (!is_unseen(job, i % rows->columns, rows->known[i]))
            continue;
        rows->unseen[i] = rows->known[i];
        rows->known[i] = NAN;
        if (rows->truth)
            rows->truth[i] = NAN; /* it is not what a draw is held to */
        count++;
    }
    return count;
}

nq_status nqi_fill_unseen(nqi_fill_job *job)
{
    nqi_fill_rows *rows = &job->rows;
    const char *asked = job->plan.options.unseen;
    size_t count = 0, among = 0;
    if (!asked || strcmp(asked, "missing") != 0 || !rows->is_model_size)
        return NQ_OK;
    if (!(rows->unseen = nqi_numbers_new(job->context, rows->count, rows->columns)))
        return NQ_ERROR_MEMORY;
    for (size_t i = 0; i < rows->count * rows->columns; i++)
        rows->unseen[i] = NAN;
    for (size_t r = 0; r < rows->count; r++)
        if (nqi_fill_is_drawn(job, rows->known + r * rows->columns)) {
            const size_t hidden = row_hide(job, r);
            count += hidden;
            among += hidden > 0;
        }
    if (count)
        nqi_log(job->context, NQ_LOG_NOTE,
                "%zu cell%s in %zu row%s: no training row had such a value, and others are drawn "
                "as if it was not known",
                count, count == 1 ? "" : "s", among, among == 1 ? "" : "s");
    return NQ_OK;
}

void nqi_fill_unseen_put(double *out, const nqi_fill_job *job, size_t row)
{
    const size_t columns = job->rows.columns;
    const double *unseen = job->rows.unseen ? job->rows.unseen + row * columns : NULL;
    for (size_t i = 0; unseen && i < job->plan.each * columns; i++)
        if (!isnan(unseen[i % columns]))
            out[i] = unseen[i % columns];
}
