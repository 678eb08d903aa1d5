/* posterior_sheet.c - pictures before and after: a line for each. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "posterior.h"

enum { LINES_MOST = 64, DRAWS_SHOWN = 8 };

static size_t draws_shown(const posterior_job *job)
{
    return posterior_draws(job) < DRAWS_SHOWN ? posterior_draws(job) : DRAWS_SHOWN;
}

/* The original, what was given, draws, and the mean of several. */
int posterior_sheet_new(posterior_job *job)
{
    const size_t lines = job->count < LINES_MOST ? job->count : LINES_MOST;
    const size_t columns =
        (job->truth ? 2 : 1) + draws_shown(job) + (posterior_draws(job) > 1 ? 1 : 0);

    if (!job->values->sheet)
        return EXIT_DONE;
    return sheet_new(&job->page, lines, columns, &job->view);
}

static void mean_make(const posterior_job *job, const double *draws, double *out)
{
    const size_t count = posterior_draws(job);

    for (size_t c = 0; c < job->columns; c++) {
        double sum = 0;

        for (size_t d = 0; d < count; d++)
            sum += draws[d * job->columns + c];
        out[c] = sum / (double)count;
    }
}

void posterior_sheet_add(posterior_job *job, size_t row, const double *draws, double *scratch)
{
    const size_t columns = job->columns;
    size_t place = 0;

    if (!job->page.pixels || row >= job->page.rows)
        return;
    if (job->truth)
        sheet_place(&job->page, row, place++, job->truth + row * columns);
    sheet_place(&job->page, row, place++, job->rows + row * columns);
    for (size_t d = 0; draws && d < draws_shown(job); d++)
        sheet_place(&job->page, row, place++, draws + d * columns);
    if (draws && posterior_draws(job) > 1) {
        mean_make(job, draws, scratch);
        sheet_place(&job->page, row, place, scratch);
    }
}
