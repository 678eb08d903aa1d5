/* data.h - data sets: read from files, made by built-in generators, written back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_DATA_H
#define NONEQ_DATA_H

#include <stddef.h>
#include <stdint.h>

#include <noneq/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Rows of numbers, [rows, dim], perhaps memory-mapped and of another element type: ask for rows
 * as nq_real. Immutable once made. */
typedef struct nq_dataset nq_dataset;

/* Reads a data file by extension or content: .csv .tsv .txt and text in general (commas, tabs,
 * semicolons or white space; header or not; quotes), .npy (float32/64, integers, bool; C order;
 * memory-mapped when not compressed), IDX, and .gz of any. A cell that is empty, NA or NaN is
 * missing. NQ_ERROR_FILE, NQ_ERROR_FORMAT (with line and column), NQ_ERROR_UNSUPPORTED (says how
 * to convert the file), NQ_ERROR_MEMORY. */
nq_status nq_dataset_open(nq_dataset **out, nq_context *context, const char *path);

/* Copies values[rows*dim] (row by row). names: dim strings, or NULL. */
nq_status nq_dataset_from_array(nq_dataset **out, nq_context *context, const nq_real *values,
                                size_t rows, size_t dim, const char *const *names);

typedef struct nq_generate_options {
    size_t rows;  /* rows to make; 0: 1000 */
    size_t dim;   /* numbers in a row; 0: the set's own (swissroll 2, heartbeat 20,
                     gaussian 2, mixture 1) */
    double noise; /* swissroll: standard deviation of the noise in raw units (the roll has
                     radius 4.7 to 14.1), default 0; heartbeat: probability of a flipped
                     bit, default 0; mixture: standard deviation of a component, default
                     0.3; gaussian: correlation of neighbouring columns, default 0. NaN:
                     default */
    uint64_t seed;
} nq_generate_options;

/* name: "swissroll" (each dimension scaled to unit variance with exact constants, mean 0),
 * "heartbeat" (period 5, random phase, bits), "gaussian" (unit variance, AR(1) correlation),
 * "mixture" (+-m with m = sqrt(1 - s^2), unit variance, independent columns).
 * Row i of a set depends on seed and i alone. NQ_ERROR_ARGUMENT names the known sets. */
nq_status nq_dataset_generate(nq_dataset **out, nq_context *context, const char *name,
                              const nq_generate_options *options);
/* Streams a generated set to a file, by extension as nq_values_write does, in small memory however
 * many rows there are. */
nq_status nq_dataset_generate_to(nq_context *context, const char *name,
                                 const nq_generate_options *options, const char *path);
/* NULL-terminated list of the names above; help[i] describes names[i]. Either may be NULL. */
void nq_dataset_generators(const char *const **names, const char *const **help);

void nq_dataset_free(nq_dataset *dataset);

size_t nq_dataset_rows(const nq_dataset *dataset);
size_t nq_dataset_dim(const nq_dataset *dataset);
/* Column name, or NULL when the file has no header. */
const char *nq_dataset_column_name(const nq_dataset *dataset, size_t column);
/* Copies row `row` to out[dim]; missing cells are NaN. */
void nq_dataset_row(const nq_dataset *dataset, size_t row, nq_real *out);
/* True when every column holds only 0 and 1 (missing cells aside). Scans once, then remembers. */
int nq_dataset_is_binary(const nq_dataset *dataset);
/* Number of missing cells, and the first of them (0-based). Either may be NULL. */
size_t nq_dataset_missing(const nq_dataset *dataset, size_t *row, size_t *column);

/* A part of the rows as a data set of its own, without copying when rows are contiguous: rows
 * first..first+count-1. The parent must outlive it. */
nq_status nq_dataset_slice(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                           size_t first, size_t count);
/* A random fraction (keyed by seed) of the rows, and the others, in their order. The parent must
 * outlive both. */
nq_status nq_dataset_split(nq_dataset **part, nq_dataset **rest, nq_context *context,
                           const nq_dataset *parent, double fraction, uint64_t seed);

/* Writes [rows, dim] values by extension: .npy (float32, or float64 in the double build), .csv,
 * .tsv, and .gz of them. names: dim strings for a header row of text, or NULL. Numbers in text have
 * the fewest digits that read back the same. The file appears whole or not at all. path "-" writes
 * CSV to standard output. */
nq_status nq_values_write(nq_context *context, const char *path, const nq_real *values,
                          size_t rows, size_t dim, const char *const *names);

#ifdef __cplusplus
}
#endif
#endif
