/* usable.h - rows that a model can be asked about, and those to which it gives no probability. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MEASURE_USABLE_H
#define NQI_MEASURE_USABLE_H

#include <noneq/likelihood.h>

#include "model/model.h"

/* The rows of a data set less the faulty ones. */
typedef struct nqi_usable {
    const nq_model *model;          /* borrowed */
    const nq_dataset *whole, *data; /* borrowed; the rows that are left: `whole` or `view` */
    nq_dataset *owned,
        *view;            /* the model's columns of the caller's data; the rows left of them */
    nq_row_fault *faults; /* [count] in the order of rows */
    size_t count, room;
    const unsigned char *roles; /* [columns] nq_role of each, or NULL; borrowed */
    int takes_gaps;             /* missing cells are absent, no errors */
    int has_gaps;               /* some rows have cells that count as absent */
    size_t rows;                /* that are left; with 0, data is not to be read */
} nqi_usable;

/* Looks at every number. Missing values, and another number of columns, are errors. */
nq_status nqi_usable_find(nqi_usable *out, nq_context *context, const nq_model *model,
                          const nq_dataset *data);
/* The same for a question about some columns given others; a missing cell of a model with roles is
 * absent. */
nq_status nqi_usable_find_given(nqi_usable *out, nq_context *context, const nq_model *model,
                                const nq_dataset *data, const unsigned char *roles);
/* A missing cell is passed over, whatever the model: rows are looked at for what they have. */
nq_status nqi_usable_find_gaps(nqi_usable *out, nq_context *context, const nq_model *model,
                               const nq_dataset *data);
void nqi_usable_free(nqi_usable *usable); /* copes with a zeroed struct */
/* Which rows of its training these are, by their digests in the model's file. */
typedef enum nqi_acquaintance {
    NQI_ROWS_STRANGE, /* others, as far as the file knows */
    NQI_ROWS_LEARNED, /* that it learned from, perhaps with its hold-out rows */
    NQI_ROWS_HELD     /* its hold-out rows */
} nqi_acquaintance;
nq_status nqi_rows_recognise(nqi_acquaintance *out, nq_context *context, const nq_model *model,
                             const nq_dataset *data);
/* Leaves out further rows, numbers among those that are left, ascending: their figures are not
 * finite. */
nq_status nqi_usable_drop(nqi_usable *usable, nq_context *context, const size_t *rows,
                          size_t count);
/* Spreads figures[left] over all rows in place (room for left + count): `hole` at the faults. */
void nqi_usable_spread(double *figures, const nqi_usable *usable, double hole);

#endif
