/* canvas.h - a page to draw figures on: text, frames with axes, dots, lines, arrows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_PLOT_CANVAS_H
#define NONEQ_CLI_PLOT_CANVAS_H

#include <stdio.h>

#include <noneq.h>

#include "plot/cairo_lazy.h"

typedef struct canvas {
    cairo_surface_t *surface;
    cairo_t *cairo;
    nq_context *context;
    nq_file *file;
    const char *path;
    nq_status status; /* the first failure of writing */
    int is_png, is_quiet;
    double width, height; /* points */
    int has_no_pango;
    char missing[64]; /* begin of the first text that no font has; or "" */
} canvas;

/* Where a figure goes. */
typedef struct plot_target {
    nq_context *context;
    const char *path;
    int is_quiet;
} plot_target;

/* Colours that the colour-blind tell apart (Okabe and Ito). */
typedef enum ink { INK_BLACK, INK_GREY, INK_PALE, INK_BLUE, INK_RED, INK_GREEN } ink;

typedef enum text_align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT } text_align;

/* A panel: where it is on the page (points) and the range that its axes show. */
typedef struct frame {
    double x, y, width, height;
    double x_low, x_high, y_low, y_high;
} frame;

/* Format by extension: .png, .svg or .pdf. It must stay where it is until it is closed. Both
 * return an exit status and have printed the reason of a failure. */
int canvas_open(canvas *out, const plot_target *target, double width, double height);
int canvas_close(canvas *page);
/* Throws the page away. */
void canvas_drop(canvas *page);
int canvas_check_path(const char *path);
/* A note on letters that could not be drawn, if there were any. */
void canvas_missing_tell(const canvas *page);

void canvas_ink(canvas *page, ink colour, double opacity);
/* (x, y) is on the base line. */
void canvas_text(canvas *page, double x, double y, double size, text_align align, ink colour,
                 const char *text);
/* The same of as much of both ends of the text as is no wider, with dots between them. Returns the
 * width. */
double canvas_text_within(canvas *page, double x, double y, double size, text_align align,
                          ink colour, const char *text, double width);
double canvas_text_width(canvas *page, double size, const char *text);
/* Bold, and turned to read upwards, centred at (x, y). */
void canvas_title(canvas *page, double x, double y, double size, const char *text, double width);
void canvas_text_up(canvas *page, double x, double y, double size, ink colour, const char *text,
                    double width);

/* Lines are broken from now on; 0: whole again. */
void canvas_dash(canvas *page, double length);
void canvas_box(canvas *page, double x, double y, double width, double height); /* filled */

double frame_x(const frame *panel, double value);
double frame_y(const frame *panel, double value);
/* The outline, drawn last; and clipping to it while the content is drawn. */
void frame_outline(canvas *page, const frame *panel);
void frame_clip(canvas *page, const frame *panel);
void frame_unclip(canvas *page);
/* Ticks inwards, with labels below or to the left when `labels`. */
void frame_ticks_x(canvas *page, const frame *panel, nq_axis_kind kind, int labels);
void frame_ticks_y(canvas *page, const frame *panel, nq_axis_kind kind, int labels);

/* All in the frame's units. */
void frame_dot(canvas *page, const frame *panel, double x, double y, double radius);
/* Many small dots: points are collected, then drawn in one stroke (one element of an SVG), in
 * which dots that touch do not grow darker. */
void frame_point(canvas *page, const frame *panel, double x, double y);
void frame_points_draw(canvas *page, double radius);
/* Gaps where y is not finite; a dot where it is between two gaps. */
void frame_line(canvas *page, const frame *panel, const double *x, const double *y, size_t count,
                double width);
/* As much of it as is inside, with a head at its end. */
void frame_arrow(canvas *page, const frame *panel, double x, double y, double dx, double dy);
/* A histogram: `count` bars side by side over the whole width, standing on 0. */
void frame_bars(canvas *page, const frame *panel, const double *heights, size_t count);
/* A line over the tops of such bars. */
void frame_steps(canvas *page, const frame *panel, const double *heights, size_t count,
                 double width);

#endif
