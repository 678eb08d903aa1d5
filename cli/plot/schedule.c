/* schedule.c - the schedule of a model: beta_t, alpha_bar_t and the log-odds of noise. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "message.h"
#include "options.h"
#include "plot/plot.h"

typedef double curve_value(const nq_schedule *schedule, size_t i);

static double log_beta(const nq_schedule *schedule, size_t i)
{
    return log10(schedule->beta[i]);
}

static double signal_left(const nq_schedule *schedule, size_t i)
{
    return schedule->alpha_bar[i];
}

static double noise_log_odds(const nq_schedule *schedule, size_t i)
{
    return log(schedule->one_minus_alpha_bar[i] / schedule->alpha_bar[i]);
}

typedef struct curve {
    const char *title;
    curve_value *value;
    nq_axis_kind kind;
} curve;

static const curve curves[] = {
    {"diffusion rate \xce\xb2\xe2\x82\x9c", log_beta, NQ_AXIS_DECADES},
    {"signal left \xe1\xbe\xb1\xe2\x82\x9c", signal_left, NQ_AXIS_NUMBERS},
    {"log-odds of noise, log (1 \xe2\x88\x92 \xe1\xbe\xb1\xe2\x82\x9c) / "
     "\xe1\xbe\xb1\xe2\x82\x9c",
     noise_log_odds, NQ_AXIS_NUMBERS},
};

enum { CURVE_COUNT = sizeof curves / sizeof *curves };

/* Range of the finite values with some room; logarithms get at least a decade. */
static void range_set(frame *panel, const double *y, size_t count, int logarithmic)
{
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(y[i]))
            continue;
        low = fmin(low, y[i]);
        high = fmax(high, y[i]);
    }
    if (!(low <= high))
        low = 0, high = 1;
    const double room = fmax(0.05 * (high - low), logarithmic ? 0.15 : 1e-3);
    panel->y_low = low - room;
    panel->y_high = high + room;
}

static void curve_draw(canvas *page, const plot_slices *slices, frame *panel, const curve *shape,
                       double *x, double *y)
{
    const nq_schedule *schedule = nq_model_schedule(slices->model);
    for (size_t i = 0; i < schedule->steps; i++) {
        x[i] = (double)i + 1;
        y[i] = shape->value(schedule, i);
    }
    panel->x_low = 0;
    panel->x_high = (double)schedule->steps;
    range_set(panel, y, schedule->steps, shape->kind == NQ_AXIS_DECADES);
    frame_clip(page, panel);
    canvas_ink(page, INK_BLACK, 1);
    frame_line(page, panel, x, y, schedule->steps, 1.2);
    frame_unclip(page);
    frame_ticks_x(page, panel, NQ_AXIS_NUMBERS, 1);
    frame_ticks_y(page, panel, shape->kind, 1);
    frame_outline(page, panel);
    canvas_ink(page, INK_RED, 1);
    for (int k = 0; k < NQ_SLICES; k++)
        if (slices->way.times[k] > 0 && isfinite(y[slices->way.times[k] - 1]))
            frame_dot(page, panel, (double)slices->way.times[k], y[slices->way.times[k] - 1],
                      2.2);
    canvas_text(page, panel->x, panel->y - 5, 9, ALIGN_LEFT, INK_BLACK, shape->title);
}

int plot_schedule_row(canvas *page, const plot_slices *slices, double y, double height)
{
    const plot_layout layout = plot_layout_get();
    const size_t steps = nq_model_steps(slices->model);
    const double gap = 44;
    const double width =
        (layout.width - layout.left - layout.right - gap * (CURVE_COUNT - 1)) / CURVE_COUNT;
    double *memory = malloc(2 * steps * sizeof *memory);
    if (!memory)
        return message_fail("out of memory: the curves of the schedule");
    plot_row_label(page, y, height, "schedule", "dots: the slices above");
    for (int k = 0; k < CURVE_COUNT; k++) {
        frame panel = {.x = layout.left + k * (width + gap),
                       .y = y,
                       .width = width,
                       .height = height};
        curve_draw(page, slices, &panel, &curves[k], memory, memory + steps);
        canvas_text(page, panel.x + width / 2, y + height + 24, 9, ALIGN_CENTRE, INK_GREY, "t");
    }
    free(memory);
    return EXIT_DONE;
}
