/* compare.c - the paired difference of K of two models on the same rows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "measure/bound_job.h"
#include "measure/usable.h"

/* One of the two models. */
typedef struct side {
    const nq_model *model;
    nqi_usable usable; /* of all rows */
    nq_dataset *view;  /* rows that are possible to both, or NULL: all are */
    nq_bound bound;
    double shift; /* to the data's units */
} side;

typedef struct comparing {
    nq_context *context;
    side sides[2];
    size_t *partner;    /* [columns] the second model's column for each of the first's; owned */
    uint64_t *left_out; /* rows that are impossible to either, ascending; owned */
    size_t left_out_count;
} comparing;

static size_t partner_find(const nq_model *model, const char *name, size_t place)
{
    const size_t columns = nq_model_columns(model);
    for (size_t c = 0; c < columns && name; c++) {
        const char *own = nq_model_column_name(model, c);
        if (!own)
            return place < columns ? place : columns;
        if (strcmp(own, name) == 0)
            return c;
    }
    return name || place >= columns ? columns : place;
}

static nq_status units_check(nq_context *context, const side sides[2], size_t c, size_t partner)
{
    const int density = nq_model_column_is_density(sides[0].model, c);
    const char *name = nq_model_column_name(sides[0].model, c);
    if (density == nq_model_column_is_density(sides[1].model, partner))
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                    "column %zu%s%s%s is a density to the %s model and a probability to the "
                    "other: their K have no unit in common",
                    c + 1, name ? " (\"" : "", name ? name : "", name ? "\")" : "",
                    density ? "first" : "second");
}

static nq_status columns_pair(comparing *pair)
{
    const nq_model *first = pair->sides[0].model, *second = pair->sides[1].model;
    const size_t columns = nq_model_columns(first);
    nq_status status = NQ_OK;
    if (columns != nq_model_columns(second))
        return nqi_fail(pair->context, NQ_ERROR_UNSUPPORTED,
                        "the models have %zu and %zu columns: only models of the same columns "
                        "can be compared",
                        columns, nq_model_columns(second));
    if (!(pair->partner = malloc(columns * sizeof *pair->partner)))
        return nqi_fail_memory(pair->context, "a comparison", columns * sizeof *pair->partner);
    for (size_t c = 0; c < columns && !status; c++) {
        const char *name = nq_model_column_name(first, c);
        pair->partner[c] = partner_find(second, name, c);
        if (pair->partner[c] == columns)
            return nqi_fail(pair->context, NQ_ERROR_UNSUPPORTED,
                            "the second model has no column \"%s\": only models of the same "
                            "columns can be compared",
                            name);
        status = units_check(pair->context, pair->sides, c, pair->partner[c]);
    }
    return status;
}

/* Rows that either cannot have, each once. */
static nq_status left_out_merge(comparing *pair)
{
    const nqi_usable *a = &pair->sides[0].usable, *b = &pair->sides[1].usable;
    size_t i = 0, j = 0, n = 0;
    free(pair->left_out);
    if (!(pair->left_out = malloc((a->count + b->count + 1) * sizeof *pair->left_out)))
        return nqi_fail_memory(pair->context, "impossible rows", a->count + b->count);
    while (i < a->count || j < b->count) {
        const size_t row_a = i < a->count ? a->faults[i].row : SIZE_MAX;
        const size_t row_b = j < b->count ? b->faults[j].row : SIZE_MAX;
        pair->left_out[n++] = row_a < row_b ? row_a : row_b;
        i += row_a <= row_b;
        j += row_b <= row_a;
    }
    pair->left_out_count = n;
    return NQ_OK;
}

/* A row of the view as one of those that the model alone leaves. */
static size_t row_of_usable(const comparing *pair, const nqi_usable *usable, size_t row)
{
    for (size_t i = 0; i < pair->left_out_count && pair->left_out[i] <= row; i++)
        row++;
    size_t before = 0;
    while (before < usable->count && usable->faults[before].row < row)
        before++;
    return row - before;
}

/* Rows whose figure turned out not to be finite. */
static nq_status figures_drop(const comparing *pair, side *one)
{
    const size_t count = one->bound.impossible;
    size_t *rows = malloc((count + 1) * sizeof *rows);
    if (!rows)
        return nqi_fail_memory(pair->context, "impossible rows", count * sizeof *rows);
    for (size_t i = 0; i < count; i++)
        rows[i] = row_of_usable(pair, &one->usable, one->bound.faults[i].row);
    const nq_status status =
        count ? nqi_usable_drop(&one->usable, pair->context, rows, count) : NQ_OK;
    free(rows);
    return status;
}

static nq_status side_estimate(side *one, const comparing *pair, const nq_bound_options *options)
{
    nq_status status = NQ_OK;
    const double before = one == &pair->sides[1] ? 0.5 : 0; /* each model is half of the work */
    nq_bound_free(&one->bound);
    nq_dataset_free(one->view);
    one->view = NULL;
    if (pair->left_out_count)
        status = nqi_dataset_omit(&one->view, pair->context, one->usable.whole, pair->left_out,
                                  pair->left_out_count);
    const nqi_portion portion = nqi_portion_enter(pair->context, before, before + 0.5);
    if (!status)
        status = nq_bound_estimate(&one->bound, pair->context, one->model,
                                   one->view ? one->view : one->usable.whole, options);
    nqi_portion_leave(pair->context, portion);
    return status;
}

/* Both on the same rows, until none is impossible to either. 0 rows are left: *some is 0. */
static nq_status pair_estimate(comparing *pair, const nq_bound_options *options, int *some)
{
    side *sides = pair->sides;
    for (;;) {
        nq_status status = left_out_merge(pair);
        *some = pair->left_out_count < nq_dataset_rows(sides[0].usable.whole);
        if (status || !*some || (status = side_estimate(&sides[0], pair, options)) ||
            (status = side_estimate(&sides[1], pair, options)))
            return status;
        if (!sides[0].bound.impossible && !sides[1].bound.impossible)
            return NQ_OK;
        if ((status = figures_drop(pair, &sides[0])) || (status = figures_drop(pair, &sides[1])))
            return status;
    }
}

/* Squared error of the mean of a[i * a_stride] - b[i * b_stride], from sums over `size` rows. */
static double clustered(const double *a, size_t a_stride, const double *b, size_t b_stride,
                        size_t rows, size_t size, double mean)
{
    const double clusters = (double)((rows + size - 1) / size);
    double squares = 0;
    for (size_t first = 0; first < rows; first += size) {
        double sum = 0;
        for (size_t r = first; r < rows && r < first + size; r++)
            sum += a[r * a_stride] - b[r * b_stride] - mean;
        squares += sum * sum;
    }
    return clusters > 1 ? squares * clusters / (clusters - 1) / ((double)rows * (double)rows) : 0;
}

/* Rows of a group share their times, which makes their Monte Carlo errors go together. */
static void difference_of(double *difference, double *se, const double *a, size_t a_stride,
                          const double *b, size_t b_stride, size_t rows)
{
    double sum = 0;
    for (size_t r = 0; r < rows; r++)
        sum += a[r * a_stride] - b[r * b_stride];
    *difference = sum / (double)rows;
    const double single = clustered(a, a_stride, b, b_stride, rows, 1, *difference);
    const double grouped = rows < NQI_BOUND_ROWS ? 0
                                                 : clustered(a, a_stride, b, b_stride, rows,
                                                             NQI_BOUND_GROUP_ROWS, *difference);
    *se = rows > 1 ? sqrt(fmax(single, grouped)) : NAN;
}

static nq_status columns_fill(nq_comparison *out, const comparing *pair)
{
    const nq_bound *a = &pair->sides[0].bound, *b = &pair->sides[1].bound;
    const size_t columns = a->columns;
    if (!a->row_column_bound || !b->row_column_bound)
        return NQ_OK;
    if (!(out->column_difference = calloc(2 * columns, sizeof(double))))
        return nqi_fail_memory(pair->context, "a comparison", 2 * columns * sizeof(double));
    out->columns = columns;
    out->column_se = out->column_difference + columns;
    for (size_t c = 0; c < columns; c++)
        difference_of(&out->column_difference[c], &out->column_se[c], a->row_column_bound + c,
                      columns, b->row_column_bound + pair->partner[c], columns, out->rows);
    return NQ_OK;
}

static nq_status result_fill(nq_comparison *out, comparing *pair)
{
    const side *a = &pair->sides[0], *b = &pair->sides[1];
    out->rows = a->bound.rows;
    for (int i = 0; i < 2; i++) {
        out->terms[i] = pair->sides[i].bound.terms;
        out->bound[i] = pair->sides[i].bound.bound + pair->sides[i].shift;
    }
    difference_of(&out->difference, &out->se, a->bound.row_bound, 1, b->bound.row_bound, 1,
                  out->rows);
    if (out->rows == 1)
        out->se = out->difference == 0 ? 0 : hypot(a->bound.se, b->bound.se);
    out->difference += a->shift - b->shift;
    return columns_fill(out, pair);
}

static void faults_keep(nq_comparison *out, comparing *pair)
{
    for (int i = 0; i < 2; i++) {
        out->impossible[i] = pair->sides[i].usable.count;
        out->faults[i] = pair->sides[i].usable.faults;
        pair->sides[i].usable.faults = NULL;
    }
}

static void comparing_free(comparing *pair)
{
    for (int i = 0; i < 2; i++) {
        nq_bound_free(&pair->sides[i].bound);
        nq_dataset_free(pair->sides[i].view);
        nqi_usable_free(&pair->sides[i].usable);
    }
    free(pair->partner);
    free(pair->left_out);
}

nq_status nq_comparison_estimate(nq_comparison *out, nq_context *context, const nq_model *first,
                                 const nq_model *second, const nq_dataset *data,
                                 const nq_bound_options *options)
{
    comparing pair = {.context = context,
                      .sides = {{.model = first, .shift = nq_model_log_jacobian(first)},
                                {.model = second, .shift = nq_model_log_jacobian(second)}}};
    nq_bound_options own;
    int some = 0;
    *out = (nq_comparison){.bound = {NAN, NAN}, .difference = NAN, .se = NAN};
    nq_status status = nqi_options_take(&own, context, &nqi_bound_options, options);
    if (status)
        return status;
    own.by_column = own.by_column && nq_model_is_recorded(first) && nq_model_is_recorded(second);
    status = columns_pair(&pair);
    for (int i = 0; i < 2 && !status; i++)
        status = nqi_usable_find(&pair.sides[i].usable, context, pair.sides[i].model, data);
    if (!status)
        status = pair_estimate(&pair, &own, &some);
    if (!status && some)
        status = result_fill(out, &pair);
    if (!status)
        faults_keep(out, &pair);
    else
        nq_comparison_free(out);
    comparing_free(&pair);
    return status;
}

void nq_comparison_free(nq_comparison *comparison)
{
    free(comparison->faults[0]);
    free(comparison->faults[1]);
    free(comparison->column_difference); /* and column_se, which stands behind it */
    memset(comparison, 0, sizeof *comparison);
}
