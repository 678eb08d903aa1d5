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

/* Curves lie on each other where little is lost: the first is wide and pale, the last broken, so
 * that all are seen. */
static const plot_mark wide = {INK_RED, 0.5, 4, 0}, narrow = {INK_BLUE, 1, 1.6, 0},
                       broken = {INK_BLACK, 1, 1.1, 4}, third = {INK_GREEN, 1, 1.2, 0};

typedef struct entropy_curve {
    const char *name;
    const plot_mark *mark;
    double *y; /* [T] bits per row, NaN: nothing to draw */
} entropy_curve;

typedef struct entropy_panel {
    const char *title;
    entropy_curve curves[CURVES];
    int count;
    nq_axis_kind kind;
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
                                {{"upper bound", &wide, y[0]},
                                 {"lower bound", &narrow, y[1]},
                                 {"cross-entropy paid", &broken, y[2]}},
                                3,
                                NQ_AXIS_NUMBERS};
    panels[1] = (entropy_panel){"above the lower bound, bits per row of one step",
                                {{"upper bound", &wide, y[3]},
                                 {"KL paid", &broken, y[4]},
                                 {"saved", &third, y[5]}},
                                3,
                                NQ_AXIS_DECADES};
    panels[2] = (entropy_panel){"above the lower bound, steps 2 to t together",
                                {{"upper bound", &wide, y[6]}, {"KL paid", &broken, y[7]}},
                                2,
                                NQ_AXIS_NUMBERS};
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
    if (content->kind == NQ_AXIS_DECADES) /* noise around zero would fill the panel */
        low = fmax(low, high - 6);
    const double room = fmax(0.05 * (high - low), content->kind == NQ_AXIS_DECADES ? 0.15 : 1e-3);
    panel->y_low = low - room;
    panel->y_high = high + room;
    panel->x_low = 0;
    panel->x_high = (double)steps;
}

/* Title, and at the right end of its line marks and names of the curves. */
static void legend_draw(canvas *page, const frame *panel, const entropy_panel *content)
{
    double width = 0;
    for (int k = 0; k < content->count; k++)
        width += plot_legend_width(page, content->curves[k].mark, content->curves[k].name);
    double x = panel->x + panel->width - width;
    canvas_text_within(page, panel->x, panel->y - 5, 9, ALIGN_LEFT, INK_BLACK, content->title,
                       x - 12 - panel->x);
    for (int k = 0; k < content->count; k++)
        x = plot_legend(page, x, panel->y - 5, content->curves[k].mark, content->curves[k].name);
}

static void panel_draw(canvas *page, frame *panel, const entropy_panel *content, const double *x,
                       size_t steps)
{
    range_set(panel, content, steps);
    frame_clip(page, panel);
    for (int k = 0; k < content->count; k++) {
        const plot_mark *mark = content->curves[k].mark;
        canvas_ink(page, mark->colour, mark->opacity);
        canvas_dash(page, mark->dash);
        frame_line(page, panel, x, content->curves[k].y, steps, mark->width);
    }
    canvas_dash(page, 0);
    frame_unclip(page);
    frame_ticks_x(page, panel, NQ_AXIS_NUMBERS, 1);
    frame_ticks_y(page, panel, content->kind, 1);
    frame_outline(page, panel);
    legend_draw(page, panel, content);
    canvas_text(page, panel->x + panel->width / 2, panel->y + panel->height + 24, 9, ALIGN_CENTRE,
                INK_GREY, "t");
}

int plot_entropy_draw(const plot_slices *slices, const nq_entropy *entropy,
                      const plot_target *target)
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
    if ((code = canvas_open(&page, target, layout.width,
                            82 + PANELS * (PANEL_HEIGHT + PANEL_GAP) - 20)))
        goto done;
    double y = plot_heading(&page, slices, "") + 20;
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
