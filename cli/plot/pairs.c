/* pairs.c - columns in pairs: the data below the diagonal, samples above it, histograms on it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "options.h"
#include "plot/bars.h"
#include "plot/table.h"
#include "session.h"

enum { DOTS_MOST = 2000, DOTS_TOGETHER = 40 };

/* Points. */
static const double LEFT = 64, TOP = 84, RIGHT = 14, BOTTOM = 44, GAP = 8;
static const double CELLS = 820, CELL_MOST = 230;

/* What an axis shows of a column: its histogram, and the values that have bars instead. */
typedef struct span {
    double low, high;
    nq_column_figure figure;
} span;

static void span_take(span *out, double value)
{
    out->low = fmin(out->low, value); /* gaps are no more */
    out->high = fmax(out->high, value);
}

static void span_set(span *out, const plot_table *table, size_t column)
{
    const size_t columns = nq_model_columns(table->model);
    nq_column_facts facts;
    double part;
    out->low = out->figure.has_bins ? out->figure.low : HUGE_VAL;
    out->high = out->figure.has_bins ? out->figure.high : -HUGE_VAL;
    for (int side = 0; side < NQ_SIDES && !out->figure.has_bins; side++)
        for (size_t r = 0; r < table->sides.count[side]; r++)
            span_take(out, table->sides.rows[side][r * columns + column]);
    if (nq_model_column_facts(&facts, table->model, column))
        for (size_t i = 0; i < facts.levels && i < out->figure.bars; i++)
            span_take(out, nq_model_level(&part, table->model, column, i));
    if (!(out->low <= out->high))
        out->low = out->high = 0;
    const double room = out->high > out->low ? 0.04 * (out->high - out->low) : 0.5;
    out->low -= room;
    out->high += room;
}

static void dots_draw(canvas *page, const plot_table *table, int side, const frame *panel,
                      size_t across, size_t up)
{
    const size_t columns = nq_model_columns(table->model), count = table->sides.count[side];
    const size_t dots = count < DOTS_MOST ? count : DOTS_MOST;
    canvas_ink(page, bars_marks[side].colour, 0.5);
    for (size_t i = 0; i < dots; i++) {
        const double *row = table->sides.rows[side] + i * count / dots * columns;
        if (!isnan(row[across]) && !isnan(row[up]))
            frame_point(page, panel, row[across], row[up]);
        if (i % DOTS_TOGETHER == DOTS_TOGETHER - 1)
            frame_points_draw(page, 0.8);
    }
    frame_points_draw(page, 0.8);
}

/* The histogram where it is on the axis, and the most frequent value that is not in it. */
static void diagonal_draw(canvas *page, const plot_table *table, const span *shown,
                          const frame *panel)
{
    const nq_column_figure *figure = &shown->figure;
    char text[NQ_LABEL_SIZE + 48], parts[48];
    frame where = *panel;
    where.x = frame_x(panel, figure->low);
    where.width = frame_x(panel, figure->high) - where.x;
    where.x_low = figure->low;
    where.x_high = figure->high;
    if (figure->has_bins)
        plot_bins_draw(page, &where, figure);
    if (!figure->bars)
        return;
    bars_parts_text(parts, figure->parts[0], table->sides.count[NQ_SIDE_DATA] > 0);
    snprintf(text, sizeof text, "%s: %s", figure->labels[0], parts);
    canvas_text_within(page, panel->x + panel->width - 4, panel->y + 9, 7, ALIGN_RIGHT, INK_GREY,
                       text, panel->width - 8);
}

/* Row i and column k of the square. */
static void cell_draw(canvas *page, const plot_table *table, const span *spans, size_t i,
                      size_t k, double size)
{
    const size_t last = table->shown_count - 1, across = table->shown[k], up = table->shown[i];
    const frame panel = {.x = LEFT + (size + GAP) * (double)k,
                         .y = TOP + (size + GAP) * (double)i,
                         .width = size,
                         .height = size,
                         .x_low = spans[k].low,
                         .x_high = spans[k].high,
                         .y_low = spans[i].low,
                         .y_high = spans[i].high};
    if (i == k)
        diagonal_draw(page, table, &spans[k], &panel);
    else {
        frame_clip(page, &panel);
        dots_draw(page, table, i > k ? NQ_SIDE_DATA : NQ_SIDE_SAMPLES, &panel, across, up);
        frame_unclip(page);
        frame_ticks_y(page, &panel, nq_column_axis(table->model, up), k == 0);
    }
    frame_ticks_x(page, &panel, nq_column_axis(table->model, across), i == last);
    frame_outline(page, &panel);
}

/* Names below and to the left. */
static void names_draw(canvas *page, const plot_table *table, double size)
{
    char name[NQ_LABEL_SIZE];
    for (size_t k = 0; k < table->shown_count; k++) {
        const double middle = (size + GAP) * (double)k + size / 2;
        plot_column_name(name, sizeof name, table->model, table->shown[k]);
        canvas_text_within(page, LEFT + middle,
                           TOP + (size + GAP) * (double)table->shown_count + 24, 9, ALIGN_CENTRE,
                           INK_BLACK, name, size);
        canvas_text_up(page, 18, TOP + middle, 9, INK_BLACK, name, size);
    }
}

static nq_status spans_make(span *spans, const plot_table *table)
{
    nq_status status = NQ_OK;
    for (size_t k = 0; k < table->shown_count && !status; k++)
        if (!(status = nq_column_figure_make(&spans[k].figure, table->context, table->model,
                                             &table->sides, table->shown[k])))
            span_set(&spans[k], table, table->shown[k]);
    return status;
}

int plot_pairs_draw(const plot_table *table, const plot_target *target)
{
    const double count = (double)table->shown_count;
    const double size = fmin((CELLS - GAP * (count - 1)) / count, CELL_MOST);
    const double square = (size + GAP) * count - GAP;
    const plot_slices heading = {.model = table->model, .title = table->title};
    span spans[PAIRS_MOST];
    canvas page;
    const nq_status status = spans_make(spans, table);
    if (status)
        return session_fail(table->context, status);
    if (canvas_open(&page, target, LEFT + square + RIGHT, TOP + square + BOTTOM))
        return EXIT_FAILED;
    plot_heading(&page, &heading, "");
    bars_legend(&page, 16, 62, &table->sides);
    for (size_t i = 0; i < table->shown_count; i++)
        for (size_t k = 0; k < table->shown_count; k++)
            cell_draw(&page, table, spans, i, k, size);
    names_draw(&page, table, size);
    return canvas_close(&page);
}
