/* rows.c - samples as a table, or as a page of pictures. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include <noneq/sample.h>

#include "core/context.h"
#include "core/monitor.h"
#include "task/draw/job.h"
#include "task/report/number.h"

/* Rows drawn at a time, multiples of 64 as nq_sample_options.first wants; of large pictures
 * fewer. */
enum { CHUNK_ROWS = 8192, CHUNK_PICTURES = 64, PICTURE_NUMBERS = 4096 };

size_t nqi_draw_steps(const nqi_draw_job *job)
{
    if (job->options.steps)
        return job->options.steps;
    return job->options.trajectory ? nq_model_steps(job->model)
                                   : nq_model_usual_steps(job->model);
}

static nq_status part_draw(const nqi_draw_job *job, double *out, size_t first, size_t count)
{
    const size_t all = job->options.rows;
    nq_sample_options options;
    nq_sample_options_init(&options, sizeof options);
    options.rows = count;
    options.seed = job->options.seed;
    options.first = first;
    options.steps = job->options.steps;
    nq_status status = nqi_tell(job->context, "drawing rows", (double)first, (double)all);
    if (status)
        return status;
    const nqi_portion before = nqi_portion_enter(job->context, (double)first / (double)all,
                                                 (double)(first + count) / (double)all);
    status = nq_sample(out, job->context, job->model, &options);
    nqi_portion_leave(job->context, before);
    return status;
}

/* out[rows, columns]. */
static nq_status rows_draw(const nqi_draw_job *job, double *out)
{
    const size_t columns = nq_model_columns(job->model), count = job->options.rows;
    const size_t chunk = columns > PICTURE_NUMBERS ? CHUNK_PICTURES : CHUNK_ROWS;
    nq_status status = NQ_OK;
    for (size_t first = 0; first < count && !status; first += chunk)
        status = part_draw(job, out + first * columns, first,
                           count - first < chunk ? count - first : chunk);
    return status;
}

/* Undoes dequantisation: the nearest grey level that there is. */
static void levels_round(const nqi_draw_job *job, double *out, size_t count)
{
    const double step = nq_model_get_options(job->model)->dequantize;
    nqi_picture_view view;
    nqi_view_range(&view, job->model, &job->view);
    for (size_t i = 0; i < count; i++)
        out[i] = fmin(fmax(step * nearbyint(out[i] / step), view.black), view.white);
}

nq_status nqi_draw_write(const nqi_draw_job *job)
{
    const nq_drawn *drawn = &job->drawn;
    nqi_table_header header;
    nq_status status =
        nqi_table_header_make(&header, job->context, job->model, drawn->columns, NULL, 0);
    if (!status)
        status = nqi_table_write(job->options.output, job->context, job->model, drawn->values,
                                 drawn->rows, drawn->columns, header.names);
    nqi_table_header_free(&header);
    return status;
}

/* The drawn rows as a page of pictures. */
static nq_status page_write(const nqi_draw_job *job, const nqi_picture_view *view)
{
    const nq_drawn *drawn = &job->drawn;
    const size_t count = drawn->rows, wanted = job->options.columns;
    const size_t columns = wanted ? (wanted < count ? wanted : count) : nqi_sheet_columns(count);
    nqi_sheet page;
    nq_status status =
        nqi_sheet_new(&page, job->context, (count + columns - 1) / columns, columns, view);
    for (size_t i = 0; i < count && !status; i++)
        nqi_sheet_place(&page, i / columns, i % columns, drawn->values + i * drawn->columns);
    if (!status)
        status = nqi_sheet_write(job->options.output, job->context, &page);
    nqi_sheet_free(&page);
    return status;
}

nq_status nqi_drawn_rows(nqi_draw_job *job)
{
    nq_drawn *drawn = &job->drawn;
    const int is_page = nqi_path_is_picture(job->options.output);
    nqi_picture_view view = {.depth = 8};
    nq_status status = NQ_OK;
    drawn->rows = job->options.rows;
    drawn->columns = nq_model_columns(job->model);
    drawn->slices = 1;
    if (is_page)
        status =
            nqi_view_choose(&view, job->context, job->model, &job->view, drawn->columns, NULL);
    if (!status && !(drawn->values = nqi_numbers_new(job->context, drawn->rows, drawn->columns)))
        status = NQ_ERROR_MEMORY;
    if (!status)
        status =
            job->coarse ? nqi_draw_coarse(job, drawn->values) : rows_draw(job, drawn->values);
    if (status)
        return status;
    if (job->options.levels && !is_page)
        levels_round(job, drawn->values, drawn->rows * drawn->columns);
    if (!job->options.output)
        return NQ_OK;
    return is_page ? page_write(job, &view) : nqi_draw_write(job);
}
