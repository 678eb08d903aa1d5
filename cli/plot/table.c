/* table.c - the figure of a table: a panel for each column, data in blue beside samples in
 * red. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "plot/table.h"

#include <math.h>
#include <stdio.h>

#include "options.h"
#include "plot/plot.h"
#include "session.h"

/* Points. */
static const double PANEL_WIDTH = 218, PANEL_HEIGHT = 124, PANEL_GAP = 26, PANEL_PITCH = 168;
static const double MARGIN = 16, LABEL_WIDTH = 78, PART_WIDTH = 48, ROW = 15.5, BAR = 5.5;
static const double TOP = 96, BOTTOM = 8;
static const ink inks[NQ_SIDES] = {INK_BLUE, INK_RED};

static size_t across_of(size_t panels)
{
    return panels <= 1 ? 1 : panels <= 4 ? 2 : panels <= 9 ? 3 : 4;
}

/* Shares as numbers, as far as there is something to say. */
static void parts_text(char out[48], const double parts[NQ_SIDES], const plot_table *table)
{
    const double real = 100 * parts[NQ_SIDE_DATA], drawn = 100 * parts[NQ_SIDE_SAMPLES];
    if (!table->sides.count[NQ_SIDE_DATA])
        snprintf(out, 48, "%.*f %%", drawn < 9.95 ? 1 : 0, drawn);
    else
        snprintf(out, 48, "%.*f | %.*f %%", real < 9.95 ? 1 : 0, real, drawn < 9.95 ? 1 : 0,
                 drawn);
}

/* Bars across, each value's two one below the other. */
static void bars_draw(canvas *page, const nq_column_figure *panel, const plot_table *table,
                      double x, double y)
{
    const double width = PANEL_WIDTH - LABEL_WIDTH - PART_WIDTH - 8;
    char text[48];
    double most = panel->has_bins ? 1 : 0; /* few of the values have bars then */
    for (size_t k = 0; k < panel->bars; k++)
        most = fmax(most, fmax(panel->parts[k][0], panel->parts[k][1]));
    for (size_t k = 0; k < panel->bars; k++) {
        const double top = y + ROW * (double)k;
        canvas_ink(page, INK_BLACK, 1);
        canvas_text_within(page, x + LABEL_WIDTH - 5, top + 8.5, 8, ALIGN_RIGHT, panel->labels[k],
                           LABEL_WIDTH - 5);
        for (int side = 0; side < NQ_SIDES; side++) {
            canvas_ink(page, inks[side], 0.75);
            cairo_rectangle(page->cairo, x + LABEL_WIDTH, top + BAR * side,
                            most > 0 ? width * panel->parts[k][side] / most : 0, BAR - 0.5);
            cairo_fill(page->cairo);
        }
        parts_text(text, panel->parts[k], table);
        canvas_ink(page, INK_GREY, 1);
        canvas_text(page, x + PANEL_WIDTH, top + 8.5, 7, ALIGN_RIGHT, text);
    }
}

/* The ends of an axis of dates as dates. */
static void ends_draw(canvas *page, const frame *where, const plot_table *table, size_t column)
{
    const double ends[2] = {where->x_low, where->x_high};
    char text[NQ_LABEL_SIZE];
    canvas_ink(page, INK_BLACK, 1);
    for (int end = 0; end < 2; end++) {
        nq_model_cell_text(text, sizeof text, table->model, column,
                           end ? floor(ends[end]) : ceil(ends[end]));
        canvas_text_within(page, where->x + end * where->width, where->y + where->height + 11, 8,
                           end ? ALIGN_RIGHT : ALIGN_LEFT, text, where->width / 2 - 4);
    }
}

/* The data filled, the samples as a line over them. */
static void bins_draw(canvas *page, const nq_column_figure *panel, const plot_table *table,
                      size_t column, double x, double y, double height)
{
    frame where = {.x = x,
                   .y = y,
                   .width = PANEL_WIDTH,
                   .height = height,
                   .x_low = panel->low,
                   .x_high = panel->high};
    double line_x[2 * NQ_BINS_MOST], line_y[2 * NQ_BINS_MOST];
    const double width = (panel->high - panel->low) / (double)panel->bin_count;
    for (size_t i = 0; i < panel->bin_count; i++)
        where.y_high = fmax(where.y_high, 1.08 * fmax(panel->bins[0][i], panel->bins[1][i]));
    if (!(where.y_high > 0))
        where.y_high = 1;
    for (size_t i = 0; i < 2 * panel->bin_count; i++) {
        line_x[i] = panel->low + width * (double)(i / 2 + i % 2);
        line_y[i] = panel->bins[NQ_SIDE_SAMPLES][i / 2];
    }
    frame_clip(page, &where);
    canvas_ink(page, INK_BLUE, 0.45);
    frame_bars(page, &where, panel->bins[NQ_SIDE_DATA], panel->bin_count);
    canvas_ink(page, INK_RED, 0.95);
    frame_line(page, &where, line_x, line_y, 2 * panel->bin_count, 1);
    frame_unclip(page);
    frame_ticks_x(page, &where, !panel->is_date);
    if (panel->is_date)
        ends_draw(page, &where, table, column);
    frame_outline(page, &where);
}

static void panel_draw(canvas *page, const nq_column_figure *panel, const plot_table *table,
                       size_t column, double x, double y)
{
    const double used = panel->bars ? ROW * (double)panel->bars + 4 : 0;
    char name[NQ_LABEL_SIZE];
    const char *known = nq_model_column_name(table->model, column);
    if (known)
        snprintf(name, sizeof name, "%.190s", known);
    else
        snprintf(name, sizeof name, "column %zu", column + 1);
    canvas_ink(page, INK_BLACK, 1);
    canvas_text_within(page, x, y - 6, 10, ALIGN_LEFT, name, PANEL_WIDTH - 60);
    canvas_ink(page, INK_GREY, 1);
    canvas_text(page, x + PANEL_WIDTH, y - 6, 8, ALIGN_RIGHT,
                nq_model_column_kind(table->model, column));
    bars_draw(page, panel, table, x, y);
    if (panel->has_bins)
        bins_draw(page, panel, table, column, x, y + used, PANEL_HEIGHT - used);
}

/* One coloured square and its words; returns where the next may stand. */
static double legend_item(canvas *page, double x, double y, ink colour, const char *text)
{
    canvas_ink(page, colour, 0.75);
    cairo_rectangle(page->cairo, x, y - 7, 8, 8);
    cairo_fill(page->cairo);
    canvas_ink(page, INK_BLACK, 1);
    canvas_text(page, x + 12, y, 9, ALIGN_LEFT, text);
    return x + 12 + canvas_text_width(page, 9, text) + 16;
}

static void legend_draw(canvas *page, const plot_table *table, double y)
{
    char text[120];
    double x = MARGIN;
    if (table->sides.count[NQ_SIDE_DATA]) {
        snprintf(text, sizeof text, "data, %zu rows", table->sides.count[NQ_SIDE_DATA]);
        x = legend_item(page, x, y, INK_BLUE, text);
    }
    snprintf(text, sizeof text, "samples, %zu rows", table->sides.count[NQ_SIDE_SAMPLES]);
    x = legend_item(page, x, y, INK_RED, text);
    if (!table->left_out)
        return;
    snprintf(text, sizeof text, "the first %zu of %zu columns; --columns chooses others",
             table->shown_count, table->shown_count + table->left_out);
    canvas_ink(page, INK_GREY, 1);
    canvas_text(page, x, y, 9, ALIGN_LEFT, text);
}

int plot_table_draw(const plot_table *table, const char *path)
{
    const size_t across = across_of(table->shown_count);
    const size_t down = (table->shown_count + across - 1) / across;
    const size_t least = across > 2 ? across : 2; /* the heading needs room */
    const plot_slices heading = {.model = table->model, .title = table->title};
    nq_status status = NQ_OK;
    canvas page;
    if (canvas_open(&page, table->context, path,
                    2 * MARGIN + PANEL_WIDTH * (double)least + PANEL_GAP * (double)(least - 1),
                    TOP + PANEL_PITCH * (double)down - (PANEL_PITCH - PANEL_HEIGHT) + 16 +
                        BOTTOM))
        return EXIT_FAILED;
    plot_heading(&page, &heading);
    legend_draw(&page, table, 62);
    for (size_t i = 0; i < table->shown_count && !status; i++) {
        nq_column_figure panel;
        if (!(status = nq_column_figure_make(&panel, table->context, table->model, &table->sides,
                                             table->shown[i])))
            panel_draw(&page, &panel, table, table->shown[i],
                       MARGIN + (PANEL_WIDTH + PANEL_GAP) * (double)(i % across),
                       TOP + PANEL_PITCH * (double)(i / across));
    }
    if (!status)
        return canvas_close(&page);
    canvas_drop(&page);
    return session_fail(table->context, status);
}
