/* table.c - the figure of a table: a panel for each column, data in blue beside samples in
 * red. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "plot/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "plot/bars.h"
#include "session.h"

/* Points. */
static const double PANEL_WIDTH = 218, PANEL_HEIGHT = 124, PANEL_GAP = 26, PANEL_PITCH = 168;
static const double MARGIN = 16, TOP = 96, BOTTOM = 24;

static size_t across_of(size_t panels)
{
    return panels <= 1 ? 1 : panels <= 4 ? 2 : panels <= 9 ? 3 : 4;
}

/* Bars across, each value's two one below the other. */
static void bars_draw(canvas *page, const nq_column_figure *figure, const plot_table *table,
                      double x, double y)
{
    bar_list list = {.x = x,
                     .width = PANEL_WIDTH,
                     .most = figure->has_bins ? 1 : 0, /* few of the values have bars then */
                     .has_data = table->sides.count[NQ_SIDE_DATA] > 0};
    double widest = 0;
    for (size_t k = 0; k < figure->bars; k++) {
        list.most = fmax(list.most, fmax(figure->parts[k][0], figure->parts[k][1]));
        widest = fmax(widest, canvas_text_width(page, 8, figure->labels[k]));
    }
    list.label_width = bars_label_width(widest, list.width);
    for (size_t k = 0; k < figure->bars; k++)
        bars_row(page, &list, y + bars_pitch * (double)k, figure->labels[k], figure->parts[k]);
}

void plot_bins_draw(canvas *page, const frame *panel, const nq_column_figure *figure)
{
    frame where = *panel;
    where.y_low = where.y_high = 0;
    for (size_t i = 0; i < figure->bin_count; i++)
        where.y_high = fmax(where.y_high, 1.08 * fmax(figure->bins[0][i], figure->bins[1][i]));
    if (!(where.y_high > 0))
        where.y_high = 1;
    frame_clip(page, &where);
    canvas_ink(page, bars_marks[NQ_SIDE_DATA].colour, bars_marks[NQ_SIDE_DATA].opacity);
    frame_bars(page, &where, figure->bins[NQ_SIDE_DATA], figure->bin_count);
    canvas_ink(page, bars_marks[NQ_SIDE_SAMPLES].colour, 1);
    frame_steps(page, &where, figure->bins[NQ_SIDE_SAMPLES], figure->bin_count, 1);
    frame_unclip(page);
}

/* What part of the numbers the axis does not show. */
static void beyond_tell(canvas *page, const nq_column_figure *figure, const plot_table *table,
                        const frame *panel)
{
    double beyond[NQ_SIDES];
    char text[96];
    for (int side = 0; side < NQ_SIDES; side++) {
        beyond[side] = 1;
        for (size_t i = 0; i < figure->bin_count; i++)
            beyond[side] -= figure->bins[side][i];
        beyond[side] = 100 * fmax(beyond[side], 0);
    }
    const double most = fmax(beyond[NQ_SIDE_SAMPLES],
                             table->sides.count[NQ_SIDE_DATA] ? beyond[NQ_SIDE_DATA] : 0);
    if (most < 0.05)
        return;
    if (table->sides.count[NQ_SIDE_DATA])
        snprintf(text, sizeof text, "beyond: %.1f | %.1f %%", beyond[NQ_SIDE_DATA],
                 beyond[NQ_SIDE_SAMPLES]);
    else
        snprintf(text, sizeof text, "beyond: %.1f %%", beyond[NQ_SIDE_SAMPLES]);
    canvas_text(page, panel->x, panel->y + panel->height + 20, 7, ALIGN_LEFT, INK_GREY, text);
}

static void panel_draw(canvas *page, const nq_column_figure *figure, const plot_table *table,
                       size_t column, double x, double y)
{
    const double used = figure->bars ? bars_pitch * (double)figure->bars + 4 : 0;
    const char *kind = nq_model_column_kind(table->model, column);
    const double kind_width = kind ? canvas_text_width(page, 8, kind) + 8 : 0;
    char name[NQ_LABEL_SIZE];
    plot_column_name(name, sizeof name, table->model, column);
    canvas_text_within(page, x, y - 6, 10, ALIGN_LEFT, INK_BLACK, name, PANEL_WIDTH - kind_width);
    canvas_ink(page, INK_GREY, 1);
    if (kind)
        canvas_text(page, x + PANEL_WIDTH, y - 6, 8, ALIGN_RIGHT, INK_GREY, kind);
    bars_draw(page, figure, table, x, y);
    if (!figure->has_bins)
        return;
    const frame panel = {.x = x,
                         .y = y + used,
                         .width = PANEL_WIDTH,
                         .height = PANEL_HEIGHT - used,
                         .x_low = figure->low,
                         .x_high = figure->high};
    plot_bins_draw(page, &panel, figure);
    frame_ticks_x(page, &panel, figure->axis, 1);
    frame_outline(page, &panel);
    beyond_tell(page, figure, table, &panel);
}

static void legend_draw(canvas *page, const plot_table *table, double y)
{
    const size_t columns = nq_model_columns(table->model);
    const double x = bars_legend(page, MARGIN, y, &table->sides);
    char text[120];
    if (table->pages < 2)
        return;
    const size_t first = (table->page - 1) * TABLE_PAGE;
    snprintf(text, sizeof text, "columns %zu to %zu of %zu, page %zu of %zu (--page)", first + 1,
             first + table->shown_count, columns, table->page, table->pages);
    canvas_text_within(page, x, y, 9, ALIGN_LEFT, INK_GREY, text, page->width - MARGIN - x);
}

int plot_table_draw(const plot_table *table, const plot_target *target)
{
    const size_t across = across_of(table->shown_count);
    const size_t down = (table->shown_count + across - 1) / across;
    const size_t least = across > 2 ? across : 2; /* the heading needs room */
    const plot_slices heading = {.model = table->model, .title = table->title};
    nq_status status = NQ_OK;
    canvas page;
    if (canvas_open(&page, target,
                    2 * MARGIN + PANEL_WIDTH * (double)least + PANEL_GAP * (double)(least - 1),
                    TOP + PANEL_PITCH * (double)(down - 1) + PANEL_HEIGHT + BOTTOM))
        return EXIT_FAILED;
    plot_heading(&page, &heading, "");
    legend_draw(&page, table, 62);
    for (size_t i = 0; i < table->shown_count && !status; i++) {
        nq_column_figure figure;
        if (!(status = nq_column_figure_make(&figure, table->context, table->model, &table->sides,
                                             table->shown[i])))
            panel_draw(&page, &figure, table, table->shown[i],
                       MARGIN + (PANEL_WIDTH + PANEL_GAP) * (double)(i % across),
                       TOP + PANEL_PITCH * (double)(i / across));
    }
    if (!status)
        return canvas_close(&page);
    canvas_drop(&page);
    return session_fail(table->context, status);
}
