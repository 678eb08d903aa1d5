/* rows.c - the rows that a page is made of: of files, and drawn. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include <noneq/sample.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/rng.h"
#include "table/dataset.h"
#include "task/page/findings.h"
#include "task/report/table.h"

/* *out: `most` rows evenly spread, a view; NULL where that is all. */
static nq_status rows_spread(nq_dataset **out, nq_context *context, const nq_dataset *all,
                             size_t most)
{
    const size_t rows = nq_dataset_rows(all);
    *out = NULL;
    if (rows <= most)
        return NQ_OK;
    uint64_t *list = malloc((rows - most) * sizeof *list);
    size_t count = 0, kept = 0;
    if (!list)
        return nqi_fail_memory(context, "rows", (rows - most) * sizeof *list);
    for (uint64_t r = 0; r < rows; r++)
        if (kept < most && r == (uint64_t)((double)kept * (double)rows / (double)most))
            kept++;
        else
            list[count++] = r;
    const nq_status status = nqi_dataset_omit(out, context, all, list, count);
    free(list);
    return status;
}

/* Whether the model has gaps of the column as values, or takes rows for what they have. */
static int takes_gap(const nq_model *model, size_t column)
{
    return model->options.roles > 0 || nq_model_gap_part(model, column) > 0;
}

/* Leaves rows out whose gaps nothing can be asked about. */
static nq_status gaps_leave(nqi_page_rows *rows, nq_context *context, const nq_model *model)
{
    const size_t columns = rows->columns;
    double *row = malloc((columns + 1) * sizeof *row);
    uint64_t *list = malloc((rows->count + 1) * sizeof *list);
    size_t left_out = 0;
    nq_status status = row && list ? NQ_OK : nqi_fail_memory(context, "rows with gaps", columns);
    for (size_t r = 0; r < rows->count && !status; r++) {
        int has_gap = 0, is_lost = 0;
        nq_dataset_row(row, rows->rows, r);
        for (size_t c = 0; c < columns; c++) {
            has_gap |= isnan(row[c]);
            is_lost |= isnan(row[c]) && !takes_gap(model, c);
        }
        rows->gaps += (size_t)has_gap;
        if (is_lost)
            list[left_out++] = r;
        if (r % NQI_TELL_ROWS == 0)
            status = nqi_tell_again(context);
    }
    rows->whole = left_out < rows->count ? rows->rows : NULL;
    if (!status && left_out && rows->whole &&
        !(status = nqi_dataset_omit(&rows->rest, context, rows->rows, list, left_out)))
        rows->whole = rows->rest;
    free(row);
    free(list);
    return status;
}

nq_status nqi_page_rows_open(nqi_findings *out, const nq_source *data, const nq_source *test)
{
    nqi_page_rows *rows = &out->rows;
    nq_context *context = out->context;
    nq_status status = nqi_source_open_for(&rows->data, context, data, out->model, 0);
    rows->judge = &rows->data;
    rows->columns = nq_model_columns(out->model);
    if (!status && test) {
        rows->has_test = 1;
        rows->judge = &rows->test;
        status = nqi_source_open_for(&rows->test, context, test, out->model, 0);
    }
    if (!status)
        status = nqi_rows_recognise(&rows->data_known, context, out->model, rows->data.rows);
    rows->judge_known = rows->data_known;
    if (!status && test)
        status = nqi_rows_recognise(&rows->judge_known, context, out->model, rows->test.rows);
    if (status)
        return status;
    if (!nq_dataset_rows(rows->judge->rows))
        return nqi_fail(context, NQ_ERROR_SHAPE, "'%s' has no rows", rows->judge->name);
    status = rows_spread(&rows->part, context, rows->judge->rows, out->options->max_rows);
    rows->rows = rows->part ? rows->part : rows->judge->rows;
    rows->count = nq_dataset_rows(rows->rows);
    return status ? status : gaps_leave(rows, context, out->model);
}

nq_status nqi_page_rows_draw(nqi_findings *found)
{
    nqi_page_rows *rows = &found->rows;
    const size_t drawn = found->options->samples;
    const nq_sample_options options = {
        .rows = drawn,
        .seed = nqi_seed_child(found->options->seed, NQI_PAGE_SAMPLES),
    };
    rows->numbers = nqi_numbers_new(found->context, rows->count + drawn, rows->columns);
    if (!rows->numbers)
        return NQ_ERROR_MEMORY;
    for (size_t r = 0; r < rows->count; r++)
        nq_dataset_row(rows->numbers + r * rows->columns, rows->rows, r);
    double *samples = rows->numbers + rows->count * rows->columns;
    rows->sides = (nq_sides){{rows->numbers, samples}, {rows->count, drawn}};
    return nq_sample(samples, found->context, found->model, &options);
}

void nqi_page_rows_free(nqi_page_rows *rows)
{
    free(rows->numbers);
    nq_dataset_free(rows->rest);
    nq_dataset_free(rows->part);
    nqi_source_free(&rows->test);
    nqi_source_free(&rows->data);
}
