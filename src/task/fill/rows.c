/* rows.c - the rows of a job of filling: read, and held to what its models can take. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/text.h"
#include "task/fill/job.h"

nq_status nqi_fill_keep_truth(nqi_fill_job *job)
{
    nqi_fill_rows *rows = &job->rows;
    rows->truth = nqi_numbers_new(job->context, rows->count, rows->columns);
    if (!rows->truth)
        return NQ_ERROR_MEMORY;
    memcpy(rows->truth, rows->known, rows->count * rows->columns * sizeof *rows->known);
    return NQ_OK;
}

/* Rows of the model's columns, or pictures of another size with its planes. */
static nq_status shape_find(nqi_fill_job *job)
{
    nqi_fill_rows *rows = &job->rows;
    const nq_model *model = job->models[0];
    const size_t columns = nq_model_columns(model);
    nq_picture own;
    nq_model_picture(&own, model);
    nq_dataset_picture(&rows->shape, rows->source.file);
    rows->columns = nq_dataset_dim(rows->source.file);
    rows->is_model_size = !rows->shape.channels || rows->columns == columns;
    if (job->coarse && !rows->shape.channels)
        return nqi_fail(job->context, NQ_ERROR_SHAPE,
                        NQI_OPTION "coarse is about pictures; the rows of %s are none",
                        rows->source.name);
    if (job->coarse)
        rows->is_model_size = 0;
    if (rows->is_model_size) {
        rows->shape = own.channels ? own : rows->shape;
        rows->columns = columns;
        return nqi_source_match(&rows->source, job->context, model);
    }
    if (own.channels && rows->shape.channels == own.channels)
        return NQ_OK;
    if (own.channels)
        return nqi_fail(job->context, NQ_ERROR_SHAPE,
                        "%s has pictures of %zu planes; the model was made for %zu",
                        rows->source.name, rows->shape.channels, own.channels);
    return nqi_fail(job->context, NQ_ERROR_SHAPE,
                    "%s has %zu columns; the model was made for %zu", rows->source.name,
                    rows->columns, columns);
}

int nqi_fill_is_drawn(const nqi_fill_job *job, const double *row)
{
    if (!job->plan.keeps)
        return 1;
    for (size_t c = 0; c < job->rows.columns; c++)
        if (isnan(row[c]))
            return 1;
    return 0;
}

static int is_given(const nq_area *area)
{
    return area->left || area->top || area->width || area->height;
}

nq_status nqi_fill_rows_read(nqi_fill_job *job, const nq_source *source)
{
    nqi_fill_rows *rows = &job->rows;
    const nq_fill_options *options = &job->plan.options;
    const int keep_text = options->output && !nqi_path_is_picture(options->output);
    if (is_given(&source->area))
        return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                        NQI_OPTION "area: pictures are filled whole");
    nq_status status =
        nqi_source_read(&rows->source, job->context, source, job->models[0], keep_text);
    if (!status)
        status = shape_find(job);
    if (status)
        return status;
    rows->count = rows->total = nq_dataset_rows(rows->source.rows);
    if (options->rows && options->rows < rows->count)
        rows->count = options->rows;
    if (!(rows->known = nqi_numbers_new(job->context, rows->count, rows->columns)))
        return NQ_ERROR_MEMORY;
    for (size_t r = 0; r < rows->count; r++)
        nq_dataset_row(rows->known + r * rows->columns, rows->source.rows, r);
    return NQ_OK;
}

/* Cells of bits are 0 or 1, and so on, as the file has them. */
static nq_status bits_check(const nqi_fill_job *job)
{
    const nqi_fill_rows *rows = &job->rows;
    char place[512], found[NQI_TEXT_SIZE];
    double low, high;
    for (size_t r = 0; rows->is_model_size && r < rows->count; r++)
        for (size_t c = 0; c < rows->columns; c++) {
            const double x = rows->known[r * rows->columns + c];
            if (!nq_model_pair(&low, &high, job->models[0], c) || isnan(x) || x == low ||
                x == high)
                continue;
            nq_dataset_cell_place(place, sizeof place, rows->source.rows, r, c);
            nqi_text_double(found, sizeof found, x);
            return nqi_fail(job->context, NQ_ERROR_FORMAT, "%s: expected %g or %g, found %s",
                            place, low, high, found);
        }
    return NQ_OK;
}

/* Numbers of the rows whose cells are evidence. */
static size_t rows_drawn(size_t *numbers, const nqi_fill_job *job)
{
    const nqi_fill_rows *rows = &job->rows;
    size_t count = 0;
    for (size_t r = 0; r < rows->count; r++)
        if (nqi_fill_is_drawn(job, rows->known + r * rows->columns))
            numbers[count++] = r;
    return count;
}

/* Known cells of rows[count], as evidence to a model: a clamp refuses the same cells as other
 * evidence. */
static nq_status part_check(double *known, const nqi_fill_job *job, const nq_model *model,
                            const size_t *numbers, size_t count)
{
    const nqi_fill_rows *rows = &job->rows;
    nq_evidence *evidence = NULL;
    for (size_t i = 0; i < count; i++)
        memcpy(known + i * rows->columns, rows->known + numbers[i] * rows->columns,
               rows->columns * sizeof *known);
    const nq_status status = nq_evidence_clamp(&evidence, job->context, model, known, count);
    nq_evidence_free(evidence);
    return status ? nqi_fill_fail_rows(job, status, numbers, count) : NQ_OK;
}

nq_status nqi_fill_rows_check(const nqi_fill_job *job)
{
    enum { PART = 4096 };
    const nqi_fill_rows *rows = &job->rows;
    nq_status status = bits_check(job);
    if (status || !rows->count || !rows->is_model_size)
        return status;
    const size_t most = rows->count < PART ? rows->count : PART;
    size_t *numbers = malloc(rows->count * sizeof *numbers);
    double *known = numbers ? nqi_numbers_new(job->context, most, rows->columns) : NULL;
    if (!numbers)
        status = nqi_fail_memory(job->context, "the numbers of the rows",
                                 rows->count * sizeof *numbers);
    else if (!known)
        status = NQ_ERROR_MEMORY;
    const size_t count = status ? 0 : rows_drawn(numbers, job);
    for (size_t b = 0; b < job->model_count && !status; b++)
        for (size_t r = 0; r < count && !status; r += most)
            status = part_check(known, job, job->models[b], numbers + r,
                                count - r < most ? count - r : most);
    free(numbers);
    free(known);
    return status;
}
