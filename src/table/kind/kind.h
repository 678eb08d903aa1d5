/* kind.h - what the columns of a table are, as found in its rows or told by people. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_KIND_KIND_H
#define NQI_TABLE_KIND_KIND_H

#include "table/dataset.h"

/* Levels that a category may have. */
enum { NQI_LEVELS_MOST = 4096 };

/* What a column is, as found or told. Zeroed: nothing. */
typedef struct nqi_column_kind {
    nqi_kind kind;
    /* Of categories, bits and constants: its levels by falling frequency (ties: by value or text);
     * of spiked ones: the values that repeat, alike. */
    double *level;      /* [level_count] values in the table's numbers (codes of a text column) */
    size_t *level_rows; /* [level_count] rows that have each */
    size_t level_count;
    size_t rows;        /* with a value */
    double least, most; /* of its numbers */
    double step,
        offset;      /* of a grid offset + k step that all numbers (of a spiked column: all but
                            the spikes) lie on; step 0: none */
    int decimals;    /* that its numbers are written with at most */
    int is_told;     /* by --types, not found */
    const char *why; /* static text: why it is left out; else NULL */
} nqi_column_kind;

/* What each column is: (*out)[dim], in the rows of `data`. types: as --types, beside what the
 * columns were told when they were read, or NULL. Columns of arrays that nobody told anything are
 * real or bits, as nqi_dataset_kind says, and so are pixels; of crops there is one answer for all.
 * NQ_ERROR_ARGUMENT: types name what is no column or no kind. NQ_ERROR_FORMAT: a column cannot be
 * what it was told to be; the sentence has the cell, what was found and what was expected. */
nq_status nqi_kinds_find(nqi_column_kind **out, nq_context *context, const nq_dataset *data,
                         const char *types);
void nqi_kinds_free(nqi_column_kind *kinds, size_t count); /* NULL is fine */
const char *nqi_kind_name(nqi_kind kind);                  /* "left out" and so on */

/* The rows that say what the columns of a set are: its own, or of rows drawn with replacement those
 * that they were drawn from, since a level that was not drawn is one all the same. */
const nq_dataset *nqi_kinds_rows(const nq_dataset *data);

/* The same with types NULL, in those rows, found on first use and then kept with them; borrowed.
 * Any number of threads may ask at once. */
nq_status nqi_dataset_kinds(const nqi_column_kind **out, nq_context *context,
                            const nq_dataset *data);

/* A column that is an exact function of another: each level of the source has one value. */
typedef struct nqi_function {
    size_t source; /* the other column, which is no function of a third; SIZE_MAX: it is none */
    /* [level_count of the source's kind] the column's value at each level of the source, NaN where
     * it is missing then; behind them that at a missing source: [level_count] is NaN. Owned. */
    double *value;
} nqi_function;

/* Which columns are functions of others: (*out)[dim]. Both have few levels, every row agrees, and
 * there are rows enough for that to be no accident. Of two columns that determine each other the
 * one of text stays, else the first; else the one with more levels. kinds: those of `data`. */
nq_status nqi_functions_find(nqi_function **out, nq_context *context, const nq_dataset *data,
                             const nqi_column_kind *kinds);
void nqi_functions_free(nqi_function *functions, size_t count); /* NULL is fine */
/* The same of the set's own kinds, found on first use and then kept with the set; borrowed. */
nq_status nqi_dataset_functions(const nqi_function **out, nq_context *context,
                                const nq_dataset *data);

#endif
