/* table.h - the figure of a model of several kinds of columns: each beside its data. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_PLOT_TABLE_H
#define NONEQ_CLI_PLOT_TABLE_H

#include <noneq.h>

#include "plot/canvas.h"

enum { TABLE_COLUMNS_MOST = 40 };

typedef struct plot_table {
    nq_context *context;
    const nq_model *model;
    const char *title; /* name of the model file */
    nq_sides sides;
    const size_t *shown; /* [shown_count] columns to draw */
    size_t shown_count, left_out;
} plot_table;

/* Draws the whole figure; returns an exit status. */
int plot_table_draw(const plot_table *table, const char *path);

#endif
