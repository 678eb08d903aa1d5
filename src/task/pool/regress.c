/* regress.c - linear regressions of each completed table: numbers as they are, levels of a
 * column of text, or of factor(a column), as 0 and 1 against the first in alphabetical order. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/text.h"
#include "task/pool/pool.h"

/* A column of the design: 1, a number, or whether a cell is of a level. */
typedef struct term {
    char name[NQI_POOL_NAME], level[NQI_POOL_NAME]; /* level "": a number, or name "": 1 */
    int is_level;
    size_t *place; /* [files]; NULL: the intercept; shared by the levels of a column */
} term;

typedef struct design {
    const nqi_pool_tables *tables;
    size_t *response; /* [files] */
    term *terms;
    size_t count;
    size_t **places; /* that terms point to; owned */
    size_t place_count;
} design;

typedef struct level_list {
    char (*names)[NQI_POOL_NAME];
    size_t count;
    int are_numbers;
} level_list;

static nq_status term_add(design *d, const term *one)
{
    term *terms = realloc(d->terms, (d->count + 1) * sizeof *terms);
    if (!terms)
        return nqi_fail_memory(d->tables->context, "terms", sizeof *terms);
    d->terms = terms;
    if (d->count == NQI_POOL_TERMS)
        return nqi_fail(d->tables->context, NQ_ERROR_SHAPE,
                        "a regression takes at most %d coefficients", NQI_POOL_TERMS);
    d->terms[d->count++] = *one;
    return NQ_OK;
}

static size_t *place_new(design *d)
{
    size_t **places = realloc(d->places, (d->place_count + 1) * sizeof *places);
    size_t *place = places ? calloc(d->tables->file_count, sizeof *place) : NULL;
    if (places)
        d->places = places;
    if (place)
        d->places[d->place_count++] = place;
    else
        (void)nqi_fail_memory(d->tables->context, "columns", sizeof *place);
    return place;
}

static int level_compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static int number_compare(const void *a, const void *b)
{
    double x = 0, y = 0;
    (void)nqi_text_read_double(&x, a);
    (void)nqi_text_read_double(&y, b);
    return (x > y) - (x < y);
}

static nq_status level_offer(level_list *levels, nq_context *context, const char *text)
{
    char(*names)[NQI_POOL_NAME];
    for (size_t i = 0; i < levels->count; i++)
        if (!strcmp(levels->names[i], text))
            return NQ_OK;
    if (levels->count == NQI_POOL_TERMS)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "a column of more than %d levels is too much for a regression",
                        NQI_POOL_TERMS);
    if (!(names = realloc(levels->names, (levels->count + 1) * sizeof *names)))
        return nqi_fail_memory(context, "levels", sizeof *names);
    levels->names = names;
    memcpy(names[levels->count++], text, strlen(text) + 1);
    return NQ_OK;
}

/* All texts that a column has in any table, in order. */
static nq_status levels_find(level_list *levels, const design *d, const size_t *place)
{
    char text[NQI_POOL_NAME];
    nq_status status = NQ_OK;
    levels->are_numbers = !nqi_pool_column_is_text(d->tables, place);
    for (size_t i = 0; i < d->tables->file_count; i++) {
        const nqi_pool_file *file = &d->tables->files[i];
        double seen = NAN;
        for (size_t r = 0; r < file->rows && !status; r++) {
            const double x = file->values[r * file->columns + place[i]];
            if (x == seen)
                continue;
            seen = x;
            nqi_pool_cell_text(text, file, place[i], x);
            status = level_offer(levels, d->tables->context, text);
        }
    }
    if (!status)
        qsort(levels->names, levels->count, sizeof *levels->names,
              levels->are_numbers ? number_compare : level_compare);
    return status;
}

static nq_status levels_add(design *d, term *one)
{
    level_list levels = {0};
    nq_status status = levels_find(&levels, d, one->place);
    one->is_level = 1;
    for (size_t i = 1; i < levels.count && !status; i++) {
        memcpy(one->level, levels.names[i], NQI_POOL_NAME);
        status = term_add(d, one);
    }
    free(levels.names);
    return status;
}

/* x, or factor(x). */
static nq_status column_add(design *d, const char *word)
{
    static const char factor[] = "factor(";
    const size_t length = strlen(word);
    const int is_factor = !strncmp(word, factor, sizeof factor - 1) && word[length - 1] == ')';
    const size_t skip = is_factor ? sizeof factor - 1 : 0;
    term one = {.place = place_new(d)};
    nq_status status;
    if (!one.place)
        return NQ_ERROR_MEMORY;
    snprintf(one.name, sizeof one.name, "%.*s", (int)(length - skip - (size_t)is_factor),
             word + skip);
    if ((status = nqi_pool_column_find(one.place, d->tables, one.name, NQI_POOL_NAMED)))
        return status;
    snprintf(one.name, sizeof one.name, "%.*s", NQI_POOL_NAME - 1,
             nqi_pool_column_name(d->tables, one.place));
    if (one.place[0] == d->response[0])
        return nqi_fail(d->tables->context, NQ_ERROR_SHAPE,
                        NQI_OPTION "regress: \"%s\" is on both sides of the ~", one.name);
    return is_factor || nqi_pool_column_is_text(d->tables, one.place) ? levels_add(d, &one)
                                                                      : term_add(d, &one);
}

static nq_status formula_refuse(const design *d, const char *formula)
{
    return nqi_fail(d->tables->context, NQ_ERROR_SHAPE,
                    NQI_OPTION "regress takes a formula such as \"y ~ a + b\", not '%s'",
                    formula);
}

static nq_status formula_parse(design *d, const char *formula)
{
    const term intercept = {.name = ""};
    char word[NQI_POOL_NAME];
    const char *tilde = strchr(formula, '~'), *rest = formula;
    nq_status status;
    if (!tilde || !nqi_pool_word_next(word, &rest, '~') || rest != tilde + 1 ||
        !*(rest += strspn(rest, " ")))
        return formula_refuse(d, formula);
    if (!(d->response = place_new(d)))
        return NQ_ERROR_MEMORY;
    if ((status = nqi_pool_column_find(d->response, d->tables, word,
                                       NQI_POOL_NUMBERS | NQI_POOL_NAMED)) ||
        (status = term_add(d, &intercept)))
        return status;
    while (*rest && !status)
        status = nqi_pool_word_next(word, &rest, '+') ? column_add(d, word)
                                                      : formula_refuse(d, formula);
    return status;
}

/* The columns of a table's design, x[count][rows]. */
static void design_fill(double *x, const design *d, size_t table)
{
    const size_t rows = d->tables->rows;
    const nqi_pool_file *file = d->tables->list[table].file;
    char text[NQI_POOL_NAME];
    for (size_t k = 0; k < d->count; k++) {
        const term *one = &d->terms[k];
        double *column = x + k * rows, seen = NAN, is_level = 0;
        if (one->place)
            nqi_pool_column_read(column, d->tables, table, one->place);
        for (size_t i = 0; i < rows; i++) {
            if (!one->place)
                column[i] = 1;
            if (!one->is_level)
                continue;
            if (column[i] != seen) {
                seen = column[i];
                nqi_pool_cell_text(text, file, one->place[file - d->tables->files], seen);
                is_level = !strcmp(text, one->level);
            }
            column[i] = is_level;
        }
    }
}

static void term_name(char *out, const term *one)
{
    snprintf(out, NQI_POOL_NAME, "%.*s%s%.*s", NQI_POOL_NAME / 2,
             one->place ? one->name : "intercept", one->is_level ? " = " : "", NQI_POOL_NAME / 3,
             one->level);
}

static nq_status table_solve(nqi_pool_answers *out, size_t first, const design *d, size_t table,
                             double *x, double *y)
{
    const size_t tables = d->tables->count, rows = d->tables->rows;
    double b[NQI_POOL_TERMS], variance[NQI_POOL_TERMS];
    char name[NQI_POOL_NAME];
    design_fill(x, d, table);
    nqi_pool_column_read(y, d->tables, table, d->response);
    const size_t solved = nqi_least_squares(b, variance, x, y, rows, d->count);
    if (solved < d->count) {
        term_name(name, &d->terms[solved]);
        return nqi_fail(d->tables->context, NQ_ERROR_SHAPE,
                        "draw %g of '%s': \"%s\" follows from the terms before it (or has one "
                        "value): it has no coefficient",
                        d->tables->list[table].draw, d->tables->list[table].file->path, name);
    }
    for (size_t k = 0; k < d->count; k++) {
        out->q[(first + k) * tables + table] = b[k];
        out->u[(first + k) * tables + table] = variance[k];
    }
    return NQ_OK;
}

static nq_status design_solve(nqi_pool_answers *out, const design *d)
{
    const size_t first = out->count, rows = d->tables->rows;
    double *x = NULL, *y = NULL;
    nq_status status;
    if (rows <= d->count)
        return nqi_fail(d->tables->context, NQ_ERROR_SHAPE,
                        "%zu rows are too few for %zu coefficients", rows, d->count);
    if ((status = nqi_pool_answers_add(out, d->tables->context, d->count, d->tables->count)))
        return status;
    for (size_t k = 0; k < d->count; k++) {
        term_name(out->names[first + k], &d->terms[k]);
        out->df[first + k] = (double)(rows - d->count);
    }
    x = rows < SIZE_MAX / sizeof *x / (d->count + 1) ? malloc(rows * d->count * sizeof *x) : NULL;
    y = malloc(rows * sizeof *y);
    if (!x || !y)
        status = nqi_fail_memory(d->tables->context, "a regression", rows * d->count * sizeof *x);
    for (size_t t = 0; t < d->tables->count && !status; t++)
        status = table_solve(out, first, d, t, x, y);
    free(x);
    free(y);
    return status;
}

nq_status nqi_pool_regress(nqi_pool_answers *out, const nqi_pool_tables *tables,
                           const char *formula)
{
    design d = {.tables = tables};
    nq_status status = formula_parse(&d, formula);
    if (!status)
        status = design_solve(out, &d);
    for (size_t i = 0; i < d.place_count; i++)
        free(d.places[i]);
    free(d.places);
    free(d.terms);
    return status;
}
