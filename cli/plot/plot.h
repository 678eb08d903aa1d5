/* plot.h - the figure of a model: its slices through time, and the parts that draw them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_PLOT_H
#define NONEQ_CLI_PLOT_H

#include <noneq.h>

#include "plot/canvas.h"

enum { PLOT_TIMES = 5 };

/* Rows at five times, forward (data diffused) and reverse (samples on their way). */
typedef struct plot_slices {
    nq_context *context;
    const nq_model *model;
    const char *title;        /* name of the model file */
    size_t times[PLOT_TIMES]; /* 0 .. T */
    size_t count, columns;    /* rows in a slice, numbers in a row */
    double *forward[PLOT_TIMES], *reverse[PLOT_TIMES];
    double *memory;
    int from_data;  /* forward starts at data, else at the model's samples */
    size_t axes[2]; /* the columns that are shown (Gaussian models) */
    int axis_count; /* 1: histograms, 2: scatter */
} plot_slices;

/* data may be NULL. Returns an exit status; free even after a failure. */
int plot_slices_new(plot_slices *out, nq_context *context, const nq_model *model,
                    const nq_dataset *data, size_t count, uint64_t seed);
void plot_slices_free(plot_slices *slices);

/* The page's geometry, points. */
typedef struct plot_layout {
    double left, panel, gap, right; /* across: margin, panel width, gap, margin */
    double width;
} plot_layout;

plot_layout plot_layout_get(void);
/* Title and subtitle; returns where the next thing starts. */
double plot_heading(canvas *page, const plot_slices *slices);
/* "t = ..." over the five columns. */
void plot_time_labels(canvas *page, const size_t times[PLOT_TIMES], double y);
/* The name of a row of panels, upwards at the left margin. */
void plot_row_label(canvas *page, double y, double height, const char *what, const char *detail);
/* Where panel `column` of a row is; its axes run from 0 to 1. */
frame plot_panel(int column, double y, double height);

/* A column's name, or x1, x2, ... */
void plot_column_name(char *out, size_t size, const nq_model *model, size_t column);

/* Each draws a whole figure and returns an exit status. */
int plot_gaussian_draw(const plot_slices *slices, const char *path);
int plot_binomial_draw(const plot_slices *slices, const char *path);
/* Of the slices only context, model and title are looked at. */
int plot_entropy_draw(const plot_slices *slices, const nq_entropy *entropy, const char *path);

/* One row of panels, each from `y`, `height` points high. */
int plot_scatter_rows(canvas *page, const plot_slices *slices, double y, double height);
int plot_histogram_rows(canvas *page, const plot_slices *slices, double y, double height);
int plot_schedule_row(canvas *page, const plot_slices *slices, double y, double height);

/* Times of the drift panels: those of the slices, but from 2 on, since the last reverse step is
 * not learned. */
size_t plot_drift_time(const plot_slices *slices, int column);
/* Means of the reverse step of time t from rows[count, columns], both in the data's units. */
nq_status plot_reverse(const plot_slices *slices, const double *rows, size_t count, size_t t,
                       double *mean);
/* Range of a column that shows data and noise alike. */
void plot_column_range(const plot_slices *slices, size_t column, double *low, double *high);

#endif
