/* levels.c - columns of text with their levels in the order that a model has them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/view/levels.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/text.h"
#include "table/gather/loops.h"
#include "table/write/cell.h"

int nqi_levels_same(const nqi_column *a, const nqi_column *b)
{
    if (a->level_count != b->level_count || !a->levels != !b->levels ||
        !a->date.is_date != !b->date.is_date || !a->date.between != !b->date.between)
        return 0;
    for (size_t i = 0; i < a->level_count; i++)
        if (strcmp(a->levels[i], b->levels[i]) != 0)
            return 0;
    return 1;
}

/* A wanted text, and as a number where it is one. */
typedef struct entry {
    const char *text;
    double number;
    size_t level;
} entry;

static int text_compare(const void *a, const void *b)
{
    return strcmp(((const entry *)a)->text, ((const entry *)b)->text);
}

static entry *entries_make(nq_context *context, const nqi_column *wanted)
{
    entry *list = malloc((wanted->level_count + 1) * sizeof *list);
    if (!list) {
        (void)nqi_fail_memory(context, "the levels of a column", wanted->level_count);
        return NULL;
    }
    for (size_t i = 0; i < wanted->level_count; i++) {
        list[i] = (entry){wanted->levels[i], (double)NAN, i};
        if (!nqi_text_read_double(&list[i].number, wanted->levels[i]))
            list[i].number = (double)NAN;
    }
    qsort(list, wanted->level_count, sizeof *list, text_compare);
    return list;
}

/* The number that a text has in the wanted order, or `unknown`. */
static double text_find(const entry *list, size_t count, const char *text, double unknown)
{
    const entry key = {text, 0, 0};
    const entry *found = count ? bsearch(&key, list, count, sizeof key, text_compare) : NULL;
    return found ? (double)found->level : unknown;
}

/* A number by its text, or else, as of 1 and 1.0, by the one text that is the same number. */
static double number_find(const entry *list, size_t count, const nqi_column *column, double x,
                          double unknown)
{
    char text[NQI_CELL_SIZE];
    nqi_cell_text(text, sizeof text, column, x);
    const double found = text_find(list, count, text, unknown);
    const entry *same = NULL;
    if (found != unknown)
        return found;
    for (size_t i = 0; i < count; i++) {
        if (column->date.is_date || list[i].number != x)
            continue;
        if (same)
            return unknown;
        same = &list[i];
    }
    return same ? (double)same->level : unknown;
}

static nq_status codes_turn(double *out, nq_context *context, const nqi_column *column,
                            const entry *list, size_t count, size_t rows)
{
    double *map = malloc((column->level_count + 1) * sizeof *map);
    if (!map)
        return nqi_fail_memory(context, "the levels of a column", column->level_count);
    for (size_t i = 0; i < column->level_count; i++)
        map[i] = text_find(list, count, column->levels[i], -1 - (double)i);
    for (size_t r = 0; r < rows; r++)
        if (out[r] >= 0 && out[r] < (double)column->level_count)
            out[r] = map[(size_t)out[r]];
    free(map);
    return NQ_OK;
}

static void numbers_turn(double *out, const nqi_column *column, const entry *list, size_t count,
                         size_t rows)
{
    double before = NAN, found = NAN;
    for (size_t r = 0; r < rows; r++) {
        if (isnan(out[r]))
            continue;
        if (out[r] != before || found < 0) {
            before = out[r];
            found = number_find(list, count, column, before, -1 - (double)r);
        }
        out[r] = found;
    }
}

/* All rows of the set that has the numbers. */
static void cells_read(double *out, const nqi_strided *from, size_t rows)
{
    for (size_t r = 0; r < rows; r++)
        out[r] = nqi_strided_read(from, r);
}

static nq_status column_turn(nqi_column *column, double *out, nq_context *context,
                             const nqi_column *wanted, size_t rows)
{
    entry *list = entries_make(context, wanted);
    char **levels;
    nq_status status = NQ_OK;
    if (!list)
        return NQ_ERROR_MEMORY;
    cells_read(out, &column->numbers, rows);
    if (column->levels)
        status = codes_turn(out, context, column, list, wanted->level_count, rows);
    else
        numbers_turn(out, column, list, wanted->level_count, rows);
    free(list);
    if (!status &&
        nqi_names_copy(&levels, (const char *const *)wanted->levels, wanted->level_count))
        status = nqi_fail_memory(context, "the levels of a column", wanted->level_count);
    if (status)
        return status;
    nqi_names_free(column->levels, column->level_count);
    column->levels = levels;
    column->level_count = wanted->level_count;
    column->date = (nqi_date_form){0};
    column->has_precision = 0;
    nqi_column_place(column, (const unsigned char *)out, sizeof *out, NQI_F64);
    return NQ_OK;
}

static int has_values(const nqi_column *column, size_t rows)
{
    for (size_t r = 0; r < rows; r++)
        if (!isnan(nqi_strided_read(&column->numbers, r)))
            return 1;
    return 0;
}

/* Numbers, dates and text are not turned into one another but for text, which all can be. */
static nq_status column_check(nq_context *context, const nq_dataset *view, size_t c,
                              const nqi_column *wanted, size_t rows)
{
    char place[NQI_PLACE];
    const nqi_column *column = &view->columns[c];
    size_t row = 0, at = c;
    const nqi_origin *origin = nqi_dataset_root(view, &row, &at)->origin;
    const char *has = column->levels ? "text" : column->date.is_date ? "dates" : "numbers";
    const char *needs = !wanted->date.is_date ? "numbers" : "dates";
    if (wanted->levels || nqi_levels_same(column, wanted) || !has_values(column, rows))
        return NQ_OK;
    if (column->levels && !wanted->date.is_date && origin)
        return nqi_origin_refuse(context, origin, origin->file_column[at]);
    if (column->date.is_date && wanted->date.is_date)
        has = column->date.between ? "times" : "days",
        needs = wanted->date.between ? "times" : "days";
    return nqi_fail(context, NQ_ERROR_FORMAT, "%s holds %s; the model needs %s there",
                    nqi_dataset_column(place, view, c), has, needs);
}

void nqi_forms_match(nq_dataset *view, const nqi_column *wanted)
{
    size_t row = 0, column = 0;
    if (!wanted || !view->columns || nqi_dataset_crops(view))
        return;
    const size_t rows = nqi_dataset_root(view, &row, &column)->rows;
    for (size_t c = 0; c < view->dim; c++) {
        nqi_column *own = &view->columns[c];
        if (own->levels || own->date.is_date || own->has_precision || has_values(own, rows))
            continue;
        own->date = wanted[c].date;
        own->has_precision = wanted[c].has_precision;
        own->precision = wanted[c].precision;
        own->precision_least = wanted[c].precision_least;
    }
}

nq_status nqi_levels_match(nq_dataset *view, nq_context *context, const nqi_column *wanted)
{
    static const nqi_column nothing;
    size_t row = 0, column = 0, turned = 0;
    nq_status status = NQ_OK;
    if (!view->columns || nqi_dataset_crops(view))
        return NQ_OK;
    const size_t rows = nqi_dataset_root(view, &row, &column)->rows;
    for (size_t c = 0; c < view->dim && !status; c++) {
        const nqi_column *want = wanted ? &wanted[c] : &nothing;
        status = column_check(context, view, c, want, rows);
        turned += want->levels && !nqi_levels_same(&view->columns[c], want);
    }
    if (status || !turned)
        return status;
    const size_t bytes = nqi_table_bytes(rows, turned, NQI_F64);
    double *at = view->owned.values = bytes ? malloc(bytes) : NULL;
    if (!at)
        return nqi_fail_memory(context, "the texts of a table", bytes);
    for (size_t c = 0; c < view->dim && !status; c++) {
        if (!wanted[c].levels || nqi_levels_same(&view->columns[c], &wanted[c]))
            continue;
        status = column_turn(&view->columns[c], at, context, &wanted[c], rows);
        at += rows;
    }
    view->layout = (nqi_row_layout){.is_apart = 1};
    return status;
}
