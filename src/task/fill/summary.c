/* summary.c - draws of a row, their mean, their quantiles, or the most frequent text. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/sort/sort.h"
#include "model/model.h"
#include "table/write/cell.h"
#include "task/fill/job.h"
#include "task/fill/scores.h"

int nqi_fill_is_text(const nqi_fill_job *job, size_t column)
{
    return job->rows.is_model_size && nq_model_column_is_text(job->models[0], column);
}

/* Between order statistics, as R's type 7. `sorted` has `count` numbers. */
static double quantile(const double *sorted, size_t count, double q)
{
    const double position = q * (double)(count - 1);
    const size_t below = (size_t)position;
    const double part = position - (double)below;
    if (below + 1 >= count)
        return sorted[count - 1];
    return (1 - part) * sorted[below] + part * sorted[below + 1];
}

double nqi_most_frequent(const double *sorted, size_t count)
{
    size_t best = 0, most = 0;
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && sorted[end] == sorted[i];)
            end++;
        if (end - i > most) {
            most = end - i;
            best = i;
        }
    }
    return sorted[best];
}

/* One cell of one row: `sorted` holds its draws and is put in order. out: of its first row. */
static void cell_summarise(const nqi_fill_job *job, size_t column, double *sorted, double *out)
{
    const nqi_fill_plan *plan = &job->plan;
    const nq_model *model = job->models[0];
    const size_t columns = job->rows.columns, draws = plan->draws;
    const size_t like = job->rows.is_model_size ? column : 0; /* pixels are all alike */
    double sum = 0;
    if (nqi_fill_is_text(job, column)) {
        qsort(sorted, draws, sizeof *sorted, nqi_double_compare);
        *out = nqi_most_frequent(sorted, draws);
        for (size_t k = 1; k < plan->quantile_count; k++)
            out[k * columns] = *out;
        return;
    }
    if (plan->options.mean) {
        for (size_t d = 0; d < draws; d++)
            sum += sorted[d];
        *out = nq_model_column_round(model, like, sum / (double)draws);
        return;
    }
    qsort(sorted, draws, sizeof *sorted, nqi_double_compare);
    for (size_t k = 0; k < plan->quantile_count; k++)
        out[k * columns] =
            nq_model_column_round(model, like, quantile(sorted, draws, plan->quantiles[k]));
}

/* What is drawn looks like what was recorded. (Rounded, a row might miss a condition.) */
static void draws_round(const nqi_fill_job *job, const double *known, double *out)
{
    const nqi_column *column = job->rows.is_model_size ? job->models[0]->scaling.column : NULL;
    const size_t columns = job->rows.columns;
    for (size_t c = 0; column && c < columns; c++)
        for (size_t d = 0; d < job->plan.draws && (!job->plan.keeps || isnan(known[c])); d++)
            out[d * columns + c] = nqi_cell_number(&column[c], out[d * columns + c]);
}

void nqi_fill_summarise(const nqi_fill_job *job, size_t row, const double *draws, double *scratch)
{
    const nqi_fill_plan *plan = &job->plan;
    const size_t columns = job->rows.columns;
    const double *known = job->rows.known + row * columns;
    double *out = job->table + row * plan->each * columns;
    if (!plan->options.mean && !plan->quantile_count) {
        memcpy(out, draws, plan->draws * columns * sizeof *out);
        if (!job->given.names)
            draws_round(job, known, out);
        nqi_fill_unseen_put(out, job, row);
        return;
    }
    for (size_t c = 0; c < columns; c++) {
        for (size_t d = 0; d < plan->draws; d++)
            scratch[d] = draws[d * columns + c];
        if (!plan->keeps || isnan(known[c]))
            cell_summarise(job, c, scratch, out + c);
        else
            for (size_t k = 0; k < plan->each; k++)
                out[k * columns + c] = known[c];
    }
    nqi_fill_unseen_put(out, job, row);
}
