/* pool_regress.c - linear regressions of each completed table: numbers as they are, levels of a
 * column of text, or of factor(a column), as 0 and 1 against the first in alphabetical order. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "pool.h"
#include "session.h"

/* A column of the design: 1, a number, or whether a cell is of a level. */
typedef struct term {
    char name[POOL_NAME], level[POOL_NAME]; /* level "": a number, or name "": 1 */
    int is_level;
    size_t *place; /* [files]; NULL: the intercept; shared by the levels of a column */
} term;

typedef struct design {
    const pool_tables *tables;
    size_t *response; /* [files] */
    term *terms;
    size_t count;
    size_t **places; /* that terms point to; owned */
    size_t place_count;
} design;

typedef struct level_list {
    char (*names)[POOL_NAME];
    size_t count;
    int are_numbers;
} level_list;

static int term_add(design *d, const term *one)
{
    term *terms = realloc(d->terms, (d->count + 1) * sizeof *terms);

    if (!terms)
        return message_fail("out of memory");
    d->terms = terms;
    if (d->count == POOL_TERMS)
        return message_fail("a regression takes at most %d coefficients", POOL_TERMS);
    d->terms[d->count++] = *one;
    return EXIT_DONE;
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
        message_print("out of memory");
    return place;
}

static int level_compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static int number_compare(const void *a, const void *b)
{
    double x = 0, y = 0;

    (void)number_parse(&x, a);
    (void)number_parse(&y, b);
    return (x > y) - (x < y);
}

static int level_offer(level_list *levels, const char *text)
{
    char(*names)[POOL_NAME];

    for (size_t i = 0; i < levels->count; i++)
        if (!strcmp(levels->names[i], text))
            return EXIT_DONE;
    if (levels->count == POOL_TERMS)
        return message_fail("a column of more than %d levels is too much for a regression",
                            POOL_TERMS);
    if (!(names = realloc(levels->names, (levels->count + 1) * sizeof *names)))
        return message_fail("out of memory");
    levels->names = names;
    memcpy(names[levels->count++], text, strlen(text) + 1);
    return EXIT_DONE;
}

/* All texts that a column has in any table, in order. */
static int levels_find(level_list *levels, const design *d, const size_t *place)
{
    char text[POOL_NAME];
    int code = EXIT_DONE;

    levels->are_numbers = !pool_column_is_text(d->tables, place);
    for (size_t i = 0; i < d->tables->file_count; i++) {
        const pool_file *file = &d->tables->files[i];
        double seen = NAN;

        for (size_t r = 0; r < file->rows && !code; r++) {
            const double x = file->values[r * file->columns + place[i]];

            if (x == seen)
                continue;
            seen = x;
            pool_cell_text(text, file, place[i], x);
            code = level_offer(levels, text);
        }
    }
    if (!code)
        qsort(levels->names, levels->count, sizeof *levels->names,
              levels->are_numbers ? number_compare : level_compare);
    return code;
}

static int levels_add(design *d, term *one)
{
    level_list levels = {0};
    int code = levels_find(&levels, d, one->place);

    one->is_level = 1;
    for (size_t i = 1; i < levels.count && !code; i++) {
        memcpy(one->level, levels.names[i], POOL_NAME);
        code = term_add(d, one);
    }
    free(levels.names);
    return code;
}

/* x, or factor(x). */
static int column_add(design *d, const char *word)
{
    static const char factor[] = "factor(";
    const size_t length = strlen(word);
    const int is_factor = !strncmp(word, factor, sizeof factor - 1) && word[length - 1] == ')';
    const size_t skip = is_factor ? sizeof factor - 1 : 0;
    term one = {.place = place_new(d)};
    int code;

    if (!one.place)
        return EXIT_FAILED;
    snprintf(one.name, sizeof one.name, "%.*s", (int)(length - skip - (size_t)is_factor),
             word + skip);
    if ((code = pool_column_find(one.place, d->tables, one.name, POOL_NAMED)))
        return code;
    snprintf(one.name, sizeof one.name, "%.*s", POOL_NAME - 1,
             pool_column_name(d->tables, one.place));
    return is_factor || pool_column_is_text(d->tables, one.place) ? levels_add(d, &one)
                                                                  : term_add(d, &one);
}

static int formula_refuse(const char *formula)
{
    return message_fail("--regress takes a formula such as \"y ~ a + b\", not '%s'",
                        shown(formula).text);
}

static int formula_parse(design *d, const char *formula)
{
    const term intercept = {.name = ""};
    char word[POOL_NAME];
    const char *tilde = strchr(formula, '~'), *rest = formula;
    int code;

    if (!tilde || !pool_word_next(word, &rest, '~') || rest != tilde + 1 ||
        !*(rest += strspn(rest, " ")))
        return formula_refuse(formula);
    if (!(d->response = place_new(d)))
        return EXIT_FAILED;
    if ((code = pool_column_find(d->response, d->tables, word, POOL_NUMBERS | POOL_NAMED)) ||
        (code = term_add(d, &intercept)))
        return code;
    while (*rest && !code)
        code = pool_word_next(word, &rest, '+') ? column_add(d, word) : formula_refuse(formula);
    return code;
}

/* The columns of a table's design, x[count][rows]. */
static void design_fill(double *x, const design *d, size_t table)
{
    const size_t rows = d->tables->rows;
    const pool_file *file = d->tables->list[table].file;
    char text[POOL_NAME];

    for (size_t k = 0; k < d->count; k++) {
        const term *one = &d->terms[k];
        double *column = x + k * rows, seen = NAN, is_level = 0;

        if (one->place)
            pool_column_read(column, d->tables, table, one->place);
        for (size_t i = 0; i < rows; i++) {
            if (!one->place)
                column[i] = 1;
            if (!one->is_level)
                continue;
            if (column[i] != seen) {
                seen = column[i];
                pool_cell_text(text, file, one->place[file - d->tables->files], seen);
                is_level = !strcmp(text, one->level);
            }
            column[i] = is_level;
        }
    }
}

static void term_name(char *out, const term *one)
{
    snprintf(out, POOL_NAME, "%.*s%s%.*s", POOL_NAME / 2, one->place ? one->name : "intercept",
             one->is_level ? " = " : "", POOL_NAME / 3, one->level);
}

static int table_solve(pool_answers *out, size_t first, const design *d, size_t table, double *x,
                       double *y)
{
    const size_t tables = d->tables->count, rows = d->tables->rows;
    double b[POOL_TERMS], variance[POOL_TERMS];
    char name[POOL_NAME];

    design_fill(x, d, table);
    pool_column_read(y, d->tables, table, d->response);
    const size_t solved = least_squares(b, variance, x, y, rows, d->count);
    if (solved < d->count) {
        term_name(name, &d->terms[solved]);
        return message_fail(
            "draw %g of '%s': \"%s\" follows from the terms before it (or has one "
            "value): it has no coefficient",
            d->tables->list[table].draw, d->tables->list[table].file->path, shown(name).text);
    }
    for (size_t k = 0; k < d->count; k++) {
        out->q[(first + k) * tables + table] = b[k];
        out->u[(first + k) * tables + table] = variance[k];
    }
    return EXIT_DONE;
}

static int design_solve(pool_answers *out, const design *d)
{
    const size_t first = out->count, rows = d->tables->rows;
    double *x = NULL, *y = NULL;
    int code;

    if (rows <= d->count)
        return message_fail("%zu rows are too few for %zu coefficients", rows, d->count);
    if ((code = pool_answers_add(out, d->count, d->tables->count)))
        return code;
    for (size_t k = 0; k < d->count; k++) {
        term_name(out->names[first + k], &d->terms[k]);
        out->df[first + k] = (double)(rows - d->count);
    }
    if (!(x = values_new(rows, d->count)) || !(y = values_new(rows, 1)))
        code = EXIT_FAILED;
    for (size_t t = 0; t < d->tables->count && !code; t++)
        code = table_solve(out, first, d, t, x, y);
    free(x);
    free(y);
    return code;
}

int pool_regress(pool_answers *out, const pool_tables *tables, const char *formula)
{
    design d = {.tables = tables};
    int code = formula_parse(&d, formula);

    if (!code)
        code = design_solve(out, &d);
    for (size_t i = 0; i < d.place_count; i++)
        free(d.places[i]);
    free(d.places);
    free(d.terms);
    return code;
}
