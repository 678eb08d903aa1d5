/* sample_page.c - samples as a page of pictures, or as a strip from noise to picture. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>

#include "log/progress.h"
#include "sample.h"
#include "session.h"
#include "sheet.h"

/* The drawn rows as a page of pictures. */
static int page_write(const sample_job *job, const double *rows_drawn, const picture_view *view)
{
    const size_t count = (size_t)job->values->rows;
    const size_t wanted = (size_t)job->values->columns;
    const size_t columns = wanted ? (wanted < count ? wanted : count) : sheet_columns(count);
    sheet page;
    int code = sheet_new(&page, (count + columns - 1) / columns, columns, view);

    for (size_t i = 0; i < count && !code; i++)
        sheet_place(&page, i / columns, i % columns,
                    rows_drawn + i * nq_model_columns(job->model));
    if (!code)
        code = sheet_write(&page, job->context, job->values->path);
    sheet_free(&page);
    return code;
}

int sample_page_write(const sample_job *job)
{
    picture_view view;
    int code = picture_view_choose(&view, job->model, &job->values->picture,
                                   nq_model_columns(job->model), NULL);
    double *out =
        code ? NULL : values_new((size_t)job->values->rows, nq_model_columns(job->model));
    const nq_status status = out ? sample_rows_draw(job, out) : NQ_OK;

    if (status)
        code = session_fail(job->context, status);
    else if (!code)
        code = out ? page_write(job, out, &view) : EXIT_FAILED;
    free(out);
    return code;
}

/* One slice at a time into the strip. */
static nq_status strip_draw(const sample_job *job, sheet *page, double *slice)
{
    const size_t columns = nq_model_columns(job->model), count = (size_t)job->values->rows;
    const nq_sample_options options = {.rows = count,
                                       .seed = (uint64_t)job->common->seed,
                                       .steps = sample_steps(job)};
    nq_sampler *sampler;
    nq_status status = nq_sampler_new(&sampler, job->context, job->model, &options);
    progress line;

    progress_init(&line, job->common->quiet);
    for (size_t k = 0; k < page->columns && !status; k++) {
        progress_count(&line, "sampling", k, page->columns);
        if (!(status = nq_sampler_run(sampler, sample_slice_time(job, k))))
            status = nq_sampler_state(slice, sampler);
        for (size_t i = 0; i < count && !status; i++)
            sheet_place(page, i, k, slice + i * columns);
    }
    progress_clear(&line);
    nq_sampler_free(sampler);
    return status;
}

int sample_strip_write(const sample_job *job)
{
    const size_t count = (size_t)job->values->rows;
    picture_view view;
    sheet page = {.pixels = NULL};
    double *slice = NULL;
    int code = picture_view_choose(&view, job->model, &job->values->picture,
                                   nq_model_columns(job->model), NULL);

    if (!code && !(code = sheet_new(&page, count, (size_t)job->values->slices, &view)) &&
        !(slice = values_new(count, nq_model_columns(job->model))))
        code = EXIT_FAILED;
    if (!code) {
        const nq_status status = strip_draw(job, &page, slice);

        code = status ? session_fail(job->context, status)
                      : sheet_write(&page, job->context, job->values->path);
    }
    free(slice);
    sheet_free(&page);
    return code;
}
