/* column.c - what a figure shows of a column, data beside samples: shares of its values, and a
 * histogram of its numbers. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/figure.h>

#include "core/context.h"
#include "core/sort/sort.h"
#include "model/model.h"
#include "task/figure/bins.h"

/* Spikes that get bars of their own, and the share that one needs, unless it is the largest. */
enum { SPIKES_SHOWN = 3 };
static const double spike_least = 0.02;
/* Of the numbers at either end: always left out; seldom more, where they lie some multiple of the
 * middle's width away; and what the middle leaves at either end. */
static const double tail = 0.005, tail_most = 0.025, tail_far = 3, tail_of_middle = 0.1;

typedef struct source {
    const nq_model *model;
    const nq_sides *sides;
    size_t columns; /* numbers in a row */
} source;

/* Values that have bars of their own, and what else has one. */
typedef struct bars {
    double level[NQ_BARS_MOST];
    size_t count;
    int other, gap; /* bars, or -1 */
} bars;

static double value_at(const source *table, int side, size_t row, size_t column)
{
    return table->sides->rows[side][row * table->columns + column];
}

static size_t bar_of(const bars *own, double value)
{
    size_t k = 0;
    while (k < own->count && own->level[k] != value)
        k++;
    return k;
}

/* Whether any row has a gap, in training or here. */
static int has_gap(const source *table, size_t column)
{
    if (nq_model_gap_part(table->model, column) > 0)
        return 1;
    for (int side = 0; side < NQ_SIDES; side++)
        for (size_t r = 0; r < table->sides->count[side]; r++)
            if (isnan(value_at(table, side, r, column)))
                return 1;
    return 0;
}

static int has_others(const source *table, size_t column, const bars *own)
{
    for (int side = 0; side < NQ_SIDES; side++)
        for (size_t r = 0; r < table->sides->count[side]; r++) {
            const double value = value_at(table, side, r, column);
            if (!isnan(value) && bar_of(own, value) == own->count)
                return 1;
        }
    return 0;
}

static void bars_choose(bars *own, const source *table, size_t column,
                        const nq_column_facts *facts, int has_bins)
{
    const int gap = has_gap(table, column), is_spiked = !strcmp(facts->kind, "spiked");
    const size_t room = NQ_BARS_MOST - (size_t)gap;
    size_t most = has_bins ? (is_spiked ? SPIKES_SHOWN : 0) : room;
    if (!has_bins && facts->levels > most)
        most = room - 1; /* one is for the others */
    *own = (bars){.other = -1, .gap = -1};
    for (size_t i = 0; i < facts->levels && own->count < most; i++) {
        double part;
        const double level = nq_model_level(&part, table->model, column, i);
        if (!is_spiked || !i || part >= spike_least)
            own->level[own->count++] = level;
    }
    if (!has_bins && !facts->levels &&
        nq_model_pair(&own->level[0], &own->level[1], table->model, column))
        own->count = 2;
    int next = (int)own->count;
    if (!has_bins && own->count < room && has_others(table, column, own))
        own->other = next++;
    if (gap)
        own->gap = next;
}

static void bars_count(nq_column_figure *out, const source *table, size_t column, const bars *own)
{
    for (int side = 0; side < NQ_SIDES; side++)
        for (size_t r = 0; r < table->sides->count[side]; r++) {
            const double value = value_at(table, side, r, column);
            const size_t k = bar_of(own, value);
            const int at = isnan(value) ? own->gap : k < own->count ? (int)k : own->other;
            if (at >= 0)
                out->parts[at][side] += 1 / (double)table->sides->count[side];
        }
}

static void labels_fill(nq_column_figure *out, const source *table, size_t column,
                        const bars *own)
{
    for (size_t k = 0; k < own->count; k++)
        nq_model_cell_text(out->labels[k], NQ_LABEL_SIZE, table->model, column, own->level[k]);
    if (own->other >= 0)
        snprintf(out->labels[own->other], NQ_LABEL_SIZE, "other");
    if (own->gap >= 0)
        snprintf(out->labels[own->gap], NQ_LABEL_SIZE, "no value");
    out->bars = own->count + (own->other >= 0) + (own->gap >= 0);
}

/* Numbers of a side that have no bar. */
static size_t numbers_take(double *out, const source *table, int side, size_t column,
                           const bars *own)
{
    size_t count = 0;
    for (size_t r = 0; r < table->sides->count[side]; r++) {
        const double value = value_at(table, side, r, column);
        if (!isnan(value) && bar_of(own, value) == own->count)
            out[count++] = value;
    }
    qsort(out, count, sizeof *out, nqi_double_compare);
    return count;
}

/* Bins of one width, which hold as many values of a grid each. */
static void bins_choose(nq_column_figure *out, double low, double high,
                        const nq_column_facts *facts)
{
    const int is_grid = facts->step > 0;
    const double step = is_grid ? facts->step : !strcmp(facts->kind, "category") ? 1 : 0;
    const double cells = step > 0 ? round((high - low) / step) + 1 : 0;
    out->bin_count = NQ_BINS_MOST;
    if (step > 0 && cells < 1e9) {
        const double each = ceil(cells / NQ_BINS_MOST);
        out->bin_count = (size_t)fmax(ceil(cells / each), 1);
        out->low = low - step / 2;
        out->high = out->low + each * step * (double)out->bin_count;
        return;
    }
    const double margin = high > low ? 0.02 * (high - low) : 0.5;
    out->low = low - margin;
    out->high = high + margin;
}

/* Ends of an axis on which most of the numbers can be told apart: the outermost are left out, and
 * of heavy tails a few more. numbers: sorted. */
static void ends_choose(double *low, double *high, const double *numbers, size_t count)
{
    const size_t cut = (size_t)(tail * (double)count), most = (size_t)(tail_most * (double)count);
    const size_t middle = (size_t)(tail_of_middle * (double)count), last = count - 1;
    const double from = numbers[middle], to = numbers[last - middle];
    const double width = tail_far * (to - from);
    *low = fmin(numbers[most], fmax(numbers[cut], from - width));
    *high = fmax(numbers[last - most], fmin(numbers[last - cut], to + width));
}

/* The range is that of nearly all numbers of the data, or of the samples where there are none. */
static nq_status bins_fill(nq_column_figure *out, const source *table, size_t column,
                           const bars *own, const nq_column_facts *facts)
{
    const size_t most = table->sides->count[0] > table->sides->count[1] ? table->sides->count[0]
                                                                        : table->sides->count[1];
    double *numbers = malloc((most + 1) * sizeof *numbers);
    int is_chosen = 0;
    if (!numbers)
        return NQ_ERROR_MEMORY;
    for (int side = 0; side < NQ_SIDES; side++) {
        const size_t count = numbers_take(numbers, table, side, column, own);
        double low, high;
        if (count && !is_chosen) {
            ends_choose(&low, &high, numbers, count);
            bins_choose(out, low, high, facts);
        }
        is_chosen |= count > 0;
        if (is_chosen)
            nqi_bins_count(out->bins[side], out->bin_count, out->low, out->high, numbers, count);
    }
    out->has_bins = is_chosen;
    free(numbers);
    return NQ_OK;
}

/* Of a model of one kind of columns all numbers are of it, but bits. */
static int has_histogram(const nq_model *model, size_t column, const nq_column_facts *facts)
{
    if (!nq_model_is_recorded(model))
        return !nq_model_pair(NULL, NULL, model, column);
    return nq_model_column_knots(model, column) > 0 ||
           (!facts->is_text && facts->levels > NQ_BARS_MOST);
}

nq_axis_kind nq_column_axis(const nq_model *model, size_t column)
{
    nq_column_facts facts;
    if (!nq_model_column_facts(&facts, model, column) || !facts.is_date)
        return NQ_AXIS_NUMBERS;
    return model->scaling.column[column].date.between ? NQ_AXIS_SECONDS : NQ_AXIS_DAYS;
}

nq_status nq_column_figure_make(nq_column_figure *out, nq_context *context, const nq_model *model,
                                const nq_sides *sides, size_t column)
{
    const source table = {model, sides, nq_model_columns(model)};
    nq_column_facts facts;
    bars own;
    memset(out, 0, sizeof *out);
    if (column >= table.columns)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "column %zu: expected one of the model's %zu",
                        column + 1, table.columns);
    if (!nq_model_column_facts(&facts, model, column))
        facts.kind = "real";
    const int has_bins = has_histogram(model, column, &facts);
    out->axis = nq_column_axis(model, column);
    bars_choose(&own, &table, column, &facts, has_bins);
    bars_count(out, &table, column, &own);
    labels_fill(out, &table, column, &own);
    if (has_bins && bins_fill(out, &table, column, &own, &facts))
        return nqi_fail_memory(context, "a histogram", sizeof(double));
    return NQ_OK;
}
