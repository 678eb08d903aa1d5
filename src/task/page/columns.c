/* columns.c - single columns of a page: data beside samples, and how far they are apart. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "core/context.h"
#include "core/monitor.h"
#include "core/sort/sort.h"
#include "model/model.h"
#include "task/page/findings.h"

typedef struct sided {
    double value; /* a gap is infinity */
    int side;
} sided;

static int sided_compare(const void *left, const void *right)
{
    const double a = ((const sided *)left)->value, b = ((const sided *)right)->value;
    return (a > b) - (a < b);
}

static int varies(const nq_model *model, size_t column)
{
    nq_column_facts facts;
    double deviation;
    if (nq_model_column_facts(&facts, model, column))
        return strcmp(facts.kind, "constant") != 0;
    nq_model_column_scaling(NULL, &deviation, model, column);
    return deviation > 0;
}

static int has_no_order(const nq_model *model, size_t column)
{
    return nq_model_pair(NULL, NULL, model, column) || nq_model_column_is_text(model, column);
}

/* By runs of equal values. */
static double distance_of(const sided *all, size_t count, const size_t *of, int is_level)
{
    size_t seen[NQ_SIDES] = {0, 0}, run[NQ_SIDES] = {0, 0};
    double widest = 0, sum = 0;
    for (size_t i = 0; i < count; i++) {
        seen[all[i].side]++;
        run[all[i].side]++;
        if (i + 1 < count && all[i + 1].value == all[i].value)
            continue;
        widest =
            fmax(widest, fabs((double)seen[0] / (double)of[0] - (double)seen[1] / (double)of[1]));
        sum += fabs((double)run[0] / (double)of[0] - (double)run[1] / (double)of[1]);
        run[0] = run[1] = 0;
    }
    return is_level ? sum / 2 : widest;
}

static nq_status distance_find(nqi_page_column *out, const nqi_findings *found, sided *all)
{
    const nq_sides *sides = &found->rows.sides;
    size_t count = 0;
    for (int side = 0; side < NQ_SIDES; side++)
        for (size_t r = 0; r < sides->count[side]; r++) {
            const double x = sides->rows[side][r * found->rows.columns + out->column];
            all[count++] = (sided){isnan(x) ? (double)INFINITY : x, side};
        }
    const nq_status status = nqi_sort(found->context, all, count, sizeof *all, sided_compare);
    if (!status)
        out->distance = distance_of(all, count, sides->count, out->is_level);
    return status;
}

/* Standard error over rows of what the column adds to K. */
static void bits_fill(nqi_page_column *out, const nqi_findings *found)
{
    const nq_bound *bound = &found->bound;
    double n = 0, mean = 0, square = 0, deviation;
    out->bits = out->bits_se = NAN;
    if (!bound->column_bound)
        return;
    for (size_t r = 0; r < bound->all_rows; r++) {
        const double x = bound->row_column_bound[r * bound->columns + out->column];
        if (!isfinite(x))
            continue;
        const double gap = x - mean;
        mean += gap / ++n;
        square += gap * (x - mean);
    }
    nq_model_column_scaling(NULL, &deviation, found->model, out->column);
    const int is_scaled =
        !nq_model_is_recorded(found->model) && nq_model_is_density(found->model) && deviation > 0;
    out->bits = (bound->column_bound[out->column] - (is_scaled ? log(deviation) : 0)) / log(2);
    out->bits_se = n > 1 ? sqrt(square / (n - 1) / n) / log(2) : NAN;
}

static const nq_check_column *check_find(const nqi_findings *found, size_t column)
{
    for (size_t j = 0; j < found->check.column_count; j++)
        if (found->check.columns[j].column == column)
            return &found->check.columns[j];
    return NULL;
}

static nq_status column_make(nqi_page_column *out, const nqi_findings *found, sided *all,
                             size_t column)
{
    nq_status status;
    out->column = column;
    out->is_level = has_no_order(found->model, column);
    out->check = check_find(found, column);
    bits_fill(out, found);
    status = nq_column_figure_make(&out->figure, found->context, found->model, &found->rows.sides,
                                   column);
    return status ? status : distance_find(out, found, all);
}

nq_status nqi_page_columns(nqi_findings *found)
{
    const size_t columns = found->rows.columns;
    const size_t most = found->rows.sides.count[0] + found->rows.sides.count[1];
    found->columns = calloc(columns + 1, sizeof *found->columns);
    sided *all = malloc((most + 1) * sizeof *all);
    nq_status status = found->columns && all
                           ? NQ_OK
                           : nqi_fail_memory(found->context, "columns of a page",
                                             columns * sizeof *found->columns);
    for (size_t c = 0; c < columns && !status; c++) {
        if (!varies(found->model, c)) {
            found->constant_count++;
            continue;
        }
        status = column_make(&found->columns[found->column_count++], found, all, c);
        if (!status)
            status = nqi_tell(found->context, "comparing columns", (double)c, (double)columns);
    }
    free(all);
    return status;
}

/* The widest gap of two distribution functions that is chance one time in a hundred, in any of the
 * columns (Smirnov's tail). */
static double chance_distance(const nqi_findings *found)
{
    const nq_sides *sides = &found->rows.sides;
    const double alpha = 0.01 / (double)(found->column_count + 1);
    return sqrt(-log(alpha / 2) / 2 *
                (1 / (double)sides->count[0] + 1 / (double)sides->count[1]));
}

int nqi_page_is_off(const nqi_findings *found, const nqi_page_column *column)
{
    const nq_check_column *check = column->check;
    if (check)
        return nqi_check_is_flagged(&found->check, check);
    return column->distance > chance_distance(found);
}
