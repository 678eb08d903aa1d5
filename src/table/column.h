/* column.h - one column of a table: what it is, and where its numbers are. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_COLUMN_H
#define NQI_TABLE_COLUMN_H

#include <stdint.h>

#include "io/table/table.h" /* nqi_element */
#include "io/table/type.h"
#include "io/text/date.h"

/* A set's own columns are REAL or BIT (0 and 1 alone) once somebody looked; what they are as
 * columns of a table is table/kind/kind.h. Dates are WHOLE, with a date form. */
typedef enum nqi_kind {
    NQI_KIND_UNKNOWN, /* nobody looked yet */
    NQI_KIND_REAL,
    NQI_KIND_BIT,
    NQI_KIND_WHOLE,    /* on a grid */
    NQI_KIND_CATEGORY, /* few levels */
    NQI_KIND_SPIKED,   /* a number that repeats some values often */
    NQI_KIND_CONSTANT,
    NQI_KIND_LEFT_OUT
} nqi_kind;

typedef enum nqi_role {
    NQI_ROLE_INPUT,   /* a model's column */
    NQI_ROLE_LEFT_OUT /* in the table and no model's: it counts the rows */
} nqi_role;

/* How a cell says that it has no number. */
typedef enum nqi_gap_code {
    NQI_GAP_NONE, /* it cannot */
    NQI_GAP_NAN,
    NQI_GAP_BIT /* its bit is 0, or it is NaN */
} nqi_gap_code;

/* Row r's number is at start + r * stride, in native byte order and aligned for its type. */
typedef struct nqi_strided {
    const unsigned char *start; /* NULL: a model's column, which has no numbers */
    ptrdiff_t stride;           /* bytes */
    nqi_element element;
    /* Row r has a number where bit valid_first + r is 1, counted from the lowest of valid[0]. NULL:
     * all have. */
    const unsigned char *valid;
    size_t valid_first;
} nqi_strided;

static inline const unsigned char *nqi_strided_at(const nqi_strided *numbers, uint64_t row)
{
    return numbers->start + (ptrdiff_t)row * numbers->stride;
}

static inline int nqi_strided_has(const nqi_strided *numbers, uint64_t row)
{
    const size_t bit = numbers->valid_first + (size_t)row;
    return !numbers->valid || (numbers->valid[bit / 8] >> bit % 8 & 1);
}

/* Zeroed, nothing is known of it. */
typedef struct nqi_column {
    char *name; /* valid UTF-8, "" where others have names and it has none; NULL: no column has */
    char *unit; /* or NULL */
    nqi_kind kind;
    nqi_role role;
    nqi_type told; /* by --types */
    /* Decimals that its numbers are written with, at most and at least; has_precision 0: they are
     * no numbers of a text, or written with too many to count. */
    int has_precision, precision, precision_least;
    nqi_date_form date;     /* its numbers are days or seconds since 1970-01-01 */
    char gap[NQI_GAP_SIZE]; /* the word for a cell that has no number; "": it is empty */
    char **levels; /* [level_count] texts that its numbers 0,1,2,... stand for, or NULL */
    size_t level_count;
    nqi_strided numbers;
    nqi_gap_code gap_code;
    size_t gaps; /* cells that have no number, where it was looked for them */
    size_t at;   /* its place among the columns of the set that has the numbers */
} nqi_column;

nqi_column *nqi_columns_new(size_t count); /* zeroed; NULL: no memory */
/* What columns are, without where their numbers are and what these have shown, but for the kind.
 * from NULL gives NULL. NQ_ERROR_MEMORY, without a sentence. */
nq_status nqi_columns_copy(nqi_column **out, const nqi_column *from, size_t count);
void nqi_columns_free(nqi_column *columns, size_t count); /* NULL is fine */
/* Whether columns have names; columns may be NULL. */
int nqi_columns_named(const nqi_column *columns);
/* Whether it is text of which every level is a date. */
int nqi_column_is_written_dates(const nqi_column *column);

/* Where the numbers of a column are, and how it says that one is missing. */
void nqi_column_place(nqi_column *column, const unsigned char *start, size_t stride,
                      nqi_element element);

#endif
