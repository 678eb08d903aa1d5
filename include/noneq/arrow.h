/* arrow.h - data sets from and to the Arrow C data interface, which other libraries speak. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_ARROW_H
#define NONEQ_ARROW_H

#include <stdint.h>

#include <noneq/data.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The two structs as the specification has them
 * (https://arrow.apache.org/docs/format/CDataInterface.html); who declares them first wins. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif

/* A data set from a struct array (a record batch; format +s), whose children are its columns.
 *
 * On success the array is moved into the set, as the specification says it: array->release is NULL
 * then, and the set releases what was moved when it is freed. After a failure the array is the
 * caller's as before. The schema is only read, and the caller's to release. The caller frees the
 * set; *out is NULL after a failure. Any number of threads may do this at once, each with a context
 * and an array of its own; the array may be released by whichever thread frees the set.
 *
 * Columns may be integers of 8 to 64 bits (c C s S i I l L), float32 and float64 (f g), date32
 * (tdD), timestamps in seconds (tss:), and dictionaries of text with indices of any integer type:
 * these are not copied. Copied, with 1 to 8 bytes for each row, are booleans (b, as 0 and 1),
 * float16 (e), date64 (tdm), timestamps in other units (tsm: tsu: tsn:), text (u U: the codes of
 * its different texts) and columns of nulls (n). A timestamp with a time zone is a time in UTC.
 * Nulls are missing cells, and so is NaN. What columns are is found as nq_dataset_from_columns
 * says, which says too what else is refused, and why.
 *
 * NQ_ERROR_ARGUMENT: the array is no struct array, was released, has no rows or columns, or is not
 * what its schema says. NQ_ERROR_UNSUPPORTED: a column of another format, which the sentence names;
 * rows that are null as a whole; a dictionary with a null or of what is not text; times finer than
 * microseconds. NQ_ERROR_FORMAT, NQ_ERROR_SHAPE: as there. NQ_ERROR_MEMORY. */
nq_status nq_dataset_from_arrow(nq_dataset **out, nq_context *context, struct ArrowArray *array,
                                const struct ArrowSchema *schema);

/* A data set as a struct array and its schema: a copy, which needs the set no more. Both are the
 * caller's, who calls their release or moves them on; after a failure their release is NULL.
 *
 * A column of text is a dictionary of int32 indices; one of days date32; one of times a
 * timestamp in seconds, milliseconds or microseconds by its decimals, with the zone UTC where
 * it is written with a Z. Numbers are int64 where the column has whole numbers alone (an
 * integer type, or a text without decimals), all of them here whole and below 2^53 in size;
 * else float64. Dates are rounded as they are written. Missing cells are null. Every column is
 * nullable, so that schemas do not depend on whether there are gaps. Names are "" where there
 * are none.
 *
 * The set is only read. NQ_ERROR_FORMAT: a number that is no level of its text column, or no date;
 * the sentence has the cell. NQ_ERROR_MEMORY. */
nq_status nq_dataset_to_arrow(struct ArrowArray *array, struct ArrowSchema *schema,
                              nq_context *context, const nq_dataset *dataset);

#ifdef __cplusplus
}
#endif
#endif
