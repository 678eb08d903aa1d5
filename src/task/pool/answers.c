/* answers.c - means, proportions and quantiles of each completed table, and how sure each
 * would be if its table had been recorded so. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/sort/sort.h"
#include "core/text.h"
#include "task/pool/pool.h"

/* Woodruff's interval of a quantile is so many errors of its rank wide to each side. */
static const double RANK_ERRORS = 1.96;

nq_status nqi_pool_answers_add(nqi_pool_answers *out, nq_context *context, size_t count,
                               size_t tables)
{
    const size_t all = out->count + count;
    double *q = realloc(out->q, all * tables * sizeof *q);
    double *u = q ? (out->q = q, realloc(out->u, all * tables * sizeof *u)) : NULL;
    double *df = u ? (out->u = u, realloc(out->df, all * sizeof *df)) : NULL;
    char(*names)[NQI_POOL_NAME] =
        df ? (out->df = df, realloc(out->names, all * sizeof *names)) : NULL;
    if (!names)
        return nqi_fail(context, NQ_ERROR_MEMORY,
                        "there is no memory for %zu answers of %zu tables", all, tables);
    out->names = names;
    out->tables = tables;
    out->count = all;
    return NQ_OK;
}

void nqi_pool_answers_free(nqi_pool_answers *answers)
{
    free(answers->names);
    free(answers->q);
    free(answers->u);
    free(answers->df);
}

int nqi_pool_word_next(char out[NQI_POOL_NAME], const char **rest, char separator)
{
    const char separators[2] = {separator, '\0'};
    const char *from = *rest + strspn(*rest, " ");
    size_t length = strcspn(from, separators);
    *rest = from + length + (from[length] == separator);
    while (length && from[length - 1] == ' ')
        length--;
    if (!length || length >= NQI_POOL_NAME)
        return 0;
    memcpy(out, from, length);
    out[length] = '\0';
    return 1;
}

/* The mean of x[rows] and the variance of that. */
static void mean_of(double *q, double *u, const double *x, size_t rows)
{
    const double n = (double)rows;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < rows; i++)
        sum += x[i];
    for (size_t i = 0; i < rows; i++)
        squares += (x[i] - sum / n) * (x[i] - sum / n);
    *q = sum / n;
    *u = squares / (n - 1) / n;
}

/* Between order statistics, as R's type 7. */
static double quantile(const double *sorted, size_t rows, double q)
{
    const double position = q * (double)(rows - 1);
    const size_t below = (size_t)position;
    return below + 1 < rows
               ? sorted[below] + (position - (double)below) * (sorted[below + 1] - sorted[below])
               : sorted[rows - 1];
}

/* The deviation is what an error of the rank changes (R. S. Woodruff, JASA 47 (1952) 635). */
static void quantile_of(double *q, double *u, double *x, size_t rows, double part)
{
    const double half = RANK_ERRORS * sqrt(part * (1 - part) / (double)rows);
    qsort(x, rows, sizeof *x, nqi_double_compare);
    const double width = quantile(x, rows, part + half) - quantile(x, rows, part - half);
    *q = quantile(x, rows, part);
    *u = width * width / (4 * RANK_ERRORS * RANK_ERRORS);
}

static nq_status rows_check(const nqi_pool_tables *tables)
{
    return tables->rows > 1 ? NQ_OK
                            : nqi_fail(tables->context, NQ_ERROR_SHAPE,
                                       "tables of one row have no deviation to pool");
}

/* A column, of which something is computed in each table. */
typedef struct asked {
    char column[NQI_POOL_NAME], level[NQI_POOL_NAME];
    double part;
    size_t *place; /* [files] */
} asked;

typedef void computer(double *q, double *u, double *x, const asked *one,
                      const nqi_pool_tables *tables, size_t table);

static void mean_compute(double *q, double *u, double *x, const asked *one,
                         const nqi_pool_tables *tables, size_t table)
{
    (void)one;
    (void)table;
    mean_of(q, u, x, tables->rows);
}

static void quantile_compute(double *q, double *u, double *x, const asked *one,
                             const nqi_pool_tables *tables, size_t table)
{
    (void)table;
    quantile_of(q, u, x, tables->rows, one->part);
}

/* A cell is of a level by its text, or as a number. */
static void proportion_compute(double *q, double *u, double *x, const asked *one,
                               const nqi_pool_tables *tables, size_t table)
{
    const nqi_pool_file *file = tables->list[table].file;
    const size_t column = one->place[file - tables->files];
    double number, seen = NAN, is_level = 0;
    const int is_number =
        !nqi_pool_column_is_text(tables, one->place) && nqi_text_read_double(&number, one->level);
    char text[NQI_POOL_NAME];
    for (size_t i = 0; i < tables->rows; i++) {
        if (x[i] != seen) {
            seen = x[i];
            nqi_pool_cell_text(text, file, column, seen);
            is_level = !strcmp(text, one->level) || (is_number && seen == number);
        }
        x[i] = is_level;
    }
    mean_of(q, u, x, tables->rows);
}

/* One more answer. */
static nq_status answer_add(nqi_pool_answers *out, const nqi_pool_tables *tables,
                            const asked *one, const char *name, computer *compute)
{
    const size_t k = out->count;
    const size_t bytes = (tables->rows + 1) * sizeof(double);
    double *x = malloc(bytes);
    nq_status status = x ? nqi_pool_answers_add(out, tables->context, 1, tables->count)
                         : nqi_fail_memory(tables->context, "a column", bytes);
    for (size_t t = 0; t < tables->count && !status; t++) {
        nqi_pool_column_read(x, tables, t, one->place);
        compute(out->q + k * tables->count + t, out->u + k * tables->count + t, x, one, tables,
                t);
    }
    if (!status) {
        snprintf(out->names[k], NQI_POOL_NAME, "%.*s", NQI_POOL_NAME - 1, name);
        out->df[k] = (double)tables->rows - 1;
    }
    free(x);
    return status;
}

/* Each entry of a list, as `add` takes it. */
static nq_status list_add(nqi_pool_answers *out, const nqi_pool_tables *tables, const char *list,
                          nq_status (*add)(nqi_pool_answers *, const nqi_pool_tables *, asked *))
{
    asked one = {.place = calloc(tables->file_count, sizeof *one.place)};
    nq_status status = one.place ? rows_check(tables)
                                 : nqi_fail_memory(tables->context, "columns", sizeof *one.place);
    if (!status && !*list)
        status = nqi_fail(tables->context, NQ_ERROR_SHAPE, "a list of columns is empty");
    while (!status && *list)
        status = nqi_pool_word_next(one.column, &list, ',')
                     ? add(out, tables, &one)
                     : nqi_fail(tables->context, NQ_ERROR_SHAPE,
                                "an entry of a list is empty or longer than %d characters",
                                NQI_POOL_NAME - 1);
    free(one.place);
    return status;
}

static nq_status mean_add(nqi_pool_answers *out, const nqi_pool_tables *tables, asked *one)
{
    char name[2 * NQI_POOL_NAME];
    const nq_status status =
        nqi_pool_column_find(one->place, tables, one->column, NQI_POOL_NUMBERS);
    if (status)
        return status;
    snprintf(name, sizeof name, "mean of %.*s", NQI_POOL_NAME,
             nqi_pool_column_name(tables, one->place));
    return answer_add(out, tables, one, name, mean_compute);
}

nq_status nqi_pool_means(nqi_pool_answers *out, const nqi_pool_tables *tables, const char *list)
{
    return list_add(out, tables, list, mean_add);
}

/* A level that no table has is a slip more often than a proportion of 0. */
static nq_status level_check(const nqi_pool_answers *out, nq_context *context, const asked *one)
{
    const double *q = out->q + (out->count - 1) * out->tables;
    for (size_t t = 0; t < out->tables; t++)
        if (q[t] > 0)
            return NQ_OK;
    return nqi_fail(context, NQ_ERROR_SHAPE, "no row of any table has \"%s\" in column \"%s\"",
                    one->level, one->column);
}

static nq_status proportion_add(nqi_pool_answers *out, const nqi_pool_tables *tables, asked *one)
{
    char name[3 * NQI_POOL_NAME];
    char *equal = strchr(one->column, '=');
    nq_status status;
    if (!equal || equal == one->column || !equal[1])
        return nqi_fail(tables->context, NQ_ERROR_SHAPE,
                        NQI_OPTION "proportion takes COLUMN=LEVEL,..., not '%s'", one->column);
    *equal = '\0';
    snprintf(one->level, sizeof one->level, "%s", equal + 1);
    if ((status = nqi_pool_column_find(one->place, tables, one->column, 0)))
        return status;
    snprintf(name, sizeof name, "part with %.*s = %s", NQI_POOL_NAME,
             nqi_pool_column_name(tables, one->place), one->level);
    status = answer_add(out, tables, one, name, proportion_compute);
    return status ? status : level_check(out, tables->context, one);
}

nq_status nqi_pool_proportions(nqi_pool_answers *out, const nqi_pool_tables *tables,
                               const char *list)
{
    return list_add(out, tables, list, proportion_add);
}

static nq_status quantile_add(nqi_pool_answers *out, const nqi_pool_tables *tables, asked *one)
{
    char name[2 * NQI_POOL_NAME];
    char *colon = strrchr(one->column, ':');
    nq_status status;
    if (!colon || colon == one->column || !nqi_text_read_double(&one->part, colon + 1) ||
        !(one->part > 0 && one->part < 1))
        return nqi_fail(tables->context, NQ_ERROR_SHAPE,
                        NQI_OPTION
                        "quantile takes COLUMN:PART,... with parts between 0 and 1, such as "
                        "age:0.5, not '%s'",
                        one->column);
    *colon = '\0';
    const double half = RANK_ERRORS * sqrt(one->part * (1 - one->part) / (double)tables->rows);
    if (one->part - half <= 0 || one->part + half >= 1)
        return nqi_fail(tables->context, NQ_ERROR_SHAPE,
                        "%zu rows are too few to tell how sure their %g quantile is (it needs "
                        "about %.0f)",
                        tables->rows, one->part,
                        ceil(RANK_ERRORS * RANK_ERRORS *
                             fmax(one->part / (1 - one->part), (1 - one->part) / one->part)) +
                            1);
    if ((status = nqi_pool_column_find(one->place, tables, one->column, NQI_POOL_NUMBERS)))
        return status;
    snprintf(name, sizeof name, "%g quantile of %.*s", one->part, NQI_POOL_NAME,
             nqi_pool_column_name(tables, one->place));
    return answer_add(out, tables, one, name, quantile_compute);
}

nq_status nqi_pool_quantiles(nqi_pool_answers *out, const nqi_pool_tables *tables,
                             const char *list)
{
    return list_add(out, tables, list, quantile_add);
}
