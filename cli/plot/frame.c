/* frame.c - a panel with axes, and what is drawn into it in its own units. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "plot/canvas.h"

enum { UPRIGHT_CHARACTERS = 7 }; /* of labels to the left, where there is a margin alone */

static const double TICK_LENGTH = 3, TICK_SIZE = 8, NOTE_SIZE = 7, LABEL_OVERHANG = 4;
static const double TURN = 6.283185307179586;

double frame_x(const frame *panel, double value)
{
    return panel->x + panel->width * (value - panel->x_low) / (panel->x_high - panel->x_low);
}

double frame_y(const frame *panel, double value)
{
    return panel->y + panel->height * (panel->y_high - value) / (panel->y_high - panel->y_low);
}

static void frame_path(canvas *page, const frame *panel)
{
    cairo_rectangle(page->cairo, panel->x, panel->y, panel->width, panel->height);
}

void frame_outline(canvas *page, const frame *panel)
{
    canvas_ink(page, INK_GREY, 1);
    cairo_set_line_width(page->cairo, 0.6);
    frame_path(page, panel);
    cairo_stroke(page->cairo);
}

void frame_clip(canvas *page, const frame *panel)
{
    cairo_save(page->cairo);
    frame_path(page, panel);
    cairo_clip(page->cairo);
}

void frame_unclip(canvas *page)
{
    cairo_restore(page->cairo);
}

static void tick_line(canvas *page, double x, double y, double dx, double dy)
{
    canvas_ink(page, INK_GREY, 1);
    cairo_set_line_width(page->cairo, 0.6);
    cairo_move_to(page->cairo, x, y);
    cairo_rel_line_to(page->cairo, dx, dy);
    cairo_stroke(page->cairo);
}

typedef struct ruler {
    canvas *page;
    int is_upright; /* labels of a vertical axis are as high as their letters */
} ruler;

static double label_extent(void *user, const char *label)
{
    const ruler *own = user;
    return own->is_upright ? TICK_SIZE : canvas_text_width(own->page, TICK_SIZE, label);
}

void frame_ticks_x(canvas *page, const frame *panel, nq_axis_kind kind, int labels)
{
    const double bottom = panel->y + panel->height;
    ruler own = {page, 0};
    const nq_axis along = {kind, panel->x_low, panel->x_high, panel->width, LABEL_OVERHANG,
                           0,    label_extent, &own};
    nq_ticks found;
    nq_ticks_choose(&found, &along);
    for (size_t i = 0; i < found.count; i++) {
        const double x = frame_x(panel, found.value[i]);
        tick_line(page, x, bottom, 0, -TICK_LENGTH);
        if (!labels || !found.label[i][0])
            continue;
        canvas_text(page, x + found.shift[i], bottom + TICK_SIZE + 3, TICK_SIZE, ALIGN_CENTRE,
                    INK_BLACK, found.label[i]);
    }
    if (labels)
        canvas_text(page, panel->x + panel->width, bottom + 2 * TICK_SIZE + 4, NOTE_SIZE,
                    ALIGN_RIGHT, INK_GREY, found.note);
}

void frame_ticks_y(canvas *page, const frame *panel, nq_axis_kind kind, int labels)
{
    ruler own = {page, 1};
    const nq_axis along = {kind,      panel->y_low,       panel->y_high, panel->height,
                           TICK_SIZE, UPRIGHT_CHARACTERS, label_extent,  &own};
    nq_ticks found;
    nq_ticks_choose(&found, &along);
    for (size_t i = 0; i < found.count; i++) {
        const double y = frame_y(panel, found.value[i]);
        tick_line(page, panel->x, y, TICK_LENGTH, 0);
        if (!labels || !found.label[i][0])
            continue;
        canvas_text(page, panel->x - 4, y - found.shift[i] + TICK_SIZE * 0.36, TICK_SIZE,
                    ALIGN_RIGHT, INK_BLACK, found.label[i]);
    }
    if (labels) /* inside, since beside it there are other labels */
        canvas_text(page, panel->x + 5, panel->y + NOTE_SIZE + 2, NOTE_SIZE, ALIGN_LEFT, INK_GREY,
                    found.note);
}

void frame_dot(canvas *page, const frame *panel, double x, double y, double radius)
{
    cairo_new_sub_path(page->cairo);
    cairo_arc(page->cairo, frame_x(panel, x), frame_y(panel, y), radius, 0, TURN);
    cairo_fill(page->cairo);
}

static void line_begin(canvas *page, double width)
{
    cairo_set_line_width(page->cairo, width);
    cairo_set_line_join(page->cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(page->cairo, CAIRO_LINE_CAP_ROUND);
}

static void line_end(canvas *page)
{
    cairo_stroke(page->cairo);
    cairo_set_line_cap(page->cairo, CAIRO_LINE_CAP_BUTT);
}

void frame_line(canvas *page, const frame *panel, const double *x, const double *y, size_t count,
                double width)
{
    int pen_down = 0;
    line_begin(page, width);
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(y[i])) {
            pen_down = 0;
            continue;
        }
        const double at = frame_x(panel, x[i]), up = frame_y(panel, y[i]);
        if (pen_down)
            cairo_line_to(page->cairo, at, up);
        else
            cairo_move_to(page->cairo, at, up);
        if (!pen_down && (i + 1 == count || !isfinite(y[i + 1])))
            cairo_rel_line_to(page->cairo, 0, 0);
        pen_down = 1;
    }
    line_end(page);
}

void frame_point(canvas *page, const frame *panel, double x, double y)
{
    cairo_move_to(page->cairo, frame_x(panel, x), frame_y(panel, y));
    cairo_rel_line_to(page->cairo, 0, 0);
}

void frame_points_draw(canvas *page, double radius)
{
    cairo_set_line_cap(page->cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width(page->cairo, 2 * radius);
    cairo_stroke(page->cairo);
    cairo_set_line_cap(page->cairo, CAIRO_LINE_CAP_BUTT);
}

/* Part of a shaft by `by` from `from` that stays between two ends. */
static double inside_part(double from, double by, double low, double high)
{
    return by > 0 ? (high - from) / by : by < 0 ? (low - from) / by : 1;
}

/* A shaft from (x, y) with a filled head; what is shorter than a dot is a dot. */
void frame_arrow(canvas *page, const frame *panel, double x, double y, double dx, double dy)
{
    const double x0 = frame_x(panel, x), y0 = frame_y(panel, y);
    const double across = frame_x(panel, x + dx) - x0, down = frame_y(panel, y + dy) - y0;
    const double part =
        fmin(1, fmin(inside_part(x0, across, panel->x + 1, panel->x + panel->width - 1),
                     inside_part(y0, down, panel->y + 1, panel->y + panel->height - 1)));
    const double x1 = x0 + part * across, y1 = y0 + part * down;
    const double length = hypot(x1 - x0, y1 - y0);
    const double head = length < 6 ? length * 0.5 : 3; /* points */
    if (length < 0.8) {
        frame_dot(page, panel, x, y, 0.4);
        return;
    }
    const double ux = (x1 - x0) / length, uy = (y1 - y0) / length;
    cairo_set_line_width(page->cairo, 0.7);
    cairo_move_to(page->cairo, x0, y0);
    cairo_line_to(page->cairo, x1 - head * ux, y1 - head * uy);
    cairo_stroke(page->cairo);
    cairo_move_to(page->cairo, x1, y1);
    cairo_line_to(page->cairo, x1 - head * (ux + 0.45 * uy), y1 - head * (uy - 0.45 * ux));
    cairo_line_to(page->cairo, x1 - head * (ux - 0.45 * uy), y1 - head * (uy + 0.45 * ux));
    cairo_close_path(page->cairo);
    cairo_fill(page->cairo);
}

static void tops_path(canvas *page, const frame *panel, const double *heights, size_t count)
{
    const double width = panel->width / (double)count;
    for (size_t i = 0; i < count; i++) {
        cairo_line_to(page->cairo, panel->x + width * (double)i, frame_y(panel, heights[i]));
        cairo_line_to(page->cairo, panel->x + width * (double)(i + 1),
                      frame_y(panel, heights[i]));
    }
}

void frame_bars(canvas *page, const frame *panel, const double *heights, size_t count)
{
    const double base = frame_y(panel, 0);
    cairo_move_to(page->cairo, panel->x, base);
    tops_path(page, panel, heights, count);
    cairo_line_to(page->cairo, panel->x + panel->width, base);
    cairo_close_path(page->cairo);
    cairo_fill(page->cairo);
}

void frame_steps(canvas *page, const frame *panel, const double *heights, size_t count,
                 double width)
{
    line_begin(page, width);
    tops_path(page, panel, heights, count);
    line_end(page);
}
