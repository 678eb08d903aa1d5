/* bars.h - shares of the data beside those of samples: a name, two bars, numbers. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_PLOT_BARS_H
#define NONEQ_CLI_PLOT_BARS_H

#include <noneq.h>

#include "plot/plot.h"

/* The data pale and the samples dark, which also differ in grey. */
extern const plot_mark bars_marks[NQ_SIDES];
extern const double bars_pitch; /* points from one row to the next */

typedef struct bar_list {
    double x, width, label_width;
    double most;  /* share that is a whole bar */
    int has_data; /* 0: samples alone */
} bar_list;

/* Shares as numbers, as far as there is something to say. */
void bars_parts_text(char out[48], const double parts[NQ_SIDES], int has_data);
/* Width for a label, of what a list `width` wide can give. */
double bars_label_width(double widest, double width);
void bars_row(canvas *page, const bar_list *list, double y, const char *label,
              const double parts[NQ_SIDES]);
/* "data, N rows" and "samples, N rows" with their marks; returns where the next may stand. */
double bars_legend(canvas *page, double x, double y, const nq_sides *sides);

#endif
