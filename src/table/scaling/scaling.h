/* scaling.h - the constants that bring a data set to mean 0 and variance 1 ([SD15] table 1). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_SCALING_SCALING_H
#define NQI_TABLE_SCALING_SCALING_H

#include "core/real.h"
#include "table/coding/coding.h"
#include "table/dataset.h"

typedef enum nqi_scaling_mode {
    NQI_SCALE_NONE,   /* bits: mean 0 and deviation 1 whatever the data's are */
    NQI_SCALE_COLUMN, /* a table: each column by its own mean and deviation */
    NQI_SCALE_WHOLE   /* an image set: one mean and deviation */
} nqi_scaling_mode;

/* The model sees `active` columns: the data's columns less the constant ones, which are carried
 * along and reproduced. Constant columns stay active where leaving them out would be wrong: a pixel
 * of an image set (NQI_SCALE_WHOLE), and a bit of a binary set, which may yet come up. */
typedef struct nqi_scaling {
    size_t columns;       /* columns of the data file */
    size_t active;        /* columns that vary: the model's dim */
    size_t *active_index; /* [active] position of an active column in the data row */
    double *mean;         /* [columns]; a constant column's value; NQI_SCALE_NONE: 0 */
    double *deviation;    /* [columns], population; 0 marks a constant column; NQI_SCALE_NONE:
                             1 for the others, so that scaled = (x - mean) / deviation always */
    nqi_column *column;   /* [columns] what else is known of each; NULL: nothing */
    /* Where columns are of several kinds: how they stand in a row, whose numbers are then the
     * active ones; mean 0 and deviation 1 but for constants. NULL: each number is a column. */
    nqi_coding *coding;
    double log_jacobian; /* sum over active of -log(deviation): add to a log density in scaled
                             units to have it in the data's units. 0 for bits */
} nqi_scaling;

/* One pass over all rows in float64 (Welford). Refuses missing and infinite values with row
 * (1-based) and column in the sentence, and a set in which every column is constant. Crops, and
 * slices and splits of them, can be too many to visit: except for NQI_SCALE_COLUMN the pixels of
 * all the pictures in the area are measured instead, each once, and every column is active. */
nq_status nqi_scaling_measure(nqi_scaling *out, nq_context *context, const nq_dataset *dataset,
                              nqi_scaling_mode mode);
/* The same by the kinds of a table's columns; `column` then has texts of levels in the order of the
 * codes, to which rows must be matched before they are gathered. */
nq_status nqi_scaling_of_kinds(nqi_scaling *out, nq_context *context, const nq_dataset *dataset);
/* What follows from codes that are there. NQ_ERROR_MEMORY. */
nq_status nqi_scaling_coded(nqi_scaling *scaling);
nq_status nqi_scaling_copy(nqi_scaling *out, const nqi_scaling *from);
void nqi_scaling_free(nqi_scaling *scaling); /* copes with a zeroed struct */
/* NULL: columns have no names. */
const char *nqi_scaling_name(const nqi_scaling *scaling, size_t column);

/* Gathers rows of a data set with the scaling's columns into feature-major scaled
 * out[active][stride]. */
void nqi_scaling_gather(const nqi_scaling *scaling, const nq_dataset *dataset,
                        const uint64_t *rows, size_t count, nqi_real *out, size_t stride);
/* x to the decimals that a column is known to. The oracle build rounds nothing. */
double nqi_scaling_round(const nqi_scaling *scaling, size_t column, double x);
/* Back to the data's units and rounded so: x[active][stride] feature-major, first `count` rows, to
 * row-major out[count][columns]; constant columns get their value. */
void nqi_scaling_restore(const nqi_scaling *scaling, const nqi_real *x, size_t stride,
                         size_t count, double *out);
/* Mean and population deviation of the pixels that a crop set (or the one that `dataset` shows rows
 * of) covers, each once; refuses missing and infinite ones. */
nq_status nqi_pixels_measure(double *mean, double *deviation, nq_context *context,
                             const nq_dataset *dataset);
/* A view of the rows that have the one value of every constant column, where they are some but not
 * all; else *out is NULL. *left: how many they are. To a model that knows only one value any other
 * is impossible, and what it says of such a row says nothing of the rest. */
nq_status nqi_scaling_possible(nq_dataset **out, size_t *left, nq_context *context,
                               const nqi_scaling *scaling, const nq_dataset *dataset);
/* Checks a data set against the scaling: number of columns, missing or infinite values, and
 * constant columns that differ (an error: a model that knows only one value gives any other
 * probability zero). */
nq_status nqi_scaling_check(const nqi_scaling *scaling, nq_context *context,
                            const nq_dataset *dataset);

#endif
