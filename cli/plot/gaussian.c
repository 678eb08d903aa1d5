/* gaussian.c - the figure of a Gaussian model: slices, drift and schedule. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "options.h"
#include "plot/plot.h"

static const double SCHEDULE_HEIGHT = 104, SCHEDULE_SPACE = 182; /* points */

int plot_gaussian_draw(const plot_slices *slices, const char *path)
{
    const plot_layout layout = plot_layout_get();
    const double height = slices->axis_count == 1 ? 96 : layout.panel;
    const double rows_height = 3 * height + 2 * 11 + 10;
    canvas page;
    int code;
    if (canvas_open(&page, slices->context, path, layout.width,
                    76 + rows_height + SCHEDULE_SPACE))
        return EXIT_FAILED;
    const double top = plot_heading(&page, slices) + 18;
    plot_time_labels(&page, slices->way.times, top - 6);
    code = slices->axis_count == 1 ? plot_histogram_rows(&page, slices, top, height)
                                   : plot_scatter_rows(&page, slices, top, height);
    if (!code)
        code = plot_schedule_row(&page, slices, top + rows_height + 44, SCHEDULE_HEIGHT);
    if (code) {
        canvas_drop(&page);
        return code;
    }
    return canvas_close(&page);
}
