/* scatter.c - two columns of a Gaussian model ([SD15] figure 1): slices and drift. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "plot/plot.h"
#include "session.h"

enum { ARROWS_ACROSS = 13, ARROW_COUNT = ARROWS_ACROSS * ARROWS_ACROSS };

static const double ARROW_SPAN = 1.7 / ARROWS_ACROSS;

/* Dots in one stroke: few enough that they seldom touch. */
enum { DOTS_TOGETHER = 40 };

static frame panel_get(const plot_slices *slices, int column, double y, double height)
{
    frame panel = plot_panel(column, y, height);
    nq_slices_range(&panel.x_low, &panel.x_high, &slices->way, slices->model, slices->axes[0]);
    nq_slices_range(&panel.y_low, &panel.y_high, &slices->way, slices->model, slices->axes[1]);
    return panel;
}

static void panel_finish(canvas *page, const frame *panel, int column, int x_labels)
{
    frame_unclip(page);
    frame_ticks_x(page, panel, NQ_AXIS_NUMBERS, x_labels);
    frame_ticks_y(page, panel, NQ_AXIS_NUMBERS, column == 0);
    frame_outline(page, panel);
}

static void dots_draw(canvas *page, const plot_slices *slices, const double *rows,
                      const frame *panel, ink colour)
{
    /* Fewer rows may be darker and larger. */
    const double opacity = slices->way.rows > 3000 ? 0.25 : slices->way.rows > 500 ? 0.45 : 0.8;
    const double radius = slices->way.rows > 3000 ? 0.7 : 1;
    canvas_ink(page, colour, opacity);
    for (size_t i = 0; i < slices->way.rows; i++) {
        const double *row = rows + i * slices->way.columns;
        frame_point(page, panel, row[slices->axes[0]], row[slices->axes[1]]);
        if (i % DOTS_TOGETHER == DOTS_TOGETHER - 1)
            frame_points_draw(page, radius);
    }
    frame_points_draw(page, radius);
}

/* Rows outside the frame, as a part of all. */
static void beyond_tell(canvas *page, const plot_slices *slices, const double *rows,
                        const frame *panel)
{
    const size_t a = slices->axes[0], b = slices->axes[1];
    size_t beyond = 0;
    for (size_t i = 0; i < slices->way.rows; i++) {
        const double x = rows[i * slices->way.columns + a], y = rows[i * slices->way.columns + b];
        beyond +=
            !(x >= panel->x_low && x <= panel->x_high && y >= panel->y_low && y <= panel->y_high);
    }
    plot_beyond(page, panel, beyond);
}

static void slice_row(canvas *page, const plot_slices *slices, double *const rows[NQ_SLICES],
                      double y, double height, ink colour)
{
    for (int k = 0; k < NQ_SLICES; k++) {
        const frame panel = panel_get(slices, k, y, height);
        frame_clip(page, &panel);
        dots_draw(page, slices, rows[k], &panel, colour);
        panel_finish(page, &panel, k, 0);
        beyond_tell(page, slices, rows[k], &panel);
    }
}

/* Points on a grid in the shown columns, the means in all others. */
static void grid_fill(const plot_slices *slices, const frame *panel, double *rows)
{
    for (int i = 0; i < ARROW_COUNT; i++) {
        double *row = rows + (size_t)i * slices->way.columns;
        const double across = (i % ARROWS_ACROSS + 0.5) / ARROWS_ACROSS;
        const double up = (i / ARROWS_ACROSS + 0.5) / ARROWS_ACROSS;
        for (size_t c = 0; c < slices->way.columns; c++) {
            double mean;
            nq_model_column_scaling(&mean, NULL, slices->model, c);
            row[c] = mean;
        }
        row[slices->axes[0]] = panel->x_low + across * (panel->x_high - panel->x_low);
        row[slices->axes[1]] = panel->y_low + up * (panel->y_high - panel->y_low);
    }
}

/* Marks the points of the grid that have a row of the slices within about a cell: elsewhere the
 * drift is the network's guess. */
static void support_mark(const plot_slices *slices, const frame *panel, int column, int *near)
{
    const double *const both[] = {slices->way.forward[column], slices->way.reverse[column]};
    for (int i = 0; i < ARROW_COUNT; i++)
        near[i] = 0;
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < slices->way.rows; i++) {
            const double *row = both[k] + i * slices->way.columns;
            const double across = (row[slices->axes[0]] - panel->x_low) /
                                  (panel->x_high - panel->x_low) * ARROWS_ACROSS;
            const double up = (row[slices->axes[1]] - panel->y_low) /
                              (panel->y_high - panel->y_low) * ARROWS_ACROSS;
            if (across >= 0 && across < ARROWS_ACROSS && up >= 0 && up < ARROWS_ACROSS)
                near[(int)up * ARROWS_ACROSS + (int)across] = 1;
        }
}

/* Length of an arrow as a part of the panel. */
static double drift_length(const plot_slices *slices, const frame *panel, const double *drift)
{
    const size_t a = slices->axes[0], b = slices->axes[1];
    return hypot(drift[a] / (panel->x_high - panel->x_low),
                 drift[b] / (panel->y_high - panel->y_low));
}

/* Arrows from x_t towards f_mu(x_t, t): the longest where there are rows spans ARROW_SPAN of the
 * panel, and no other is longer. */
static void drift_draw(canvas *page, const plot_slices *slices, const frame *panel, int column,
                       const double *x, const double *drift)
{
    const size_t columns = slices->way.columns, a = slices->axes[0], b = slices->axes[1];
    int near[ARROW_COUNT];
    double longest = 0;
    char text[64], number[NQ_TICK_SIZE];
    support_mark(slices, panel, column, near);
    for (size_t i = 0; i < ARROW_COUNT; i++)
        if (near[i])
            longest = fmax(longest, drift_length(slices, panel, drift + i * columns));
    const double scale = longest > 0 ? ARROW_SPAN / longest : 0;
    for (size_t i = 0; i < ARROW_COUNT; i++) {
        const double *from = x + i * columns, *by = drift + i * columns;
        const double length = drift_length(slices, panel, by);
        const double grow = scale * length > ARROW_SPAN ? ARROW_SPAN / length : scale;
        canvas_ink(page, near[i] ? INK_GREEN : INK_PALE, 1);
        frame_arrow(page, panel, from[a], from[b], grow * by[a], grow * by[b]);
    }
    nq_text_number(number, sizeof number, scale);
    if (scale > 0)
        snprintf(text, sizeof text, "arrows \xc3\x97 %s", number);
    else
        snprintf(text, sizeof text, "no drift");
    canvas_text(page, panel->x + panel->width, panel->y - 3, 8, ALIGN_RIGHT, INK_GREY, text);
}

static int drift_row(canvas *page, const plot_slices *slices, double y, double height)
{
    double *x = values_new(2 * ARROW_COUNT, slices->way.columns);
    nq_status status = NQ_OK;
    char text[48];
    if (!x)
        return EXIT_FAILED;
    double *drift = x + ARROW_COUNT * slices->way.columns;
    for (int k = 0; k < NQ_SLICES && !status; k++) {
        const frame panel = panel_get(slices, k, y, height);
        const size_t t = nq_slices_drift_time(&slices->way, (size_t)k);
        grid_fill(slices, &panel, x);
        if ((status = nq_model_drift(drift, slices->context, slices->model, x, ARROW_COUNT, t)))
            break;
        snprintf(text, sizeof text, "t = %zu", t);
        canvas_text(page, panel.x, panel.y - 3, 8, ALIGN_LEFT, INK_BLACK, text);
        drift_draw(page, slices, &panel, k, x, drift);
        frame_clip(page, &panel);
        panel_finish(page, &panel, k, 1);
    }
    free(x);
    return status ? session_fail(slices->context, status) : EXIT_DONE;
}

int plot_scatter_rows(canvas *page, const plot_slices *slices, double y, double height)
{
    const double pitch = height + 11;
    plot_row_label(page, y, height, "forward q",
                   slices->way.from_data ? "data, diffused" : "samples, diffused");
    slice_row(page, slices, slices->way.forward, y, height, INK_BLUE);
    plot_row_label(page, y + pitch, height, "reverse p", "samples from noise");
    slice_row(page, slices, slices->way.reverse, y + pitch, height, INK_RED);
    plot_row_label(page, y + 2 * pitch + 10, height, "drift", "f\xce\xbc(x, t) \xe2\x88\x92 x");
    return drift_row(page, slices, y + 2 * pitch + 10, height);
}
