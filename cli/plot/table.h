/* table.h - figures of the columns of a table: each for itself, or in pairs, data beside
 * samples. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_PLOT_TABLE_H
#define NONEQ_CLI_PLOT_TABLE_H

#include <noneq.h>

#include "plot/plot.h"

enum { TABLE_PAGE = 100, PAIRS_MOST = 8 };

typedef struct plot_table {
    nq_context *context;
    const nq_model *model;
    const char *title; /* name of the model file */
    nq_sides sides;
    const size_t *shown; /* [shown_count] columns to draw */
    size_t shown_count;
    size_t page, pages; /* this one, from 1 */
} plot_table;

/* Each draws a whole figure and returns an exit status. */
int plot_table_draw(const plot_table *table, const plot_target *target);
/* At most PAIRS_MOST columns, none of texts. */
int plot_pairs_draw(const plot_table *table, const plot_target *target);

/* The histogram of a column: the data filled, the samples as a line over them. */
void plot_bins_draw(canvas *page, const frame *panel, const nq_column_figure *figure);

#endif
