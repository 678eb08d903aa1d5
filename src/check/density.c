/* density.c - K of the rows among K of the model's own draws: a model that is too narrow finds rows
 * less probable than what it draws, one that is too wide more. Both stand in one table in random
 * order, so that what terms of a Monte Carlo estimate share favours neither. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "core/context.h"

/* Floating-point operations; and Monte Carlo terms of a row. */
static const double bound_work = 3e11;
enum { TERMS_LEAST = 16, TERMS_MOST = 48, ROWS_LEAST = 20 };

/* A row as the model has it, gaps missing. */
static void row_copy(double *out, const double *row, size_t columns)
{
    for (size_t c = 0; c < columns; c++)
        out[c] = isinf(row[c]) ? NAN : row[c];
}

/* Rows and draws at random places of one table: row i at place[i]. */
static nq_status table_make(nq_dataset **out, size_t *place, const nqi_check_job *job,
                            size_t count)
{
    const nqi_check_rows *rows = &job->rows;
    const nqi_stream order = nqi_check_stream(job, NQI_CHECK_DENSITY, 0);
    double *values = malloc(count * rows->columns * sizeof *values);
    if (!values)
        return nqi_fail_memory(job->context, "rows to check",
                               count * rows->columns * sizeof *values);
    for (size_t i = 0; i < count; i++) {
        const double *from = i < rows->whole ? rows->real + i * rows->columns
                                             : rows->drawn + (i - rows->whole) * rows->columns;
        place[i] = (size_t)nqi_stream_permute(&order, i, count);
        row_copy(values + place[i] * rows->columns, from, rows->columns);
    }
    const nq_status status =
        nqi_dataset_from_array_like(out, job->context, values, count, rows->usable.whole);
    free(values);
    return status;
}

static void mean_of(double *mean, double *se, const nqi_pooled *all, size_t count, int is_drawn)
{
    double n = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        if (all[i].is_drawn != is_drawn || !isfinite(all[i].value))
            continue;
        n += 1;
        const double gap = all[i].value - sum;
        sum += gap / n;
        squares += gap * (all[i].value - sum);
    }
    *mean = n > 0 ? sum : NAN;
    *se = n > 1 ? sqrt(squares / (n * (n - 1))) : NAN;
}

static nq_status compare(nqi_check_job *job, const nq_bound *bound, const size_t *place,
                         nqi_pooled *all, size_t count)
{
    nq_check *out = job->out;
    const nqi_stream ties = nqi_check_stream(job, NQI_CHECK_DENSITY, 1);
    size_t worst;
    for (size_t i = 0; i < count; i++)
        all[i] = (nqi_pooled){bound->row_bound[place[i]], nqi_stream_uniform(&ties, i), i,
                              i >= job->rows.whole};
    const nq_status status = nqi_pooled_sort(all, job->context, count, 0);
    if (status)
        return status;
    nqi_ranks_two(&out->bound_test, &worst, all, count, 0);
    mean_of(&out->bound_rows, &out->bound_rows_se, all, count, 0);
    mean_of(&out->bound_draws, &out->bound_draws_se, all, count, 1);
    out->density = (nq_check_test){.rows = job->rows.whole,
                                   .draws = job->rows.draws,
                                   .p = out->bound_test.p};
    return NQ_OK;
}

nq_status nqi_check_density(nqi_check_job *job)
{
    const size_t count = job->rows.whole + job->rows.draws;
    const double cost = nqi_regressor_cost(&job->model->regressor) * (double)count;
    const nq_bound_options options = {.terms = (size_t)fmin(fmax(bound_work / cost, TERMS_LEAST),
                                                            TERMS_MOST),
                                      .seed =
                                          nqi_seed_child(job->options.seed, NQI_CHECK_DENSITY),
                                      .each_row = 1};
    nq_dataset *table = NULL;
    nq_bound bound = {0};
    if (job->rows.whole < ROWS_LEAST) {
        job->out->density.why = "fewer than 20 rows are without gaps";
        return NQ_OK;
    }
    size_t *place = malloc(count * sizeof *place);
    nqi_pooled *all = malloc(count * sizeof *all);
    nq_status status = !place || !all
                           ? nqi_fail_memory(job->context, "densities", count * sizeof *all)
                           : table_make(&table, place, job, count);
    if (!status &&
        !(status = nq_bound_estimate(&bound, job->context, job->model, table, &options)))
        status = compare(job, &bound, place, all, count);
    nq_bound_free(&bound);
    nq_dataset_free(table);
    free(place);
    free(all);
    return status;
}
