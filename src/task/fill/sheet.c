/* sheet.c - pictures before and after: a line for each. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/fill/job.h"

enum { LINES_MOST = 64, DRAWS_SHOWN = 8 };

static size_t draws_shown(const nqi_fill_job *job)
{
    return job->plan.draws < DRAWS_SHOWN ? job->plan.draws : DRAWS_SHOWN;
}

/* The original, what was given, draws, and the mean of several. */
nq_status nqi_fill_sheet_new(nqi_fill_job *job)
{
    const size_t lines = job->rows.count < LINES_MOST ? job->rows.count : LINES_MOST;
    const size_t columns =
        (job->rows.truth ? 2 : 1) + draws_shown(job) + (job->plan.draws > 1 ? 1 : 0);
    if (!job->plan.options.sheet)
        return NQ_OK;
    return nqi_sheet_new(&job->sheet, job->context, lines, columns, &job->view);
}

static void mean_make(const nqi_fill_job *job, const double *draws, double *out)
{
    const size_t count = job->plan.draws, columns = job->rows.columns;
    for (size_t c = 0; c < columns; c++) {
        double sum = 0;
        for (size_t d = 0; d < count; d++)
            sum += draws[d * columns + c];
        out[c] = sum / (double)count;
    }
}

void nqi_fill_sheet_add(nqi_fill_job *job, size_t row, const double *draws, double *scratch)
{
    const size_t columns = job->rows.columns;
    nqi_sheet *sheet = &job->sheet;
    size_t place = 0;
    if (!sheet->pixels || row >= sheet->rows)
        return;
    if (job->rows.truth)
        nqi_sheet_place(sheet, row, place++, job->rows.truth + row * columns);
    nqi_sheet_place(sheet, row, place++, job->rows.known + row * columns);
    for (size_t d = 0; draws && d < draws_shown(job); d++)
        nqi_sheet_place(sheet, row, place++, draws + d * columns);
    if (draws && job->plan.draws > 1) {
        mean_make(job, draws, scratch);
        nqi_sheet_place(sheet, row, place, scratch);
    }
}
