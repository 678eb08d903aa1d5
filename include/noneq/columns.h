/* columns.h - data sets made of columns that lie in memory: typed, strided, with gaps and texts. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_COLUMNS_H
#define NONEQ_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#include <noneq/data.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a number of a column is in memory, in native byte order. */
typedef enum nq_element {
    NQ_FLOAT64,
    NQ_FLOAT32,
    NQ_FLOAT16, /* IEEE 754 binary16, the one type that is copied (to float32) */
    NQ_INT8,
    NQ_UINT8,
    NQ_INT16,
    NQ_UINT16,
    NQ_INT32,
    NQ_UINT32,
    NQ_INT64,
    NQ_UINT64,
    NQ_BOOL /* a byte, 0 or 1 */
} nq_element;

/* What the numbers of a column count, where they are dates. */
typedef enum nq_date {
    NQ_DATE_NONE,
    NQ_DATE_DAYS,       /* whole days since 1970-01-01, written 2024-02-29 */
    NQ_DATE_SECONDS,    /* seconds since then, of at most 6 decimals: 2024-02-29T12:30:00 */
    NQ_DATE_SECONDS_UTC /* the same in coordinated universal time: 2024-02-29T12:30:00Z */
} nq_date;

/* A column, described. Zeroed but for size, start and stride it is numbers of float64 without a
 * name or gaps. */
typedef struct nq_column {
    size_t size;        /* sizeof(nq_column) of the header that the caller was compiled with */
    const char *name;   /* UTF-8; NULL is "" where another column has a name */
    nq_element element; /* of its numbers */
    /* Row r's number is stride * r bytes behind start: both are multiples of the number's size. A
     * stride may be negative; 0 is for one row alone. */
    const void *start;
    ptrdiff_t stride;
    /* Row r has a number where bit validity_first + r is 1, counted from the lowest bit of
     * validity[0] on, as Arrow does; what stands in other rows is not looked at. NULL: all have.
     * NaN is a gap too. */
    const uint8_t *validity;
    size_t validity_first;
    /* [level_count] different texts in UTF-8 that its numbers 0, 1, 2, ... stand for; NULL: they
     * are numbers. */
    const char *const *levels;
    size_t level_count;
    const char *unit; /* of its numbers, kept and not read; or NULL */
    /* What it is, where that is not what would be found: a kind of the option types of
     * nq_read_options ("real", "whole", "category", ...); NULL or "": it is found. */
    const char *kind;
    nq_date date;
} nq_column;

/* A data set of `rows` rows of columns[count], which lie one after the other, each columns->size
 * bytes long. Numbers and validity are borrowed, but for NQ_FLOAT16: they are not copied, and must
 * stay as they are until the set is freed; all else is copied. Kinds are found as in a text file of
 * the same numbers (nq_dataset_column_facts), whose decimals are the fewest that give the number
 * back; but texts are texts whatever they look like, and no column is left out (see
 * nq_dataset_for_training). Each column is looked through once. Any number of threads may do this
 * at once with contexts of their own. The caller frees the set; *out is NULL after a failure.
 * NQ_ERROR_ARGUMENT: no rows or columns, a struct's size, a stride of 0, numbers that are not
 * aligned for their type (copy them), an unknown element or kind, a level twice.
 * NQ_ERROR_FORMAT: text that is not UTF-8, two columns of one name, a number that is infinite or no
 * level, a date that is none or beyond the years 0 to 9999; the sentence has row and column.
 * NQ_ERROR_SHAPE: a whole number of 64 bits that is not below 2^53 in size.
 * NQ_ERROR_UNSUPPORTED: a field that this library does not know is set. NQ_ERROR_MEMORY. */
nq_status nq_dataset_from_columns(nq_dataset **out, nq_context *context, const nq_column *columns,
                                  size_t count, size_t rows);

/* The columns of a set that a model can be made of, as a view of all rows: all but those that are
 * left out (text that hardly repeats, columns without a value), of which its notes tell. Text files
 * are read so already. The parent must outlive it; the caller frees it; *out is NULL after a
 * failure. Threads as above. NQ_ERROR_FORMAT: a column cannot be what it was told to be, or none is
 * left; NQ_ERROR_MEMORY. */
nq_status nq_dataset_for_training(nq_dataset **out, nq_context *context,
                                  const nq_dataset *parent);

#ifdef __cplusplus
}
#endif
#endif
