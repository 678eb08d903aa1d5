/* kind.c - what the columns of a table are: constant, bits, categories, spiked, whole or real. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/kind/kind.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/context.h"
#include "core/monitor.h"
#include "io/table/label.h"
#include "table/kind/counts.h"

/* Whole numbers of at most so many values, each in so many rows on average, are codes; other
 * numbers of few values that come over and over too. */
enum { CODES_MOST = 100, CODE_ROWS = 5, FEW = 20, FEW_ROWS = 10 };
/* Amounts lie so many times farther apart than codes do. */
enum { APART = 10, IDS_LEAST = 20 };
/* A grid of more cells than this is no grid but digits; nor is one on which so large a part of the
 * rows has a value of its own. */
static const double CELLS_MOST = 1e6, OWN_VALUES = .95, DENSE = 1.5;

const char *nqi_kind_name(nqi_kind kind)
{
    static const char *const names[] = {
        [NQI_KIND_UNKNOWN] = "unknown",   [NQI_KIND_REAL] = "real",
        [NQI_KIND_BIT] = "bit",           [NQI_KIND_WHOLE] = "whole",
        [NQI_KIND_CATEGORY] = "category", [NQI_KIND_SPIKED] = "spiked",
        [NQI_KIND_CONSTANT] = "constant", [NQI_KIND_LEFT_OUT] = "left-out"};
    return names[kind];
}

void nqi_kinds_free(nqi_column_kind *kinds, size_t count)
{
    for (size_t c = 0; kinds && c < count; c++) {
        free(kinds[c].level);
        free(kinds[c].level_rows);
    }
    free(kinds);
}

/* true and false, yes and no, in whichever case. */
static int are_truths(const char *a, const char *b)
{
    static const char *const pairs[][2] = {{"true", "false"}, {"yes", "no"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if ((!strcasecmp(a, pairs[i][0]) && !strcasecmp(b, pairs[i][1])) ||
            (!strcasecmp(a, pairs[i][1]) && !strcasecmp(b, pairs[i][0])))
            return 1;
    return 0;
}

static int is_bit(const nqi_column *column, const nqi_counts *counts)
{
    const double a = counts->value[0], b = counts->value[counts->count - 1];
    if (counts->count != 2 || column->date.is_date)
        return 0;
    if (!column->levels)
        return a == 0 && b == 1;
    return are_truths(column->levels[(size_t)a], column->levels[(size_t)b]);
}

/* Most rows have one value, and the others lie far apart: zeros and amounts. */
static int are_amounts(const nqi_counts *counts, const nqi_grid *grid)
{
    size_t most = 0;
    for (size_t i = 0; i < counts->count; i++)
        most = counts->rows[i] > most ? counts->rows[i] : most;
    return counts->count > FEW && 2 * most > counts->total &&
           grid->cells > APART * (double)counts->count;
}

static int is_category(const nqi_counts *counts, const nqi_grid *grid)
{
    const size_t count = counts->count, rows = counts->total;
    int are_whole = 1;
    for (size_t i = 0; i < count && are_whole; i++)
        are_whole = counts->value[i] == floor(counts->value[i]);
    if (are_whole && count <= CODES_MOST && rows >= CODE_ROWS * count)
        return !are_amounts(counts, grid);
    return count <= FEW && rows >= FEW_ROWS * count;
}

/* Whether the grid says something: whole numbers always, decimals where they are few. */
static int is_grid(const nqi_grid *grid, size_t values, size_t rows)
{
    if (grid->step >= 1)
        return 1;
    return grid->step > 0 && grid->cells <= CELLS_MOST &&
           (double)values < OWN_VALUES * (double)rows;
}

static void grid_keep(nqi_column_kind *out, const nqi_grid *grid)
{
    out->step = grid->step;
    out->offset = grid->offset;
}

/* A name whose last word is id. */
static int is_id_name(const char *name)
{
    const size_t length = name ? strlen(name) : 0;
    if (length < 2 || strcasecmp(name + length - 2, "id") != 0)
        return 0;
    const char before = length > 2 ? name[length - 3] : '_', first = name[length - 2];
    return before == '_' || before == '-' || before == ' ' || before == '.' ||
           (first == 'I' && before >= 'a' && before <= 'z');
}

/* Whole numbers of which each row has its own, evenly apart or under such a name. */
static const char *id_why(const nqi_column *column, const nqi_counts *counts,
                          const nqi_grid *grid)
{
    if (column->date.is_date || counts->count < counts->total || counts->total < IDS_LEAST ||
        !(grid->step >= 1))
        return NULL;
    const double range = counts->value[counts->count - 1] - counts->value[0];
    const int is_even = range < grid->step * DENSE * (double)counts->count; /* some set aside */
    return is_even || is_id_name(column->name) ? "each row has a value of its own, as ids have"
                                               : NULL;
}

/* Numbers with many values. */
static nq_status number_find(nqi_column_kind *out, nq_context *context, const nqi_column *column,
                             const nqi_counts *counts, const nqi_grid *all)
{
    nq_status status = NQ_OK;
    unsigned char *marks = malloc(counts->count);
    if (!marks)
        return nqi_fail_memory(context, "the values of a column", counts->count);
    const size_t spikes = column->date.is_date ? 0 : nqi_spikes_mark(marks, counts, all);
    nqi_grid grid = spikes ? nqi_grid_find(counts, marks, out->decimals) : *all;
    size_t rest = counts->total;
    for (size_t i = 0; i < counts->count && spikes; i++)
        rest -= marks[i] ? counts->rows[i] : 0;
    if (!is_grid(&grid, counts->count - spikes, rest))
        grid = (nqi_grid){0};
    out->kind = !spikes ? grid.step > 0 ? NQI_KIND_WHOLE : NQI_KIND_REAL
                : rest  ? NQI_KIND_SPIKED
                        : NQI_KIND_CATEGORY;
    grid_keep(out, &grid);
    out->why = id_why(column, counts, &grid);
    if (spikes)
        status = nqi_levels_take(out, context, counts, rest ? marks : NULL, column);
    free(marks);
    return status;
}

static nq_status left_out(nqi_column_kind *out, const char *why)
{
    out->kind = NQI_KIND_LEFT_OUT;
    out->why = why;
    return NQ_OK;
}

/* Why a column of text is left out, or NULL: of some rows of a table the whole table decides, or a
 * column would be one or the other by how many rows are held out. */
static const char *label_why(const nq_dataset *data, const nqi_column *column,
                             const nqi_counts *counts)
{
    size_t row = 0, at = 0;
    const nq_dataset *root = nqi_dataset_root(data, &row, &at);
    const char *why = nqi_label_why(counts->count, counts->total);
    if (why && root != data)
        why = nqi_label_why(column->level_count, root->rows);
    return why && nqi_column_is_written_dates(column)
               ? "its texts are dates, which in memory are given as dates and not as text"
               : why;
}

static nq_status text_find(nqi_column_kind *out, nq_context *context, const nq_dataset *data,
                           const nqi_column *column, const nqi_counts *counts)
{
    const char *why = column->told == NQI_TYPE_FIND ? label_why(data, column, counts) : NULL;
    if (why)
        return left_out(out, why);
    out->kind = counts->count == 1       ? NQI_KIND_CONSTANT
                : is_bit(column, counts) ? NQI_KIND_BIT
                                         : NQI_KIND_CATEGORY;
    return nqi_levels_take(out, context, counts, NULL, column);
}

static nq_status kind_find(nqi_column_kind *out, nq_context *context, const nq_dataset *data,
                           const nqi_column *column, const nqi_counts *counts)
{
    if (column->levels)
        return text_find(out, context, data, column, counts);
    const nqi_grid grid =
        nqi_grid_find(counts, NULL, column->date.is_date ? column->date.decimals : out->decimals);
    if (counts->count == 1)
        out->kind = NQI_KIND_CONSTANT;
    else if (is_bit(column, counts))
        out->kind = NQI_KIND_BIT;
    else if (!column->date.is_date && is_category(counts, &grid))
        out->kind = NQI_KIND_CATEGORY;
    else
        return number_find(out, context, column, counts, &grid);
    grid_keep(out, &grid);
    return nqi_levels_take(out, context, counts, NULL, column);
}

/* Numbers of arrays are what they were before anybody asked for kinds. */
static int is_recorded(const nqi_column *column)
{
    return column->has_precision || column->levels || column->date.is_date;
}

static nq_status column_find(nqi_column_kind *out, nq_context *context, const nq_dataset *data,
                             size_t c, nqi_counts *counts, nqi_type told)
{
    const nqi_column *column = &data->columns[c];
    const nq_status status = nqi_counts_make(counts, context, data, c);
    if (status)
        return status;
    out->rows = counts->total;
    out->decimals = column->has_precision ? column->precision : column->date.decimals;
    if (counts->total && !column->levels) {
        out->least = counts->value[0];
        out->most = counts->value[counts->count - 1];
    }
    out->is_told = told != NQI_TYPE_FIND;
    if (told == NQI_TYPE_LEFT_OUT)
        return left_out(out, "the option types says so");
    if (column->role == NQI_ROLE_LEFT_OUT)
        return left_out(out, "it numbers the rows");
    if (!counts->total)
        return left_out(out, "it has no values");
    if (told != NQI_TYPE_FIND)
        return nqi_kind_tell(out, context, data, c, counts, told);
    if (is_recorded(column))
        return kind_find(out, context, data, column, counts);
    out->kind = nqi_dataset_kind(data, c);
    return NQ_OK;
}

static nq_status columns_find(nqi_column_kind *kinds, nq_context *context, const nq_dataset *data,
                              const nqi_type *told)
{
    nqi_counts counts = {0};
    nq_status status = NQ_OK;
    for (size_t c = 0; c < data->dim && !status; c++)
        if (!(status = nqi_tell(context, "looking at columns", (double)c, (double)data->dim)))
            status = column_find(&kinds[c], context, data, c, &counts,
                                 told[c] != NQI_TYPE_FIND ? told[c] : data->columns[c].told);
    nqi_counts_free(&counts);
    return status;
}

/* What `types` says of the columns of `data`. */
static nq_status told_parse(nqi_type *told, nq_context *context, const nq_dataset *data,
                            const char *types)
{
    const int are_named = nqi_columns_named(data->columns);
    const char **names = malloc(data->dim * sizeof *names);
    if (!names)
        return nqi_fail_memory(context, "column names", data->dim * sizeof *names);
    for (size_t c = 0; c < data->dim; c++)
        names[c] = nq_dataset_column_name(data, c);
    const nq_status status =
        nqi_types_parse(told, context, types, are_named ? names : NULL, data->dim, "the data");
    free(names);
    return status;
}

nq_status nqi_kinds_find(nqi_column_kind **out, nq_context *context, const nq_dataset *data,
                         const char *types)
{
    nqi_type *told = calloc(data->dim, sizeof *told);
    nqi_column_kind *kinds = calloc(data->dim, sizeof *kinds);
    nq_status status = NQ_OK;
    *out = NULL;
    if (!told || !kinds)
        status = nqi_fail_memory(context, "columns of a data set", data->dim * sizeof *kinds);
    if (!status && types && *types)
        status = told_parse(told, context, data, types);
    if (!status && data->columns)
        status = columns_find(kinds, context, data, told);
    for (size_t c = 0; c < data->dim && !status && !data->columns; c++)
        kinds[c] = (nqi_column_kind){.kind = nqi_dataset_kind(data, c), .rows = data->rows};
    free(told);
    if (status)
        nqi_kinds_free(kinds, data->dim);
    else
        *out = kinds;
    return status;
}

const nq_dataset *nqi_kinds_rows(const nq_dataset *data)
{
    while (data->view.kind == NQI_VIEW_DRAWN)
        data = data->view.parent;
    return data;
}

/* As for what a scan finds, in a set that is const to the caller; of two threads that find it at
 * once, one lets its own go. */
nq_status nqi_dataset_kinds(const nqi_column_kind **out, nq_context *context,
                            const nq_dataset *data)
{
    data = nqi_kinds_rows(data);
    nq_dataset *own = (nq_dataset *)data;
    nqi_column_kind *found = atomic_load_explicit(&own->found.kinds, memory_order_acquire), *none;
    *out = found;
    if (found)
        return NQ_OK;
    const nq_status status = nqi_kinds_find(&found, context, data, NULL);
    if (status)
        return status;
    none = NULL;
    *out = found;
    if (!atomic_compare_exchange_strong(&own->found.kinds, &none, found)) {
        nqi_kinds_free(found, data->dim);
        *out = none;
    }
    return NQ_OK;
}
