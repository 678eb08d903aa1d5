/* histogram.c - one column of a Gaussian model: histograms of slices, and the drift. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "plot/plot.h"
#include "session.h"

enum { BIN_COUNT = 48, CURVE_POINTS = 121 };

/* heights[BIN_COUNT]: part of the rows in each bin over the panel's width. */
static void bins_fill(const plot_slices *slices, const double *rows, const frame *panel,
                      double *heights)
{
    for (int i = 0; i < BIN_COUNT; i++)
        heights[i] = 0;
    for (size_t i = 0; i < slices->way.rows; i++) {
        const double value = (double)rows[i * slices->way.columns + slices->axes[0]];
        const double at = BIN_COUNT * (value - panel->x_low) / (panel->x_high - panel->x_low);
        if (at >= 0 && at < BIN_COUNT)
            heights[(int)at] += 1 / (double)slices->way.rows;
    }
}

/* Rows outside the panel, as bins do not hold them. */
static void beyond_tell(canvas *page, const plot_slices *slices, const frame *panel,
                        const double *heights)
{
    double inside = 0;
    for (int i = 0; i < BIN_COUNT; i++)
        inside += heights[i] * (double)slices->way.rows;
    plot_beyond(page, panel, slices->way.rows - (size_t)lround(inside));
}

static double most_of(const double *values, int count)
{
    double most = 0;
    for (int i = 0; i < count; i++)
        most = fmax(most, values[i]);
    return most;
}

/* The histogram filled, the other direction's as a line over it. */
static void bins_draw(canvas *page, const frame *panel, const double *heights,
                      const double *others, ink colour, ink other)
{
    frame_clip(page, panel);
    canvas_ink(page, colour, 0.5);
    frame_bars(page, panel, heights, BIN_COUNT);
    canvas_ink(page, other, 0.9);
    frame_steps(page, panel, others, BIN_COUNT, 0.8);
    frame_unclip(page);
    frame_ticks_x(page, panel, NQ_AXIS_NUMBERS, 0);
    frame_outline(page, panel);
}

static void slice_columns(canvas *page, const plot_slices *slices, double y, double height,
                          double pitch)
{
    double forward[BIN_COUNT], reverse[BIN_COUNT];
    for (int k = 0; k < NQ_SLICES; k++) {
        frame panel = plot_panel(k, y, height);
        nq_slices_range(&panel.x_low, &panel.x_high, &slices->way, slices->model,
                        slices->axes[0]);
        bins_fill(slices, slices->way.forward[k], &panel, forward);
        bins_fill(slices, slices->way.reverse[k], &panel, reverse);
        panel.y_high = 1.08 * fmax(most_of(forward, BIN_COUNT), most_of(reverse, BIN_COUNT));
        if (!(panel.y_high > 0))
            panel.y_high = 1;
        bins_draw(page, &panel, forward, reverse, INK_BLUE, INK_RED);
        beyond_tell(page, slices, &panel, forward);
        panel.y += pitch;
        bins_draw(page, &panel, reverse, forward, INK_RED, INK_BLUE);
        beyond_tell(page, slices, &panel, reverse);
    }
}

static void curve_draw(canvas *page, frame *panel, const double *x, const double *drift, size_t t)
{
    const double zero[2] = {0, 0}, ends[2] = {panel->x_low, panel->x_high};
    double most = 0;
    char text[64], number[NQ_TICK_SIZE];
    for (int i = 0; i < CURVE_POINTS; i++)
        most = fmax(most, fabs(drift[i]));
    panel->y_high = most > 0 ? 1.1 * most : 1;
    panel->y_low = -panel->y_high;
    frame_clip(page, panel);
    canvas_ink(page, INK_PALE, 1);
    frame_line(page, panel, ends, zero, 2, 0.8);
    canvas_ink(page, INK_GREEN, 1);
    frame_line(page, panel, x, drift, CURVE_POINTS, 1.4);
    frame_unclip(page);
    frame_ticks_x(page, panel, NQ_AXIS_NUMBERS, 1);
    frame_outline(page, panel);
    snprintf(text, sizeof text, "t = %zu", t);
    canvas_text(page, panel->x, panel->y - 3, 8, ALIGN_LEFT, INK_BLACK, text);
    nq_text_number(number, sizeof number, panel->y_high);
    snprintf(text, sizeof text, "\xc2\xb1%s", number);
    canvas_text(page, panel->x + panel->width, panel->y - 3, 8, ALIGN_RIGHT, INK_GREY, text);
}

static int drift_row(canvas *page, const plot_slices *slices, double y, double height)
{
    const size_t columns = slices->way.columns, shown = slices->axes[0];
    double *rows = values_new(2 * CURVE_POINTS, columns);
    double x[CURVE_POINTS], across[CURVE_POINTS], mean;
    nq_status status = NQ_OK;
    if (!rows)
        return EXIT_FAILED;
    double *drift = rows + CURVE_POINTS * columns;
    for (int k = 0; k < NQ_SLICES && !status; k++) {
        const size_t t = nq_slices_drift_time(&slices->way, (size_t)k);
        frame panel = plot_panel(k, y, height);
        nq_slices_range(&panel.x_low, &panel.x_high, &slices->way, slices->model, shown);
        for (size_t i = 0; i < CURVE_POINTS; i++) {
            for (size_t c = 0; c < columns; c++) {
                nq_model_column_scaling(&mean, NULL, slices->model, c);
                rows[i * columns + c] = mean;
            }
            x[i] = panel.x_low + (panel.x_high - panel.x_low) * (double)i / (CURVE_POINTS - 1);
            rows[i * columns + shown] = x[i];
        }
        if ((status =
                 nq_model_drift(drift, slices->context, slices->model, rows, CURVE_POINTS, t)))
            break;
        for (size_t i = 0; i < CURVE_POINTS; i++)
            across[i] = drift[i * columns + shown];
        curve_draw(page, &panel, x, across, t);
    }
    free(rows);
    return status ? session_fail(slices->context, status) : EXIT_DONE;
}

int plot_histogram_rows(canvas *page, const plot_slices *slices, double y, double height)
{
    const double pitch = height + 11;
    plot_row_label(page, y, height, "forward q",
                   slices->way.from_data ? "data, diffused" : "samples, diffused");
    plot_row_label(page, y + pitch, height, "reverse p", "samples from noise");
    slice_columns(page, slices, y, height, pitch);
    plot_row_label(page, y + 2 * pitch + 10, height, "drift", "f\xce\xbc(x, t) \xe2\x88\x92 x");
    return drift_row(page, slices, y + 2 * pitch + 10, height);
}
