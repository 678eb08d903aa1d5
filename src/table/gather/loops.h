/* loops.h - what is done with numbers of each element type: gathered, looked at, read. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_GATHER_LOOPS_H
#define NQI_TABLE_GATHER_LOOPS_H

#include "core/real.h"
#include "table/dataset.h"

typedef struct nqi_gather_plan {
    const size_t *columns; /* [dim], or NULL: all */
    size_t dim;
    const double *shift, *scale, *divisor; /* by data column; any may be NULL */
    const size_t *offsets[2];              /* as in nqi_row_layout */
} nqi_gather_plan;

static inline double nqi_shift_of(const nqi_gather_plan *plan, size_t column)
{
    return plan->shift ? plan->shift[column] : 0;
}

static inline double nqi_scale_of(const nqi_gather_plan *plan, size_t column)
{
    const double scale = plan->scale ? plan->scale[column] : 1;
    return plan->divisor ? scale / plan->divisor[column] : scale;
}

/* What some numbers have shown. */
typedef struct nqi_look {
    size_t missing,
        first_missing; /* first_missing: of the numbers of a call; their count: none */
    int binary;
} nqi_look;

typedef struct nqi_loops {
    /* Columns `first`.. of the plan, of rows whose numbers lie in one piece: NQI_GATHER_ROWS are
     * read, and `count` written. */
    void (*gather)(const nqi_place *rows, size_t count, const nqi_gather_plan *plan, size_t first,
                   nqi_real *out, size_t stride);
    /* Rows rows[count] of one column, each as (x - shift) * scale. */
    void (*take)(nqi_real *out, const nqi_strided *from, const uint64_t *rows, size_t count,
                 double shift, double scale);
    /* Numbers one after the other, and rows rows[count] of one column. */
    void (*scan)(nqi_look *look, const unsigned char *bytes, size_t count);
    void (*look)(nqi_look *look, const nqi_strided *from, const uint64_t *rows, size_t count);
    void (*read)(double *out, const unsigned char *bytes, size_t count);
} nqi_loops;

extern const nqi_loops nqi_loops_of[]; /* by element type */

/* The number of a row of the set that has the numbers; NaN: it has none. */
double nqi_strided_read(const nqi_strided *from, uint64_t row);

#endif
