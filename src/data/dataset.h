/* dataset.h - inside of nq_dataset: where the numbers are and of what type. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_DATA_DATASET_H
#define NQI_DATA_DATASET_H

#include <noneq/data.h>

#include "io/table.h" /* nqi_element */

struct nq_dataset {
    size_t rows, dim;
    nqi_element element;
    const unsigned char *values; /* [rows, dim] of `element`, native byte order */
    const uint64_t *row_index;   /* NULL, or row r of the set is row row_index[r] of values */
    char **names;                /* [dim], owned, or NULL */
    /* What else is owned: by free, and `map` by munmap. */
    void *owned_values, *owned_index;
    void *map;
    size_t map_size;
    /* Scan results, made on first use: that one must not race with another thread's. */
    int scanned, binary;
    size_t missing, missing_row, missing_column;
};

/* Gathers rows[0..count-1] into feature-major out[dim][stride] (count <= stride), each number as
 * (x - shift[d]) * scale[d]; shift and scale may be NULL (0 and 1). */
void nqi_dataset_gather(const nq_dataset *dataset, const uint64_t *rows, size_t count,
                        const double *shift, const double *scale, nq_real *out, size_t stride);

/* The same for some columns: out[i] holds column columns[i], and shift and divisor are indexed by
 * the data's column. Each number becomes (x - shift) * (1 / divisor). */
void nqi_dataset_gather_columns(const nq_dataset *dataset, const uint64_t *rows, size_t count,
                                const size_t *columns, size_t column_count, const double *shift,
                                const double *divisor, nq_real *out, size_t stride);

/* Fills in what the data hold: missing cells, and whether they are bits. */
void nqi_dataset_scan(nq_dataset *dataset);

/* An empty set with the rows and dim of a table, whose contents it takes over. */
nq_status nqi_dataset_from_table(nq_dataset **out, nq_context *context, nqi_table *table);

#endif
