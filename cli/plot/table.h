/* table.h - the figure of a model of several kinds of columns: each beside its data. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_PLOT_TABLE_H
#define NONEQ_CLI_PLOT_TABLE_H

#include <noneq.h>

#include "plot/canvas.h"

enum { TABLE_REAL, TABLE_SAMPLED, TABLE_SIDES };
enum { TABLE_COLUMNS_MOST = 40, TABLE_BARS_MOST = 8, TABLE_BINS = 36, TABLE_LABEL = 200 };

/* Rows of the data, of which there may be none, and rows that were drawn, both in the order of the
 * model's columns. */
typedef struct plot_table {
    nq_context *context;
    const nq_model *model;
    const char *title; /* name of the model file */
    size_t columns;    /* numbers in a row */
    const double *rows[TABLE_SIDES];
    size_t count[TABLE_SIDES];
    const size_t *shown; /* [shown_count] columns to draw */
    size_t shown_count, left_out;
} plot_table;

/* What is drawn of a column: some of its values by how many rows have them, and numbers. */
typedef struct table_panel {
    char labels[TABLE_BARS_MOST][TABLE_LABEL];
    double parts[TABLE_BARS_MOST][TABLE_SIDES]; /* of all rows */
    size_t bars;
    int has_bins;
    double low, high;                     /* of the histogram */
    double bins[TABLE_SIDES][TABLE_BINS]; /* parts of the rows that are in none of the bars */
    size_t bin_count;
    int is_date;
} table_panel;

/* NQ_ERROR_MEMORY. */
nq_status table_panel_fill(table_panel *out, const plot_table *table, size_t column);
/* Draws the whole figure; returns an exit status. */
int plot_table_draw(const plot_table *table, const char *path);

#endif
