/* counts.h - the different numbers of a column, how often each is there, the grid they lie on. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_KIND_COUNTS_H
#define NQI_TABLE_KIND_COUNTS_H

#include "table/kind/kind.h"

/* A column in these rows. */
typedef struct nqi_counts {
    double *cell;  /* [rows of the set] in their order, NaN where it is missing */
    double *value; /* [count] ascending */
    size_t *rows;  /* [count] that have it */
    size_t count, total;
} nqi_counts;

/* Zeroed before, released by nqi_counts_free after the last column. */
nq_status nqi_counts_make(nqi_counts *counts, nq_context *context, const nq_dataset *data,
                          size_t column);
void nqi_counts_free(nqi_counts *counts);

/* offset + k step, k = 0..cells - 1; step 0: none. */
typedef struct nqi_grid {
    double step, offset, cells;
} nqi_grid;

/* The coarsest grid of all values but those that are marked (skip[count], or NULL), which have so
 * many decimals. */
nqi_grid nqi_grid_find(const nqi_counts *counts, const unsigned char *skip, int decimals);

/* Marks the values that repeat a lot, at least .2 % of rows and five rows, and stand out from their
 * neighbours. Returns how many. */
size_t nqi_spikes_mark(unsigned char *marks, const nqi_counts *counts, const nqi_grid *grid);

/* The values that are marked (marks NULL: all) as levels by falling frequency; of equal ones by
 * their text where the column has texts, else by value. */
nq_status nqi_levels_take(nqi_column_kind *out, nq_context *context, const nqi_counts *counts,
                          const unsigned char *marks, const nqi_column *column);

/* told.c: what the column was told to be, or a sentence about the cell that cannot be that. */
nq_status nqi_kind_tell(nqi_column_kind *out, nq_context *context, const nq_dataset *data,
                        size_t column, const nqi_counts *counts, nqi_type told);

#endif
