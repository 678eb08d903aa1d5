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
    nq_status status = nqi_source_open(&rows->source, job->context, source, 1, keep_text);
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

/* Evidence on all rows at once names a bad cell by its place in the file. A clamp refuses the same
 * cells as other evidence. */
nq_status nqi_fill_rows_check(const nqi_fill_job *job)
{
    const nqi_fill_rows *rows = &job->rows;
    nq_status status = bits_check(job);
    for (size_t b = 0; b < job->model_count && rows->count && rows->is_model_size && !status;
         b++) {
        nq_evidence *evidence = NULL;
        status =
            nq_evidence_clamp(&evidence, job->context, job->models[b], rows->known, rows->count);
        nq_evidence_free(evidence);
    }
    return status;
}
