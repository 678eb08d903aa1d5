/* figure.h - what figures of a model show, as numbers: rows on their way, and columns of data
 * beside columns of samples. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_FIGURE_H
#define NONEQ_FIGURE_H

#include <noneq/ticks.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { NQ_SLICES = 5 };

/* Rows at five times from 0 to T, forward (data diffused) and in reverse (samples on their way from
 * noise), as in [SD15] figure 1; in the data's units. */
typedef struct nq_slices {
    size_t times[NQ_SLICES];
    size_t rows, columns;
    double *forward[NQ_SLICES], *reverse[NQ_SLICES]; /* [rows][columns] each; owned */
    int from_data; /* 1: forward starts at data, 0: at the model's samples */
} nq_slices;

/* data: rows, of which `rows` evenly spread are used, or all where there are fewer; or NULL. One
 * thread at a time, as its context. NQ_ERROR_SHAPE, NQ_ERROR_MEMORY, NQ_ERROR_STOPPED. */
nq_status nq_slices_new(nq_slices *out, nq_context *context, const nq_model *model,
                        const nq_dataset *data, size_t rows, uint64_t seed);
void nq_slices_free(nq_slices *slices); /* copes with a zeroed struct */
/* The times at which the drift is shown: those of the slices, but from 2 on where there are so
 * many, since the last reverse step need not be learned. */
size_t nq_slices_drift_time(const nq_slices *slices, size_t i);
/* A range of column `column` that shows data and noise alike: 2.6 to 5 deviations about its
 * mean. */
void nq_slices_range(double *low, double *high, const nq_slices *slices, const nq_model *model,
                     size_t column);
/* f_mu(x, t) - x for rows[count][columns] in the data's units: where the reverse step of time t
 * takes them, on average. As nq_model_reverse, which works in scaled units. */
nq_status nq_model_drift(double *drift, nq_context *context, const nq_model *model,
                         const double *rows, size_t count, size_t t);

enum { NQ_SIDE_DATA, NQ_SIDE_SAMPLES, NQ_SIDES };
enum { NQ_BARS_MOST = 8, NQ_BINS_MOST = 36, NQ_LABEL_SIZE = 200 };

/* Rows of the data, of which there may be none, and rows that were drawn, in the order of the
 * model's columns. Borrowed. */
typedef struct nq_sides {
    const double *rows[NQ_SIDES]; /* [count][columns of the model] */
    size_t count[NQ_SIDES];
} nq_sides;

/* What is shown of a column: some of its values by how many rows have them, and its numbers. */
typedef struct nq_column_figure {
    char labels[NQ_BARS_MOST][NQ_LABEL_SIZE]; /* of values with a bar of their own */
    double parts[NQ_BARS_MOST][NQ_SIDES];     /* of all rows */
    size_t bars;
    int has_bins;                        /* other numbers are a histogram: */
    double low, high;                    /* from here to there, */
    double bins[NQ_SIDES][NQ_BINS_MOST]; /* parts of the rows that are in none of the bars */
    size_t bin_count;
    nq_axis_kind axis; /* what low and high are */
} nq_column_figure;

/* Of a column of a table: bits are two bars, real numbers a histogram. NQ_ERROR_ARGUMENT: there is
 * no such column; NQ_ERROR_MEMORY. */
nq_status nq_column_figure_make(nq_column_figure *out, nq_context *context, const nq_model *model,
                                const nq_sides *sides, size_t column);

#ifdef __cplusplus
}
#endif
#endif
