/* plot_scatter.c - two columns of a Gaussian model ([SD15] figure 1): slices and drift. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "plot.h"
#include "session.h"

enum { ARROWS_ACROSS = 13, ARROW_COUNT = ARROWS_ACROSS * ARROWS_ACROSS };

static frame panel_get(const plot_slices *slices, int column, double y, double height)
{
    frame panel = plot_panel(column, y, height);

    plot_column_range(slices, slices->axes[0], &panel.x_low, &panel.x_high);
    plot_column_range(slices, slices->axes[1], &panel.y_low, &panel.y_high);
    return panel;
}

static void panel_finish(canvas *page, const frame *panel, int column, int x_labels)
{
    frame_unclip(page);
    frame_ticks_x(page, panel, x_labels);
    frame_ticks_y(page, panel, column == 0, 0);
    frame_outline(page, panel);
}

static void dots_draw(canvas *page, const plot_slices *slices, const nq_real *rows,
                      const frame *panel, ink colour)
{
    /* Fewer rows may be darker and larger. */
    const double opacity = slices->count > 3000 ? 0.25 : slices->count > 500 ? 0.45 : 0.8;

    canvas_ink(page, colour, opacity);
    for (size_t i = 0; i < slices->count; i++) {
        const nq_real *row = rows + i * slices->columns;

        frame_dot(page, panel, (double)row[slices->axes[0]], (double)row[slices->axes[1]],
                  slices->count > 3000 ? 0.7 : 1);
    }
}

static void slice_row(canvas *page, const plot_slices *slices, nq_real *const rows[PLOT_TIMES],
                      double y, double height, ink colour)
{
    for (int k = 0; k < PLOT_TIMES; k++) {
        const frame panel = panel_get(slices, k, y, height);

        frame_clip(page, &panel);
        dots_draw(page, slices, rows[k], &panel, colour);
        panel_finish(page, &panel, k, 0);
    }
}

/* Points on a grid in the shown columns, the means in all others. */
static void grid_fill(const plot_slices *slices, const frame *panel, nq_real *rows)
{
    for (int i = 0; i < ARROW_COUNT; i++) {
        nq_real *row = rows + (size_t)i * slices->columns;
        const double across = (i % ARROWS_ACROSS + 0.5) / ARROWS_ACROSS;
        const double up = (i / ARROWS_ACROSS + 0.5) / ARROWS_ACROSS;

        for (size_t c = 0; c < slices->columns; c++) {
            double mean;

            nq_model_column_scaling(slices->model, c, &mean, NULL);
            row[c] = (nq_real)mean;
        }
        row[slices->axes[0]] = (nq_real)(panel->x_low + across * (panel->x_high - panel->x_low));
        row[slices->axes[1]] = (nq_real)(panel->y_low + up * (panel->y_high - panel->y_low));
    }
}

/* Arrows from x_t towards f_mu(x_t, t), so long that the longest spans about two cells. */
static void drift_draw(canvas *page, const plot_slices *slices, const frame *panel,
                       const nq_real *x, const nq_real *mean)
{
    const size_t columns = slices->columns, a = slices->axes[0], b = slices->axes[1];
    const double x_range = panel->x_high - panel->x_low, y_range = panel->y_high - panel->y_low;
    double longest = 0;
    char text[64];

    for (size_t i = 0; i < ARROW_COUNT; i++)
        longest =
            fmax(longest, hypot((double)(mean[i * columns + a] - x[i * columns + a]) / x_range,
                                (double)(mean[i * columns + b] - x[i * columns + b]) / y_range));
    const double scale = longest > 0 ? 1.9 / ARROWS_ACROSS / longest : 0;
    canvas_ink(page, INK_BLACK, 1);
    for (size_t i = 0; i < ARROW_COUNT; i++) {
        const nq_real *from = x + i * columns, *to = mean + i * columns;

        frame_arrow(page, panel, (double)from[a], (double)from[b],
                    scale * (double)(to[a] - from[a]), scale * (double)(to[b] - from[b]));
    }
    if (scale > 0)
        snprintf(text, sizeof text, "arrows \xc3\x97 %.2g", scale);
    else
        snprintf(text, sizeof text, "no drift");
    canvas_ink(page, INK_GREY, 1);
    canvas_text(page, panel->x + panel->width, panel->y - 3, 8, ALIGN_RIGHT, text);
}

static int drift_row(canvas *page, const plot_slices *slices, double y, double height)
{
    nq_real *x = values_new(2 * ARROW_COUNT, slices->columns);
    nq_status status = NQ_OK;
    char text[48];

    if (!x)
        return EXIT_FAILED;
    nq_real *mean = x + ARROW_COUNT * slices->columns;
    for (int k = 0; k < PLOT_TIMES && !status; k++) {
        const frame panel = panel_get(slices, k, y, height);
        const size_t t = plot_drift_time(slices, k);

        grid_fill(slices, &panel, x);
        if ((status =
                 nq_model_reverse(slices->model, slices->context, x, ARROW_COUNT, t, mean, NULL)))
            break;
        snprintf(text, sizeof text, "t = %zu", t);
        canvas_ink(page, INK_BLACK, 1);
        canvas_text(page, panel.x, panel.y - 3, 8, ALIGN_LEFT, text);
        drift_draw(page, slices, &panel, x, mean);
        frame_clip(page, &panel);
        panel_finish(page, &panel, k, 1);
    }
    free(x);
    return status ? session_fail(slices->context, status) : EXIT_DONE;
}

int plot_scatter_rows(canvas *page, const plot_slices *slices, double y, double height)
{
    const double pitch = height + 11;
    char across[40], up[40], text[128];

    plot_row_label(page, y, height, "forward q",
                   slices->from_data ? "data, diffused" : "samples, diffused");
    slice_row(page, slices, slices->forward, y, height, INK_BLUE);
    plot_row_label(page, y + pitch, height, "reverse p", "samples from noise");
    slice_row(page, slices, slices->reverse, y + pitch, height, INK_RED);
    plot_row_label(page, y + 2 * pitch + 10, height, "drift", "f\xce\xbc(x, t) \xe2\x88\x92 x");
    const int code = drift_row(page, slices, y + 2 * pitch + 10, height);
    plot_column_name(across, sizeof across, slices->model, slices->axes[0]);
    plot_column_name(up, sizeof up, slices->model, slices->axes[1]);
    snprintf(text, sizeof text, "across: %s, up: %s", across, up);
    canvas_ink(page, INK_GREY, 1);
    canvas_text(page, page->width - 14, 43, 10, ALIGN_RIGHT, text);
    return code;
}
