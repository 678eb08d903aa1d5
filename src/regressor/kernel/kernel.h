/* kernel.h - the law of rows in which each training row stands for those like it, and what it
 * believes of a row that is seen through noise: means over training rows, weighted by how likely
 * each makes what is seen (Nadaraya 1964, Watson 1964).
 *
 * A cell of a row drawn from such a law is that of a training row: as it is, or but for a part of
 * all rows drawn anew from its column's law; a number is normal about it, near or further off. A
 * part of all rows has each cell from its column's law. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_REGRESSOR_KERNEL_KERNEL_H
#define NQI_REGRESSOR_KERNEL_KERNEL_H

#include "core/context.h"
#include "regressor/regressor.h"

enum {
    NQI_KERNEL_LANES = 32,       /* rows of a block */
    NQI_KERNEL_REACHES = 2,      /* of a number: near and far */
    NQI_KERNEL_ROWS = 20000,     /* that are kept, at most */
    NQI_KERNEL_NUMBERS = 1 << 24 /* of all of them */
};

/* The log of what is nothing. */
static const nqi_real nqi_kernel_far_below = (nqi_real)-1e30;

/* How a column is drawn. */
typedef struct nqi_kernel_cell {
    size_t levels; /* 0: it is a number */
    size_t law;    /* as nqi_variate has it */
    size_t at;     /* where its parts of a pass begin */
    double moved;  /* part of rows whose level is drawn anew, or whose number is far */
    double reach[NQI_KERNEL_REACHES]; /* of a number: variances */
    double mean, variance;            /* of a column of numbers */
} nqi_kernel_cell;

typedef struct nqi_kernel {
    nqi_kernel_cell *cell; /* [cells] */
    size_t cells, rows;
    size_t distinct; /* rows that differ from each other: equal ones are kept as one */
    size_t numbers;  /* cells that are numbers */
    size_t width;    /* of the parts of all cells: levels, or what a number takes */
    double *usual;   /* [width] how frequent each level is */
    double apart;    /* part of rows that are like no training row */
    nqi_real *x;     /* [blocks][cells][lanes] like rows beside each other */
    nqi_real *many;  /* [blocks][lanes] log of how many rows each is; far below beyond the last */
    size_t *place;   /* [rows] where each is, in block and lane */
    size_t scratch;  /* numbers that a pass wants */
} nqi_kernel;

static inline size_t nqi_kernel_blocks(const nqi_kernel *kernel)
{
    return (kernel->distinct + NQI_KERNEL_LANES - 1) / NQI_KERNEL_LANES;
}

/* Of rows sample[rows][cells], in their order; how far they reach is yet to be chosen. To be freed
 * whatever is returned. */
nq_status nqi_kernel_new(nqi_kernel *out, nq_context *context, const nqi_variate *cell,
                         size_t cells, const nqi_real *sample, size_t rows);
void nqi_kernel_free(nqi_kernel *kernel); /* copes with a zeroed struct */

/* As one row of numbers: sizes, laws of columns, rows. *out is malloc'ed. */
nq_status nqi_kernel_pack(nqi_real **out, size_t *count, nq_context *context,
                          const nqi_kernel *kernel);
/* The law of such numbers, which may be of any file: NQ_ERROR_FORMAT. */
nq_status nqi_kernel_unpack(nqi_kernel *out, nq_context *context, const nqi_real *packed,
                            size_t count, const nqi_variate *cell, size_t cells);
/* Rows in blocks of such as are alike: x, count, place, and what depends on how many differ. */
nq_status nqi_kernel_lay_out(nqi_kernel *kernel, nq_context *context, const nqi_real *sample);

/* A pass over all kept rows but number `self`, for one row of a question. */
typedef struct nqi_kernel_pass {
    const nqi_kernel *kernel;
    const nqi_question *question;
    size_t row, self; /* self NQI_NO_ROW: over all */
    nqi_real *scratch;
    double apart;   /* P(it is like no training row | what is seen) */
    double log_law; /* log P(what is seen) */
} nqi_kernel_pass;
/* The weights of all rows. */
void nqi_kernel_weigh(nqi_kernel_pass *pass);
/* After that, sums over rows into what nqi_kernel_sums says. */
void nqi_kernel_sum(const nqi_kernel_pass *pass);
/* Of a level, [levels]: weights of rows that have each. Of a number, [reaches][3]: weights, and
 * those times x - said and its square. */
const nqi_real *nqi_kernel_sums(const nqi_kernel_pass *pass, size_t cell);
/* After that: the belief about each cell, as nqi_regressor_type.predict has it. */
void nqi_kernel_believe(const nqi_kernel_pass *pass, nqi_real *mean, nqi_real *variance);

/* How far rows reach, so that each is most likely under the law of the others. */
nq_status nqi_kernel_fit(nqi_kernel *kernel, nq_context *context, const nqi_real *sample);

#endif
