/* plot.h - the figure of a model: its slices through time, and the parts that draw them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_PLOT_H
#define NONEQ_CLI_PLOT_H

#include <noneq.h>

#include "plot/canvas.h"

/* A model's rows at five times, and what is shown of them. */
typedef struct plot_slices {
    nq_context *context;
    const nq_model *model;
    const char *title; /* name of the model file */
    nq_slices way;
    size_t axes[2]; /* the columns that are shown (Gaussian models) */
    int axis_count; /* 1: histograms, 2: scatter */
} plot_slices;

/* The page's geometry, points. */
typedef struct plot_layout {
    double left, panel, gap, right; /* across: margin, panel width, gap, margin */
    double width;
} plot_layout;

/* How something is drawn, here and in the legend. */
typedef struct plot_mark {
    ink colour;
    double opacity, width, dash; /* width 0: filled; dash 0: whole */
} plot_mark;

plot_layout plot_layout_get(void);
/* Title and subtitle, and a text at its right end; returns where the next thing starts. */
double plot_heading(canvas *page, const plot_slices *slices, const char *right);
/* A mark and its words; returns where the next may stand. */
double plot_legend(canvas *page, double x, double y, const plot_mark *mark, const char *text);
double plot_legend_width(canvas *page, const plot_mark *mark, const char *text);
/* "t = ..." over the five columns. */
void plot_time_labels(canvas *page, const size_t times[NQ_SLICES], double y);
/* The name of a row of panels, upwards at the left margin. */
void plot_row_label(canvas *page, double y, double height, const char *what, const char *detail);
/* Where panel `column` of a row is; its axes run from 0 to 1. */
frame plot_panel(int column, double y, double height);

/* How many rows a panel does not show, above it. */
void plot_beyond(canvas *page, const frame *panel, size_t rows);

/* A column's name, or x1, x2, ... */
void plot_column_name(char *out, size_t size, const nq_model *model, size_t column);

/* Each draws a whole figure and returns an exit status. */
int plot_gaussian_draw(const plot_slices *slices, const plot_target *target);
/* sides: whose frequencies are shown. */
int plot_binomial_draw(const plot_slices *slices, const nq_sides *sides,
                       const plot_target *target);
int plot_pictures_draw(const plot_slices *slices, const plot_target *target);
/* Of the slices only context, model and title are looked at. */
int plot_entropy_draw(const plot_slices *slices, const nq_entropy *entropy,
                      const plot_target *target);

/* One row of panels, each from `y`, `height` points high. */
int plot_scatter_rows(canvas *page, const plot_slices *slices, double y, double height);
int plot_histogram_rows(canvas *page, const plot_slices *slices, double y, double height);
int plot_schedule_row(canvas *page, const plot_slices *slices, double y, double height);
/* Frequencies of bits, data beside samples; and how high that is. */
double plot_bits_height(const nq_model *model);
int plot_bits_row(canvas *page, const plot_slices *slices, const nq_sides *sides, double y);

#endif
