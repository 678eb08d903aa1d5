/* gaussian.c - the figure of a Gaussian model: slices, drift and schedule. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "options.h"
#include "plot/plot.h"

static const double SCHEDULE_HEIGHT = 104, SCHEDULE_SPACE = 182; /* points */

/* What the axes are, and that there is more than they show. */
static void axes_text(char *out, size_t size, const plot_slices *slices)
{
    const size_t columns = slices->way.columns;
    char across[200], up[200], more[80] = "";
    plot_column_name(across, sizeof across, slices->model, slices->axes[0]);
    plot_column_name(up, sizeof up, slices->model, slices->axes[1]);
    if (columns > (size_t)slices->axis_count)
        snprintf(more, sizeof more, " (of %zu columns; --show columns has all)", columns);
    if (slices->axis_count == 1)
        snprintf(out, size, "across: %s%s", across, more);
    else
        snprintf(out, size, "across: %s, up: %s%s", across, up, more);
}

int plot_gaussian_draw(const plot_slices *slices, const plot_target *target)
{
    const plot_layout layout = plot_layout_get();
    const double height = slices->axis_count == 1 ? 96 : layout.panel;
    const double rows_height = 3 * height + 2 * 11 + 10;
    char axes[520];
    canvas page;
    int code;
    if (canvas_open(&page, target, layout.width, 76 + rows_height + SCHEDULE_SPACE))
        return EXIT_FAILED;
    axes_text(axes, sizeof axes, slices);
    const double top = plot_heading(&page, slices, axes) + 18;
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
