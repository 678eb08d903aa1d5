/* coding.h - how the columns of a table stand in the rows of a process, and back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_CODING_CODING_H
#define NQI_TABLE_CODING_CODING_H

#include "core/real.h"
#include "table/kind/kind.h"
#include "table/warp/warp.h"

#define NQI_NO_NUMBER SIZE_MAX

/* A column. A category has a number that is a level, a number of the table a score, and a spiked
 * column both: its last level says that the score counts, and where it does not the score is an
 * auxiliary normal number (mathematics.md section 10). */
typedef struct nqi_code {
    nqi_kind kind;
    size_t level_number, score_number; /* in a row of the process; NQI_NO_NUMBER: it has none */
    /* What its levels stand for, by falling frequency; NaN: a gap. The last one of a spiked column
     * stands for every other number. */
    double *level;      /* [level_count] owned */
    uint32_t *by_value; /* [level_count] levels in rising order of what they stand for; owned */
    double *frequency;  /* [level_count] part of the training rows; owned */
    size_t level_count;
    nqi_warp warp; /* of the score */
    /* A column that follows from another is left out and filled in again: its value at each level
     * that the other has here. source SIZE_MAX: it does not. */
    nqi_function refill;
} nqi_code;

/* Rows of a process: first all scores, then levels of two, which are bits, then the others. */
typedef struct nqi_coding {
    size_t columns, numbers;
    size_t scores, bits;
    nqi_code *code;    /* [columns] owned */
    size_t *column_of; /* [numbers] owned */
} nqi_coding;

/* From what the columns of training rows are (kinds and functions [dim], see kind.h; functions'
 * values are taken over). Columns that are left out must not be among them. */
nq_status nqi_coding_make(nqi_coding *out, nq_context *context, const nq_dataset *data,
                          const nqi_column_kind *kinds, nqi_function *functions);
/* Numbers and column_of, from what the codes are; levels' order too. NQ_ERROR_MEMORY. */
nq_status nqi_coding_number(nqi_coding *coding);
nq_status nqi_code_order(nqi_code *code); /* by_value; NQ_ERROR_MEMORY */
nq_status nqi_coding_copy(nqi_coding *out, const nqi_coding *from);
void nqi_coding_free(nqi_coding *coding); /* copes with a zeroed struct */
/* Levels that a number of the process has; 0: it is a score. */
size_t nqi_coding_levels(const nqi_coding *coding, size_t number);

/* The level that stands for x, where a spiked column's last is any number; level_count: none. */
size_t nqi_code_level(const nqi_code *code, double x);
/* The column, from 0, whose cell can not come from the model; columns: the row can. */
size_t nqi_coding_fault(const nqi_coding *coding, const double *row);

/* Levels of a row of the table into out[number * stride], and what scores are made of into
 * raw[score * raw_stride], NaN where an auxiliary stands. */
void nqi_coding_levels_of(const nqi_coding *coding, const double *row, nqi_real *out,
                          size_t stride, double *raw, size_t raw_stride);
/* Scores from raw [scores][ld] of `rows` rows and uniform numbers (NULL: the middle), and what each
 * adds to K of its cell; share NULL: nobody asks. u may be out. */
void nqi_coding_score(const nqi_coding *coding, nqi_real *out, double *share, const double *raw,
                      const nqi_real *u, size_t ld, size_t rows);
/* The score of what a level stands for, no further out than it would be as the end of all rows:
 * what is shown of a known cell that is no other number; of a gap 0. */
double nqi_code_level_score(const nqi_code *code, size_t level);
/* Back: out[count][columns] from x[numbers][stride]; left-out columns are refilled. */
void nqi_coding_restore(const nqi_coding *coding, const nqi_real *x, size_t stride, size_t count,
                        double *out);

#endif
