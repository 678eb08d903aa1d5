/* sets.c - what a condition lets a column be: sets of values, joined by column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/given/sets.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/sort/sort.h"

static nq_status memory_fail(nq_context *context)
{
    return nqi_fail_memory(context, "conditions on rows", sizeof(nq_condition));
}

nq_status nqi_conditions_begin(nqi_conditions *out, nq_context *context, const nq_model *model)
{
    const size_t columns = nq_model_columns(model);
    *out = (nqi_conditions){.model = model};
    out->names = calloc(columns + 1, sizeof *out->names);
    out->made = calloc(columns + 1, sizeof *out->made);
    out->known = calloc(columns + 1, sizeof *out->known);
    if (!out->names || !out->made || !out->known)
        return memory_fail(context);
    for (size_t c = 0; c < columns; c++) {
        snprintf(out->made[c], sizeof *out->made, "x%zu", c + 1);
        out->names[c] = nq_model_column_name(model, c);
        if (!out->names[c])
            out->names[c] = out->made[c];
        out->known[c] = NAN;
    }
    return NQ_OK;
}

void nqi_conditions_free(nqi_conditions *given)
{
    for (size_t i = 0; i < given->count; i++) {
        free((void *)(uintptr_t)given->items[i].column);
        free((void *)(uintptr_t)given->items[i].coefficient);
        free((void *)(uintptr_t)given->items[i].ends);
        free((void *)(uintptr_t)given->items[i].levels);
    }
    free(given->items);
    free(given->names);
    free(given->made);
    free(given->known);
    *given = (nqi_conditions){.model = NULL};
}

nq_status nqi_value_set_begin(nqi_value_set *out, nq_context *context, nqi_conditions *given,
                              size_t column)
{
    *out = (nqi_value_set){.given = given, .column = column};
    if (!nq_model_column_is_text(given->model, column))
        return NQ_OK;
    out->levels = calloc(nq_model_levels(given->model, column) + 1, 1);
    return out->levels ? NQ_OK : memory_fail(context);
}

void nqi_value_set_free(nqi_value_set *set)
{
    free(set->ends);
    free(set->levels);
}

/* A level of a text column by its text. */
static nq_status level_add(nqi_value_set *set, nq_context *context, const char *text)
{
    const nq_model *model = set->given->model;
    const size_t levels = nq_model_levels(model, set->column);
    const char **names = calloc(levels + 1, sizeof *names);
    size_t found = levels, count = 0;
    if (!names)
        return memory_fail(context);
    for (size_t k = 0; k < levels; k++) {
        const char *own = nq_model_level_text(model, set->column, k);
        if (own && strcmp(own, text) == 0)
            found = k;
        if (own)
            names[count++] = own;
    }
    const char *nearest = nq_name_nearest(text, names);
    if (!nearest && count)
        nearest = names[0];
    free(names);
    if (found < levels) {
        set->levels[found] = 1;
        return NQ_OK;
    }
    return nqi_fail(context, NQ_ERROR_SHAPE,
                    NQI_OPTION "given: column \"%s\" has no level \"%s\"; expected one that "
                               "training rows had, such as \"%s\"",
                    set->given->names[set->column], text, nearest ? nearest : "");
}

nq_status nqi_value_set_add(nqi_value_set *set, nq_context *context, const char *text,
                            const double ends[2])
{
    nq_column_facts facts = {0};
    if (set->levels)
        return level_add(set, context, text);
    (void)nq_model_column_facts(&facts, set->given->model, set->column);
    if (isnan(ends[0]) || isnan(ends[1]))
        return nqi_fail(context, NQ_ERROR_FORMAT,
                        NQI_OPTION "given: column \"%s\" holds numbers%s; expected one, or an "
                                   "interval such as 40..50, not \"%s\"",
                        set->given->names[set->column],
                        facts.is_date ? " (dates such as 2025-07-31)" : "", text);
    if (ends[0] > ends[1])
        return nqi_fail(context, NQ_ERROR_FORMAT,
                        NQI_OPTION "given: the interval %s of column \"%s\" begins above its "
                                   "end",
                        text, set->given->names[set->column]);
    if (set->count == set->room) {
        const size_t room = 2 * set->room + 4;
        double *more = realloc(set->ends, 2 * room * sizeof *more);
        if (!more)
            return memory_fail(context);
        set->ends = more;
        set->room = room;
    }
    set->ends[2 * set->count] = ends[0];
    set->ends[2 * set->count++ + 1] = ends[1];
    return NQ_OK;
}

/* In order, and none within another. */
static size_t intervals_join(double *ends, size_t count)
{
    size_t kept = 0;
    qsort(ends, count, 2 * sizeof *ends, nqi_double_compare);
    for (size_t i = 0; i < count; i++) {
        if (kept && ends[2 * i] <= ends[2 * kept - 1]) {
            ends[2 * kept - 1] = fmax(ends[2 * kept - 1], ends[2 * i + 1]);
            continue;
        }
        ends[2 * kept] = ends[2 * i];
        ends[2 * kept++ + 1] = ends[2 * i + 1];
    }
    return kept;
}

/* Just beyond a value: half a step of a grid, or the next number. */
static double beyond(const nq_model *model, size_t column, double value, double towards)
{
    const double one = 1, step = nqi_conditions_step(model, &column, &one, 1, value);
    return towards > 0 ? value + step : value - step;
}

/* What is between and around the intervals; out has room for one more. */
static size_t intervals_turn(const nqi_value_set *set, double *out)
{
    double low = -HUGE_VAL;
    size_t kept = 0;
    for (size_t i = 0; i <= set->count; i++) {
        const double high = i < set->count
                                ? beyond(set->given->model, set->column, set->ends[2 * i], -1)
                                : HUGE_VAL;
        if (low <= high) {
            out[2 * kept] = low;
            out[2 * kept++ + 1] = high;
        }
        if (i < set->count)
            low = beyond(set->given->model, set->column, set->ends[2 * i + 1], 1);
    }
    return kept;
}

double nqi_conditions_step(const nq_model *model, const size_t *column, const double *coefficient,
                           size_t terms, double value)
{
    double least = HUGE_VAL;
    for (size_t k = 0; k < terms; k++) {
        nq_column_facts facts = {0};
        double low, high;
        const int known = nq_model_column_facts(&facts, model, column[k]);
        const int pair = nq_model_pair(&low, &high, model, column[k]);
        const double step = pair ? high - low : known && facts.step > 0 ? facts.step : 0;
        if (!(step > 0)) {
            least = 0;
            break;
        }
        least = fmin(least, fabs(coefficient[k]) * step);
    }
    return least > 0 ? 0.5 * least : fmax(0x1p-48 * fabs(value), 1e-300);
}

static nq_status contradiction(nq_context *context, const nqi_conditions *given, size_t column)
{
    return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                    NQI_OPTION "given cannot be met: nothing is left of column \"%s\" by all "
                               "that is said of it",
                    given->names[column]);
}

/* Adds a condition whose arrays are copied. */
static nq_status item_new(nqi_conditions *given, nq_context *context, nq_condition **out,
                          const size_t *column, const double *coefficient, size_t terms,
                          size_t intervals, size_t levels)
{
    nq_condition *more = realloc(given->items, (given->count + 1) * sizeof *more);
    if (!more)
        return memory_fail(context);
    given->items = more;
    *out = &more[given->count++];
    size_t *columns = calloc(terms, sizeof *columns);
    double *coefficients = calloc(terms, sizeof *coefficients);
    double *ends = calloc(2 * intervals + 2, sizeof *ends);
    unsigned char *allowed = levels ? calloc(levels + 1, 1) : NULL;
    **out = (nq_condition){terms, columns, coefficients, intervals, ends, allowed};
    if (!columns || !coefficients || !ends || (levels && !allowed))
        return memory_fail(context);
    memcpy(columns, column, terms * sizeof *columns);
    memcpy(coefficients, coefficient, terms * sizeof *coefficients);
    return NQ_OK;
}

static nq_condition *alone_on(const nqi_conditions *given, size_t column)
{
    for (size_t i = 0; i < given->count; i++)
        if (given->items[i].terms == 1 && given->items[i].column[0] == column)
            return &given->items[i];
    return NULL;
}

/* The intersection of two sorted lists; out has room for all of both. */
static size_t intervals_meet(double *out, const double *a, size_t n, const double *b, size_t m)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++) {
            const double low = fmax(a[2 * i], b[2 * j]);
            const double high = fmin(a[2 * i + 1], b[2 * j + 1]);
            if (low <= high) {
                out[2 * kept] = low;
                out[2 * kept++ + 1] = high;
            }
        }
    return kept;
}

/* One column in intervals: what is there already is narrowed. */
static nq_status column_add(nqi_conditions *given, nq_context *context, size_t column,
                            const double *ends, size_t intervals)
{
    const double one = 1;
    nq_condition *item = alone_on(given, column);
    if (!item) {
        const nq_status status = item_new(given, context, &item, &column, &one, 1, intervals, 0);
        if (status)
            return status;
        memcpy((double *)(uintptr_t)item->ends, ends, 2 * intervals * sizeof *ends);
        return intervals ? NQ_OK : contradiction(context, given, column);
    }
    double *both = calloc(2 * (item->intervals * intervals + 1), sizeof *both);
    if (!both)
        return memory_fail(context);
    item->intervals = intervals_meet(both, item->ends, item->intervals, ends, intervals);
    free((void *)(uintptr_t)item->ends);
    item->ends = both;
    return item->intervals ? NQ_OK : contradiction(context, given, column);
}

static nq_status levels_add(const nqi_value_set *set, nq_context *context, int is_not)
{
    const size_t levels = nq_model_levels(set->given->model, set->column);
    const double one = 1;
    nq_condition *item = alone_on(set->given, set->column);
    size_t left = 0;
    if (!item) {
        const nq_status status =
            item_new(set->given, context, &item, &set->column, &one, 1, 0, levels);
        if (status)
            return status;
        memset((void *)(uintptr_t)item->levels, 1, levels);
    }
    unsigned char *allowed = (unsigned char *)(uintptr_t)item->levels;
    for (size_t k = 0; k < levels; k++) {
        const int is_gap = !nq_model_level_text(set->given->model, set->column, k);
        allowed[k] = allowed[k] && !is_gap && set->levels[k] != is_not;
        left += allowed[k];
    }
    return left ? NQ_OK : contradiction(context, set->given, set->column);
}

nq_status nqi_value_set_end(nqi_value_set *set, nq_context *context, int is_not)
{
    if (set->levels)
        return levels_add(set, context, is_not);
    set->count = intervals_join(set->ends, set->count);
    double *out = calloc(2 * set->count + 2, sizeof *out);
    size_t count = set->count;
    if (!out)
        return memory_fail(context);
    if (is_not)
        count = intervals_turn(set, out);
    else
        memcpy(out, set->ends, 2 * count * sizeof *out);
    const nq_status status = column_add(set->given, context, set->column, out, count);
    free(out);
    return status;
}

/* By column, as conditions have them. */
static void terms_sort(size_t *column, double *coefficient, size_t terms)
{
    for (size_t i = 1; i < terms; i++)
        for (size_t j = i; j > 0 && column[j - 1] > column[j]; j--) {
            const size_t c = column[j];
            const double a = coefficient[j];
            column[j] = column[j - 1];
            coefficient[j] = coefficient[j - 1];
            column[j - 1] = c;
            coefficient[j - 1] = a;
        }
}

nq_status nqi_conditions_sum_add(nqi_conditions *given, nq_context *context, const size_t *column,
                                 const double *coefficient, size_t terms, const double *ends,
                                 size_t intervals)
{
    nq_condition *item;
    double own[4];
    for (size_t k = 0; k < terms; k++)
        if (nq_model_column_is_text(given->model, column[k]))
            return nqi_fail(context, NQ_ERROR_SHAPE,
                            NQI_OPTION "given: column \"%s\" holds text; expected =, != and "
                                       "its texts",
                            given->names[column[k]]);
    if (terms == 1) {
        for (size_t i = 0; i < intervals; i++) {
            const double a = ends[2 * i] / coefficient[0], b = ends[2 * i + 1] / coefficient[0];
            const size_t to = coefficient[0] > 0 ? i : intervals - 1 - i;
            own[2 * to] = fmin(a, b);
            own[2 * to + 1] = fmax(a, b);
        }
        return column_add(given, context, column[0], own, intervals);
    }
    nq_status status = item_new(given, context, &item, column, coefficient, terms, intervals, 0);
    if (status)
        return status;
    memcpy((double *)(uintptr_t)item->ends, ends, 2 * intervals * sizeof *ends);
    terms_sort((size_t *)(uintptr_t)item->column, (double *)(uintptr_t)item->coefficient, terms);
    return NQ_OK;
}

/* The one value that is left of a column; NaN: there are several. */
static double only_value(const nq_model *model, const nq_condition *item)
{
    double value = NAN;
    if (item->terms > 1)
        return NAN;
    if (!item->levels)
        return item->intervals == 1 && item->ends[0] == item->ends[1] ? item->ends[0] : NAN;
    for (size_t k = 0; k < nq_model_levels(model, item->column[0]); k++)
        if (item->levels[k]) {
            if (!isnan(value))
                return NAN;
            value = nq_model_level_value(model, item->column[0], k);
        }
    return value;
}

void nqi_conditions_settle(nqi_conditions *given)
{
    for (size_t i = 0; i < given->count; i++) {
        const double value = only_value(given->model, &given->items[i]);
        if (!isnan(value)) {
            given->known[given->items[i].column[0]] = value;
            given->known_count++;
        }
    }
}
