/* rows.c - which columns and rows are looked at, and the model's own rows beside them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/sample.h>

#include "check/check.h"
#include "core/context.h"

enum { ROWS_LEAST = 20, DRAWS_MANY = 8000, DRAWS_RATIO = 10 };
/* Floating-point operations of the model's own rows: some twenty seconds of a core of 2024. */
static const double sample_work = 1e12;

/* Whether values of a column have no order. */
static int has_no_order(const nq_model *model, size_t c)
{
    const nqi_code *code = model->scaling.coding ? &model->scaling.coding->code[c] : NULL;
    size_t values = 0;
    if (nq_model_pair(NULL, NULL, model, c) || nq_model_column_is_text(model, c))
        return 1;
    for (size_t k = 0; code && k < code->level_count; k++)
        values += isnan(code->level[k]) ? 0 : 1;
    return code && code->score_number == NQI_NO_NUMBER && values == 2;
}

static nq_status columns_find(nqi_check_job *job)
{
    const nqi_scaling *scaling = &job->model->scaling;
    nqi_check_rows *rows = &job->rows;
    rows->columns = scaling->columns;
    rows->column = malloc(scaling->columns * sizeof *rows->column);
    rows->is_level = malloc(scaling->columns);
    if (!rows->column || !rows->is_level)
        return nqi_fail_memory(job->context, "columns to check", scaling->columns);
    for (size_t c = 0; c < scaling->columns; c++) {
        const nqi_code *code = scaling->coding ? &scaling->coding->code[c] : NULL;
        if (code ? code->level_number == NQI_NO_NUMBER && code->score_number == NQI_NO_NUMBER
                 : scaling->deviation[c] == 0)
            continue;
        rows->is_level[rows->count] = (unsigned char)has_no_order(job->model, c);
        rows->column[rows->count++] = c;
    }
    return NQ_OK;
}

/* Gaps that are values become infinity. */
static void gaps_mark(const nqi_check_job *job, double *row)
{
    for (size_t c = 0; c < job->rows.columns; c++)
        if (isnan(row[c]) && nq_model_gap_part(job->model, c) > 0)
            row[c] = (double)INFINITY;
}

/* 0: no gap, 1: gaps that are values, 2: others. */
static int gaps_of(const nqi_check_rows *rows, const double *row)
{
    int found = 0;
    for (size_t j = 0; j < rows->count; j++) {
        const double x = row[rows->column[j]];
        found = isnan(x) ? 2 : isinf(x) && found < 1 ? 1 : found;
    }
    return found;
}

nq_status nqi_check_rows_read(nqi_check_job *job)
{
    nqi_check_rows *rows = &job->rows;
    nq_status status = columns_find(job);
    if (status ||
        (status = nqi_usable_find_gaps(&rows->usable, job->context, job->model, job->data)))
        return status;
    const size_t all = rows->usable.rows, most = job->options.max_rows;
    const size_t count = most && most < all ? most : all, size = rows->columns;
    if (count < ROWS_LEAST)
        return nqi_fail(job->context, NQ_ERROR_SHAPE,
                        "%zu rows that the model could have: a check needs at least %d", count,
                        ROWS_LEAST);
    double *read = malloc(count * size * sizeof *read);
    rows->real = malloc(count * size * sizeof *rows->real);
    if (!read || !rows->real) {
        free(read);
        return nqi_fail_memory(job->context, "rows to check", 2 * count * size * sizeof *read);
    }
    for (size_t r = 0; r < count; r++) {
        nq_dataset_row(read + r * size, rows->usable.data, (size_t)((uint64_t)r * all / count));
        gaps_mark(job, read + r * size);
    }
    for (int gaps = 0; gaps < 3; gaps++) {
        for (size_t r = 0; r < count; r++)
            if (gaps_of(rows, read + r * size) == gaps)
                memcpy(rows->real + rows->rows++ * size, read + r * size, size * sizeof *read);
        rows->full = gaps == 0 ? rows->rows : rows->full;
        rows->whole = gaps == 1 ? rows->rows : rows->whole;
    }
    free(read);
    return NQ_OK;
}

double nqi_check_affordable(const nq_model *model, double work)
{
    return work / (nqi_regressor_cost(&model->regressor) * (double)nq_model_steps(model));
}

void nqi_check_grid(const nqi_check_job *job, double *values, size_t count)
{
    const double width = job->model->options.dequantize;
    for (size_t i = 0; width > 0 && i < count; i++)
        values[i] = width * nearbyint(values[i] / width);
}

nq_status nqi_check_rows_draw(nqi_check_job *job)
{
    nqi_check_rows *rows = &job->rows;
    const double wanted =
        fmin(DRAWS_RATIO * (double)rows->rows, fmax((double)rows->rows, DRAWS_MANY));
    const double most = fmax(nqi_check_affordable(job->model, sample_work), 10 * ROWS_LEAST);
    rows->draws = (size_t)fmin(wanted, most);
    const nq_sample_options options = {.rows = rows->draws,
                                       .seed =
                                           nqi_seed_child(job->options.seed, NQI_CHECK_SAMPLE)};
    rows->drawn = malloc(rows->draws * rows->columns * sizeof *rows->drawn);
    if (!rows->drawn)
        return nqi_fail_memory(job->context, "rows of a model",
                               rows->draws * rows->columns * sizeof *rows->drawn);
    const nq_status status = nq_sample(rows->drawn, job->context, job->model, &options);
    for (size_t r = 0; !status && r < rows->draws; r++)
        gaps_mark(job, rows->drawn + r * rows->columns);
    if (!status)
        nqi_check_grid(job, rows->drawn, rows->draws * rows->columns);
    return status;
}

void nqi_check_rows_free(nqi_check_rows *rows)
{
    nqi_usable_free(&rows->usable);
    free(rows->column);
    free(rows->is_level);
    free(rows->real);
    free(rows->drawn);
}
