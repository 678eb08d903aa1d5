/* pool_answers.c - means, proportions and quantiles of each completed table, and how sure each
 * would be if its table had been recorded so. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "pool.h"
#include "session.h"

/* Woodruff's interval of a quantile is so many errors of its rank wide to each side. */
static const double RANK_ERRORS = 1.96;

int pool_answers_add(pool_answers *out, size_t count, size_t tables)
{
    const size_t all = out->count + count;
    double *q = realloc(out->q, all * tables * sizeof *q);
    double *u = q ? (out->q = q, realloc(out->u, all * tables * sizeof *u)) : NULL;
    double *df = u ? (out->u = u, realloc(out->df, all * sizeof *df)) : NULL;
    char(*names)[POOL_NAME] =
        df ? (out->df = df, realloc(out->names, all * sizeof *names)) : NULL;

    if (!names)
        return message_fail("there is no memory for %zu answers of %zu tables", all, tables);
    out->names = names;
    out->tables = tables;
    out->count = all;
    return EXIT_DONE;
}

void pool_answers_free(pool_answers *answers)
{
    free(answers->names);
    free(answers->q);
    free(answers->u);
    free(answers->df);
}

int pool_word_next(char out[POOL_NAME], const char **rest, char separator)
{
    const char separators[2] = {separator, '\0'};
    const char *from = *rest + strspn(*rest, " ");
    size_t length = strcspn(from, separators);

    *rest = from + length + (from[length] == separator);
    while (length && from[length - 1] == ' ')
        length--;
    if (!length || length >= POOL_NAME)
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

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
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

    qsort(x, rows, sizeof *x, by_value);
    const double width = quantile(x, rows, part + half) - quantile(x, rows, part - half);
    *q = quantile(x, rows, part);
    *u = width * width / (4 * RANK_ERRORS * RANK_ERRORS);
}

static int rows_check(const pool_tables *tables)
{
    return tables->rows > 1 ? EXIT_DONE
                            : message_fail("tables of one row have no deviation to pool");
}

/* A column, of which something is computed in each table. */
typedef struct asked {
    char column[POOL_NAME], level[POOL_NAME];
    double part;
    size_t *place; /* [files] */
} asked;

typedef void computer(double *q, double *u, double *x, const asked *one,
                      const pool_tables *tables, size_t table);

static void mean_compute(double *q, double *u, double *x, const asked *one,
                         const pool_tables *tables, size_t table)
{
    (void)one;
    (void)table;
    mean_of(q, u, x, tables->rows);
}

static void quantile_compute(double *q, double *u, double *x, const asked *one,
                             const pool_tables *tables, size_t table)
{
    (void)table;
    quantile_of(q, u, x, tables->rows, one->part);
}

/* A cell is of a level by its text, or as a number. */
static void proportion_compute(double *q, double *u, double *x, const asked *one,
                               const pool_tables *tables, size_t table)
{
    const pool_file *file = tables->list[table].file;
    const size_t column = one->place[file - tables->files];
    double number, seen = NAN, is_level = 0;
    const int is_number =
        !pool_column_is_text(tables, one->place) && number_parse(&number, one->level);
    char text[POOL_NAME];

    for (size_t i = 0; i < tables->rows; i++) {
        if (x[i] != seen) {
            seen = x[i];
            pool_cell_text(text, file, column, seen);
            is_level = !strcmp(text, one->level) || (is_number && seen == number);
        }
        x[i] = is_level;
    }
    mean_of(q, u, x, tables->rows);
}

/* One more answer. */
static int answer_add(pool_answers *out, const pool_tables *tables, const asked *one,
                      const char *name, computer *compute)
{
    const size_t k = out->count;
    double *x = values_new(tables->rows, 1);
    int code = x ? pool_answers_add(out, 1, tables->count) : EXIT_FAILED;

    for (size_t t = 0; t < tables->count && !code; t++) {
        pool_column_read(x, tables, t, one->place);
        compute(out->q + k * tables->count + t, out->u + k * tables->count + t, x, one, tables,
                t);
    }
    if (!code) {
        snprintf(out->names[k], POOL_NAME, "%.*s", POOL_NAME - 1, name);
        out->df[k] = (double)tables->rows - 1;
    }
    free(x);
    return code;
}

/* Each entry of a list, as `add` takes it. */
static int list_add(pool_answers *out, const pool_tables *tables, const char *list,
                    int (*add)(pool_answers *, const pool_tables *, asked *))
{
    asked one = {.place = calloc(tables->file_count, sizeof *one.place)};
    int code = one.place ? rows_check(tables) : message_fail("out of memory");

    if (!code && !*list)
        code = message_fail("a list of columns is empty");
    while (!code && *list)
        code = pool_word_next(one.column, &list, ',')
                   ? add(out, tables, &one)
                   : message_fail("an entry of a list is empty or longer than %d characters",
                                  POOL_NAME - 1);
    free(one.place);
    return code;
}

static int mean_add(pool_answers *out, const pool_tables *tables, asked *one)
{
    char name[2 * POOL_NAME];
    const int code = pool_column_find(one->place, tables, one->column, POOL_NUMBERS);

    if (code)
        return code;
    snprintf(name, sizeof name, "mean of %.*s", POOL_NAME, pool_column_name(tables, one->place));
    return answer_add(out, tables, one, name, mean_compute);
}

int pool_means(pool_answers *out, const pool_tables *tables, const char *list)
{
    return list_add(out, tables, list, mean_add);
}

/* A level that no table has is a slip more often than a proportion of 0. */
static int level_check(const pool_answers *out, const asked *one)
{
    const double *q = out->q + (out->count - 1) * out->tables;

    for (size_t t = 0; t < out->tables; t++)
        if (q[t] > 0)
            return EXIT_DONE;
    return message_fail("no row of any table has \"%s\" in column \"%s\"", shown(one->level).text,
                        shown(one->column).text);
}

static int proportion_add(pool_answers *out, const pool_tables *tables, asked *one)
{
    char name[3 * POOL_NAME];
    char *equal = strchr(one->column, '=');
    int code;

    if (!equal || equal == one->column || !equal[1])
        return message_fail("--proportion takes COLUMN=LEVEL,..., not '%s'",
                            shown(one->column).text);
    *equal = '\0';
    snprintf(one->level, sizeof one->level, "%s", equal + 1);
    if ((code = pool_column_find(one->place, tables, one->column, 0)))
        return code;
    snprintf(name, sizeof name, "part with %.*s = %s", POOL_NAME,
             pool_column_name(tables, one->place), one->level);
    code = answer_add(out, tables, one, name, proportion_compute);
    return code ? code : level_check(out, one);
}

int pool_proportions(pool_answers *out, const pool_tables *tables, const char *list)
{
    return list_add(out, tables, list, proportion_add);
}

static int quantile_add(pool_answers *out, const pool_tables *tables, asked *one)
{
    char name[2 * POOL_NAME];
    char *colon = strrchr(one->column, ':');
    int code;

    if (!colon || colon == one->column || !number_parse(&one->part, colon + 1) ||
        !(one->part > 0 && one->part < 1))
        return message_fail(
            "--quantile takes COLUMN:PART,... with parts between 0 and 1, such as "
            "age:0.5, not '%s'",
            shown(one->column).text);
    *colon = '\0';
    const double half = RANK_ERRORS * sqrt(one->part * (1 - one->part) / (double)tables->rows);
    if (one->part - half <= 0 || one->part + half >= 1)
        return message_fail(
            "%zu rows are too few to tell how sure their %g quantile is (it needs "
            "about %.0f)",
            tables->rows, one->part,
            ceil(RANK_ERRORS * RANK_ERRORS *
                 fmax(one->part / (1 - one->part), (1 - one->part) / one->part)) +
                1);
    if ((code = pool_column_find(one->place, tables, one->column, POOL_NUMBERS)))
        return code;
    snprintf(name, sizeof name, "%g quantile of %.*s", one->part, POOL_NAME,
             pool_column_name(tables, one->place));
    return answer_add(out, tables, one, name, quantile_compute);
}

int pool_quantiles(pool_answers *out, const pool_tables *tables, const char *list)
{
    return list_add(out, tables, list, quantile_add);
}
