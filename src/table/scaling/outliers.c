/* outliers.c - numbers that lie far from the others of their column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/monitor.h"
#include "table/dataset.h"

/* Running moments about the first number (Welford). */
typedef struct moments {
    double count, first, mean, squares;
} moments;

typedef struct column {
    moments all;
    double value[2]; /* the smallest and the largest */
    size_t row[2];
    int inner;         /* some number lies between them: not two values only */
    moments others[2]; /* without the smallest, without the largest */
} column;

static void moments_add(moments *m, double x)
{
    if (m->count == 0)
        m->first = x;
    const double before = x - m->first - m->mean;
    m->count++;
    m->mean += before / m->count;
    m->squares += before * (x - m->first - m->mean);
}

static void first_look(column *c, double x, size_t row)
{
    if (c->all.count == 0)
        c->value[0] = c->value[1] = x;
    for (int k = 0; k < 2; k++)
        if (k ? x > c->value[1] : x < c->value[0]) {
            c->inner |= c->value[0] < c->value[1];
            c->value[k] = x;
            c->row[k] = row;
        }
    c->inner |= c->value[0] < x && x < c->value[1];
    if (c->all.count == 0)
        c->row[0] = c->row[1] = row;
    moments_add(&c->all, x);
}

/* With d deviations of the n - 1 others off, a number's square in deviations of all n is
 * d^2 (n - 1) / (n + d^2). Sums that overflow are looked at again too. */
static int is_suspect(const column *c, double limit)
{
    const double n = c->all.count, least = limit * limit * (n - 1) / (n + limit * limit);
    const double middle = c->all.first + c->all.mean;
    const double gap = fmax(c->value[1] - middle, middle - c->value[0]);
    return c->inner && !(gap * gap < 0.9 * least * c->all.squares / n);
}

static double deviations_off(const column *c, int k)
{
    const moments *m = &c->others[k];
    const double deviation = sqrt(m->squares / m->count);
    return deviation > 0 ? fabs(c->value[k] - m->first - m->mean) / deviation : 0;
}

static nq_status rows_pass(column *columns, nq_context *context, const nq_dataset *data,
                           double *row, int again, double limit)
{
    nq_status status = NQ_OK;
    for (size_t r = 0; r < data->rows && !status; r++) {
        status = r % NQI_TELL_ROWS
                     ? NQ_OK
                     : nqi_tell(context, "looking for outliers",
                                (double)(r + (again ? data->rows : 0)), 2 * (double)data->rows);
        nq_dataset_row(row, data, r);
        for (size_t i = 0; i < data->dim; i++) {
            column *c = &columns[i];
            if (!isfinite(row[i]) || (data->columns && data->columns[i].levels))
                continue; /* numbers of texts are far from nothing */
            if (!again)
                first_look(c, row[i], r);
            else if (is_suspect(c, limit))
                for (int k = 0; k < 2; k++)
                    if (r != c->row[k])
                        moments_add(&c->others[k], row[i]);
        }
    }
    return status;
}

static int farther(const void *a, const void *b)
{
    const nq_outlier *x = a, *y = b;
    if (x->deviations != y->deviations)
        return x->deviations > y->deviations ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

static size_t outliers_list(nq_outlier *out, const column *columns, size_t dim, double limit)
{
    size_t count = 0;
    for (size_t i = 0; i < dim; i++) {
        const column *c = &columns[i];
        if (c->others[0].count == 0)
            continue;
        const int k = deviations_off(c, 1) > deviations_off(c, 0);
        const double off = deviations_off(c, k);
        if (off > limit)
            out[count++] = (nq_outlier){c->row[k], i, c->value[k], off};
    }
    qsort(out, count, sizeof *out, farther);
    return count;
}

nq_status nq_dataset_outliers(nq_outlier *out, size_t *count, nq_context *context,
                              const nq_dataset *dataset, double limit, size_t most)
{
    const size_t dim = dataset->dim;
    column *columns = calloc(dim, sizeof *columns);
    nq_outlier *all = calloc(dim, sizeof *all);
    double *row = calloc(dim, sizeof *row);
    nq_status status = NQ_OK;
    *count = 0;
    if (columns && all && row) {
        int some = 0;
        status = rows_pass(columns, context, dataset, row, 0, limit);
        for (size_t i = 0; i < dim; i++)
            some |= is_suspect(&columns[i], limit);
        if (some && !status)
            status = rows_pass(columns, context, dataset, row, 1, limit);
        if (!status)
            *count = outliers_list(all, columns, dim, limit);
        for (size_t i = 0; i < *count && i < most; i++)
            out[i] = all[i];
    } else {
        status = nqi_fail_memory(context, "extremes of columns", dim * sizeof *columns);
    }
    free(columns);
    free(all);
    free(row);
    return status;
}
