/* binomial.c - figure of a model of bits ([SD15] figure 2): cells and schedule. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "options.h"
#include "plot/plot.h"

enum { CELLS_MOST = 512 }; /* columns that can still be told apart */

static const double GRID_LEAST = 4; /* points; smaller cells have no lines between them */

static void grid_draw(canvas *page, const frame *panel, size_t across, size_t down)
{
    const double width = panel->width / (double)across, height = panel->height / (double)down;
    canvas_ink(page, INK_PALE, 1);
    cairo_set_line_width(page->cairo, 0.4);
    for (size_t i = 1; i < across && width >= GRID_LEAST; i++) {
        cairo_move_to(page->cairo, panel->x + width * (double)i, panel->y);
        cairo_rel_line_to(page->cairo, 0, panel->height);
    }
    for (size_t i = 1; i < down && height >= GRID_LEAST; i++) {
        cairo_move_to(page->cairo, panel->x, panel->y + height * (double)i);
        cairo_rel_line_to(page->cairo, panel->width, 0);
    }
    cairo_stroke(page->cairo);
}

/* Black where the bit is 1; neighbours in a row are one rectangle. */
static void cells_draw(canvas *page, const plot_slices *slices, const double *rows,
                       const frame *panel)
{
    const size_t across = slices->way.columns < CELLS_MOST ? slices->way.columns : CELLS_MOST;
    const double width = panel->width / (double)across;
    const double height = panel->height / (double)slices->way.rows;
    canvas_ink(page, INK_BLACK, 1);
    for (size_t i = 0; i < slices->way.rows; i++) {
        const double *row = rows + i * slices->way.columns;
        for (size_t c = 0, end; c < across; c = end + 1) {
            for (end = c; end < across && row[end] > 0.5; end++)
                continue;
            if (end > c)
                cairo_rectangle(page->cairo, panel->x + width * (double)c,
                                panel->y + height * (double)i, width * (double)(end - c), height);
        }
    }
    cairo_fill(page->cairo);
    grid_draw(page, panel, across, slices->way.rows);
    frame_outline(page, panel);
}

static void slice_row(canvas *page, const plot_slices *slices, double *const rows[NQ_SLICES],
                      double y, double height)
{
    for (int k = 0; k < NQ_SLICES; k++) {
        const frame panel = plot_panel(k, y, height);
        cells_draw(page, slices, rows[k], &panel);
    }
}

int plot_binomial_draw(const plot_slices *slices, const nq_sides *sides,
                       const plot_target *target)
{
    const plot_layout layout = plot_layout_get();
    const double height = 190, pitch = height + 12, bits = plot_bits_height(slices->model);
    canvas page;
    char text[96];
    if (canvas_open(&page, target, layout.width, 76 + 2 * pitch + bits + 168))
        return EXIT_FAILED;
    snprintf(text, sizeof text, "%zu rows of %zu bits%s, black: 1", slices->way.rows,
             slices->way.columns, slices->way.columns > CELLS_MOST ? " (the first 512)" : "");
    const double top = plot_heading(&page, slices, text) + 18;
    plot_time_labels(&page, slices->way.times, top - 6);
    plot_row_label(&page, top, height, "forward q",
                   slices->way.from_data ? "data, diffused" : "samples, diffused");
    slice_row(&page, slices, slices->way.forward, top, height);
    plot_row_label(&page, top + pitch, height, "reverse p", "samples from noise");
    slice_row(&page, slices, slices->way.reverse, top + pitch, height);
    int code = plot_bits_row(&page, slices, sides, top + 2 * pitch + 8);
    if (!code)
        code = plot_schedule_row(&page, slices, top + 2 * pitch + bits + 20, 104);
    if (code) {
        canvas_drop(&page);
        return code;
    }
    return canvas_close(&page);
}
