/* entropy.c - the entropy account of a model on data: bounds, cost and running sums by t. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plot/plot.h"
#include "session.h"

enum { CURVES = 3, PANELS = 3 };
static const double PANEL_HEIGHT = 150, PANEL_GAP = 62, PANEL_LEFT = 62;

typedef struct entropy_curve {
    const char *name;
    ink colour;
    double *y; /* [T] bits per row, NaN: nothing to draw */
} entropy_curve;

typedef struct entropy_panel {
    const char *title;
    entropy_curve curves[CURVES];
    int count, logarithmic;
} entropy_panel;

/* Decades; what is not positive has none. */
static double decades(double value)
{
    return value > 0 ? log10(value) : NAN;
}

/* The arrays of all panels, [8][T], and what each holds. */
static void panels_fill(entropy_panel panels[PANELS], const nq_entropy *entropy, double *memory)
{
    const size_t steps = entropy->steps;
    double *y[8], gap_sum = 0;
    for (int k = 0; k < 8; k++)
        y[k] = memory + (size_t)k * steps;
    for (size_t i = 0; i < steps; i++) {
        const double lower = entropy->lower[i] * BITS_PER_NAT;
        const double upper = entropy->upper[i] * BITS_PER_NAT;
        const double paid = entropy->kl[i] * BITS_PER_NAT;
        gap_sum += i ? upper - lower : 0;
        y[0][i] = upper;
        y[1][i] = lower;
        y[2][i] = i ? lower + paid : NAN;
        y[3][i] = decades(upper - lower);
        y[4][i] = decades(paid);
        y[5][i] = decades(upper - lower - paid);
        y[6][i] = gap_sum;
        y[7][i] = entropy->kl_sum[i] * BITS_PER_NAT;
    }
    panels[0] = (entropy_panel){"entropy of the reverse step, bits per row",
                                {{"upper bound", INK_RED, y[0]},
                                 {"lower bound", INK_BLUE, y[1]},
                                 {"cross-entropy paid", INK_BLACK, y[2]}},
                                3,
                                0};
    panels[1] = (entropy_panel){"of one step, bits per row",
                                {{"gap: upper \xe2\x88\x92 lower", INK_RED, y[3]},
                                 {"KL paid", INK_BLACK, y[4]},
                                 {"saved", INK_GREEN, y[5]}},
                                3,
                                1};
    panels[2] = (entropy_panel){"steps 2 to t together, bits per row",
                                {{"gap", INK_RED, y[6]}, {"KL paid", INK_BLACK, y[7]}},
                                2,
                                0};
}

static void range_set(frame *panel, const entropy_panel *content, size_t steps)
{
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (int k = 0; k < content->count; k++)
        for (size_t i = 0; i < steps; i++) {
            const double y = content->curves[k].y[i];
            low = isfinite(y) ? fmin(low, y) : low;
            high = isfinite(y) ? fmax(high, y) : high;
        }
    if (!(low <= high))
        low = 0, high = 1;
    if (content->logarithmic) /* noise around zero would fill the panel */
        low = fmax(low, high - 6);
    const double room = fmax(0.05 * (high - low), content->logarithmic ? 0.15 : 1e-3);
    panel->y_low = low - room;
    panel->y_high = high + room;
    panel->x_low = 0;
    panel->x_high = (double)steps;
}

/* Names in their curves' colours, from the right end of the title's line. */
static void legend_draw(canvas *page, const frame *panel, const entropy_panel *content)
{
    const double width = 118;
    for (int k = 0; k < content->count; k++) {
        canvas_ink(page, content->curves[k].colour, 1);
        canvas_text(page, panel->x + panel->width - width * (content->count - 1 - k),
                    panel->y - 5, 9, ALIGN_RIGHT, content->curves[k].name);
    }
}

static void panel_draw(canvas *page, frame *panel, const entropy_panel *content, const double *x,
                       size_t steps)
{
    range_set(panel, content, steps);
    frame_clip(page, panel);
    for (int k = 0; k < content->count; k++) {
        canvas_ink(page, content->curves[k].colour, 1);
        frame_line(page, panel, x, content->curves[k].y, steps, 1.2);
    }
    frame_unclip(page);
    frame_ticks_x(page, panel, 1);
    frame_ticks_y(page, panel, 1, content->logarithmic);
    frame_outline(page, panel);
    canvas_ink(page, INK_BLACK, 1);
    canvas_text(page, panel->x, panel->y - 5, 9, ALIGN_LEFT, content->title);
    legend_draw(page, panel, content);
    canvas_ink(page, INK_GREY, 1);
    canvas_text(page, panel->x + panel->width / 2, panel->y + panel->height + 24, 9, ALIGN_CENTRE,
                "t");
}

int plot_entropy_draw(const plot_slices *slices, const nq_entropy *entropy, const char *path)
{
    const plot_layout layout = plot_layout_get();
    entropy_panel panels[PANELS];
    canvas page;
    int code;
    double *memory = calloc(9 * entropy->steps, sizeof *memory);
    if (!memory)
        return session_fail(slices->context, NQ_ERROR_MEMORY);
    panels_fill(panels, entropy, memory);
    double *x = memory + 8 * entropy->steps;
    for (size_t i = 0; i < entropy->steps; i++)
        x[i] = (double)i + 1;
    if ((code = canvas_open(&page, slices->context, path, layout.width,
                            82 + PANELS * (PANEL_HEIGHT + PANEL_GAP) - 20)))
        goto done;
    double y = plot_heading(&page, slices) + 20;
    for (int k = 0; k < PANELS; k++) {
        frame panel = {.x = PANEL_LEFT,
                       .y = y,
                       .width = layout.width - PANEL_LEFT - layout.right,
                       .height = PANEL_HEIGHT};
        panel_draw(&page, &panel, &panels[k], x, entropy->steps);
        y += PANEL_HEIGHT + PANEL_GAP;
    }
    code = canvas_close(&page);
done:
    free(memory);
    return code;
}
