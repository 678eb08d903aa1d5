/* frame.c - a panel with axes, and what is drawn into it in its own units. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "plot/canvas.h"

enum { TICKS_WANTED = 4 };

static const double TICK_LENGTH = 3, TICK_SIZE = 8, TURN = 6.283185307179586;

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

/* 1, 2 or 5 times a power of ten. */
static double tick_step(double low, double high)
{
    const double rough = (high - low) / TICKS_WANTED;
    const double power = pow(10, floor(log10(rough)));
    const double part = rough / power;
    return power * (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10);
}

static void tick_line(canvas *page, double x, double y, double dx, double dy)
{
    canvas_ink(page, INK_GREY, 1);
    cairo_set_line_width(page->cairo, 0.6);
    cairo_move_to(page->cairo, x, y);
    cairo_rel_line_to(page->cairo, dx, dy);
    cairo_stroke(page->cairo);
}

/* Plain digits, with a true minus; a number of decades as the power of ten. */
static void tick_label(char *out, size_t size, double value, double step, int logarithmic)
{
    const double shown = fabs(value) < step * 1e-6 ? 0 : value;
    if (logarithmic)
        snprintf(out, size, "%.2g", pow(10, value));
    else
        snprintf(out, size, "%s%g", shown < 0 ? "\xe2\x88\x92" : "", fabs(shown));
}

void frame_ticks_x(canvas *page, const frame *panel, int labels)
{
    const double step = tick_step(panel->x_low, panel->x_high);
    const double bottom = panel->y + panel->height;
    double end = -INFINITY; /* of the label before */
    char label[32];
    for (double value = ceil(panel->x_low / step) * step; value <= panel->x_high + step * 1e-9;
         value += step) {
        const double x = frame_x(panel, value);
        tick_line(page, x, bottom, 0, -TICK_LENGTH);
        if (!labels)
            continue;
        tick_label(label, sizeof label, value, step, 0);
        const double half = 0.5 * canvas_text_width(page, TICK_SIZE, label);
        if (x - half < end + TICK_SIZE / 2) /* no room */
            continue;
        end = x + half;
        canvas_ink(page, INK_BLACK, 1);
        canvas_text(page, x, bottom + TICK_SIZE + 3, TICK_SIZE, ALIGN_CENTRE, label);
    }
}

void frame_ticks_y(canvas *page, const frame *panel, int labels, int logarithmic)
{
    double step = tick_step(panel->y_low, panel->y_high);
    char label[32];
    if (logarithmic && panel->y_high - panel->y_low >= 2)
        step = ceil(step);
    for (double value = ceil(panel->y_low / step) * step; value <= panel->y_high + step * 1e-9;
         value += step) {
        const double y = frame_y(panel, value);
        tick_line(page, panel->x, y, TICK_LENGTH, 0);
        if (!labels)
            continue;
        tick_label(label, sizeof label, value, step, logarithmic);
        canvas_ink(page, INK_BLACK, 1);
        canvas_text(page, panel->x - 4, y + TICK_SIZE * 0.36, TICK_SIZE, ALIGN_RIGHT, label);
    }
}

void frame_dot(canvas *page, const frame *panel, double x, double y, double radius)
{
    cairo_new_sub_path(page->cairo);
    cairo_arc(page->cairo, frame_x(panel, x), frame_y(panel, y), radius, 0, TURN);
    cairo_fill(page->cairo);
}

void frame_line(canvas *page, const frame *panel, const double *x, const double *y, size_t count,
                double width)
{
    int pen_down = 0;
    cairo_set_line_width(page->cairo, width);
    cairo_set_line_join(page->cairo, CAIRO_LINE_JOIN_ROUND);
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(y[i])) {
            pen_down = 0;
            continue;
        }
        if (pen_down)
            cairo_line_to(page->cairo, frame_x(panel, x[i]), frame_y(panel, y[i]));
        else
            cairo_move_to(page->cairo, frame_x(panel, x[i]), frame_y(panel, y[i]));
        pen_down = 1;
    }
    cairo_stroke(page->cairo);
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

/* A shaft from (x, y) with a filled head; what is shorter than a dot is a dot. */
void frame_arrow(canvas *page, const frame *panel, double x, double y, double dx, double dy)
{
    const double x0 = frame_x(panel, x), y0 = frame_y(panel, y);
    const double x1 = frame_x(panel, x + dx), y1 = frame_y(panel, y + dy);
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

void frame_bars(canvas *page, const frame *panel, const double *heights, size_t count)
{
    const double base = frame_y(panel, 0), width = panel->width / (double)count;
    cairo_move_to(page->cairo, panel->x, base);
    for (size_t i = 0; i < count; i++) {
        cairo_line_to(page->cairo, panel->x + width * (double)i, frame_y(panel, heights[i]));
        cairo_line_to(page->cairo, panel->x + width * (double)(i + 1),
                      frame_y(panel, heights[i]));
    }
    cairo_line_to(page->cairo, panel->x + panel->width, base);
    cairo_close_path(page->cairo);
    cairo_fill(page->cairo);
}
