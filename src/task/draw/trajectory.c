/* trajectory.c - samples on their way from noise to data: a table, or a strip of pictures. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include <noneq/sample.h>

#include "core/context.h"
#include "core/monitor.h"
#include "task/draw/job.h"
#include "task/report/number.h"

/* Time of slice k of the trajectory: evenly spread, from T down to 0. */
static size_t slice_time(const nqi_draw_job *job, size_t k)
{
    const size_t last = job->options.trajectory - 1;
    return (nqi_draw_steps(job) * (last - k) + last / 2) / last;
}

static nq_status sampler_new(nq_sampler **out, const nqi_draw_job *job)
{
    nq_sample_options options;
    nq_sample_options_init(&options, sizeof options);
    options.rows = job->options.rows;
    options.seed = job->options.seed;
    options.steps = nqi_draw_steps(job);
    return nq_sampler_new(out, job->context, job->model, &options);
}

/* Slice k of the trajectory, [rows, columns]. */
static nq_status slice_draw(double *out, nq_sampler *sampler, const nqi_draw_job *job, size_t k)
{
    const double slices = (double)job->options.trajectory;
    nq_status status = nqi_tell(job->context, "drawing rows", (double)k, slices);
    if (status)
        return status;
    const nqi_portion before =
        nqi_portion_enter(job->context, (double)k / slices, (double)(k + 1) / slices);
    status = nq_sampler_run(sampler, slice_time(job, k));
    nqi_portion_leave(job->context, before);
    return status ? status : nq_sampler_state(out, sampler);
}

/* The table behind two columns: the time, and the number of the row. */
static double *table_label(const nqi_draw_job *job)
{
    const nq_drawn *drawn = &job->drawn;
    const size_t columns = drawn->columns;
    double *out = nqi_numbers_new(job->context, drawn->slices * drawn->rows, columns + 2);
    for (size_t i = 0; out && i < drawn->slices * drawn->rows; i++) {
        double *row = out + i * (columns + 2);
        row[0] = (double)drawn->times[i / drawn->rows];
        row[1] = (double)(i % drawn->rows);
        memcpy(row + 2, drawn->values + i * columns, columns * sizeof *row);
    }
    return out;
}

static nq_status labelled_write(const nqi_draw_job *job)
{
    static const char *const labels[] = {"t", "row"};
    const nq_drawn *drawn = &job->drawn;
    nqi_table_header header;
    double *table = NULL;
    nq_status status =
        nqi_table_header_make(&header, job->context, job->model, drawn->columns, labels, 2);
    if (!status && !(table = table_label(job)))
        status = NQ_ERROR_MEMORY;
    if (!status)
        status = nqi_table_write(job->options.output, job->context, job->model, table,
                                 drawn->slices * drawn->rows, drawn->columns + 2, header.names);
    free(table);
    nqi_table_header_free(&header);
    return status;
}

/* Memory for the whole trajectory, and its times. */
static nq_status table_new(nqi_draw_job *job)
{
    nq_drawn *drawn = &job->drawn;
    const size_t slices = job->options.trajectory;
    drawn->rows = job->options.rows;
    drawn->columns = nq_model_columns(job->model);
    drawn->slices = slices;
    drawn->times = malloc(slices * sizeof *drawn->times);
    if (drawn->times && drawn->rows <= SIZE_MAX / slices)
        drawn->values = nqi_numbers_new(job->context, drawn->rows * slices, drawn->columns);
    if (!drawn->values)
        return nqi_fail(job->context, NQ_ERROR_MEMORY,
                        "there is no memory for %zu slices of %zu rows", slices, drawn->rows);
    for (size_t k = 0; k < slices; k++)
        drawn->times[k] = slice_time(job, k);
    return NQ_OK;
}

nq_status nqi_draw_trajectory(nqi_draw_job *job)
{
    const char *path = job->options.output;
    nq_drawn *drawn = &job->drawn;
    nq_sampler *sampler = NULL;
    nq_status status = table_new(job);
    if (!status)
        status = sampler_new(&sampler, job);
    for (size_t k = 0; k < drawn->slices && !status; k++)
        status = slice_draw(drawn->values + k * drawn->rows * drawn->columns, sampler, job, k);
    nq_sampler_free(sampler);
    if (status || !path)
        return status;
    if (!nqi_path_is_numbers(path))
        return labelled_write(job);
    return nqi_table_write(path, job->context, job->model, drawn->values,
                           drawn->slices * drawn->rows, drawn->columns, NULL);
}

/* Shows slice k in its column of the strip. */
static void slice_place(nqi_sheet *page, const nqi_draw_job *job, const double *slice, size_t k)
{
    for (size_t i = 0; i < job->options.rows; i++)
        nqi_sheet_place(page, i, k, slice + i * nq_model_columns(job->model));
}

nq_status nqi_draw_strip(nqi_draw_job *job)
{
    const size_t slices = job->options.trajectory, columns = nq_model_columns(job->model);
    nq_drawn *drawn = &job->drawn;
    nqi_picture_view view;
    nqi_sheet page = {0};
    nq_sampler *sampler = NULL;
    double *slice = NULL;
    nq_status status =
        nqi_view_choose(&view, job->context, job->model, &job->view, columns, NULL);
    if (!status)
        status = nqi_sheet_new(&page, job->context, job->options.rows, slices, &view);
    if (!status && job->has_table)
        status = table_new(job);
    if (!status && !job->has_table &&
        !(slice = nqi_numbers_new(job->context, job->options.rows, columns)))
        status = NQ_ERROR_MEMORY;
    if (!status)
        status = sampler_new(&sampler, job);
    for (size_t k = 0; k < slices && !status; k++) {
        double *at = slice ? slice : drawn->values + k * drawn->rows * columns;
        if (!(status = slice_draw(at, sampler, job, k)))
            slice_place(&page, job, at, k);
    }
    nq_sampler_free(sampler);
    if (!status)
        status = nqi_sheet_write(job->options.output, job->context, &page);
    free(slice);
    nqi_sheet_free(&page);
    return status;
}
