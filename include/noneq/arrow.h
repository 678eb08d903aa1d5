/* arrow.h - data sets from and to the Arrow C data and stream interfaces, which other libraries
 * speak. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_ARROW_H
#define NONEQ_ARROW_H

#include <stdint.h>

#include <noneq/data.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The structs as the specifications have them
 * (https://arrow.apache.org/docs/format/CDataInterface.html, CStreamInterface.html); who declares
 * them first wins. */
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

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
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
 * (tdD), timestamps in seconds (tss:), and dictionaries of different texts with indices of any
 * integer type: these are not copied. Copied, with 1 to 8 bytes for each row, are booleans (b, as 0
 * and 1), float16 (e), decimals of 32, 64 or 128 bits (d:), date64 (tdm), timestamps in other units
 * (tsm: tsu: tsn:), text (u U and views vu: the codes of its different texts), columns of nulls
 * (n), dictionaries of other values, which are columns of these values, and dictionaries of texts
 * of which one is null or there twice. A timestamp with a time zone is a time in UTC. Decimals are
 * exact: of at most 15 digits without zeros at the end, or whole and below 2^53 in size. Nulls are
 * missing cells, be they in the column or in its dictionary, and so is NaN. Extension types are
 * what they are stored as. What columns are is found as nq_dataset_from_columns says, which says
 * too what else is refused, and why.
 *
 * NQ_ERROR_ARGUMENT: the array is no struct array, was released, has no rows or columns, or is not
 * what its schema says. NQ_ERROR_UNSUPPORTED: a column of another format (binary, durations, lists,
 * structs, ...), with a sentence that names it and says what to do; rows that are null as a whole;
 * times finer than microseconds; decimals of too many digits. NQ_ERROR_FORMAT, NQ_ERROR_SHAPE: as
 * there, and an index that is beyond its dictionary. NQ_ERROR_STOPPED, NQ_ERROR_MEMORY. */
nq_status nq_dataset_from_arrow(nq_dataset **out, nq_context *context, struct ArrowArray *array,
                                const struct ArrowSchema *schema);

/* A data set from all chunks of a stream of struct arrays, one after the other; empty ones are
 * passed over. One chunk is taken as nq_dataset_from_arrow takes it, and the set releases it when
 * it is freed. Several are joined into memory of the set, column by column, and released before
 * this returns; then nothing is borrowed. The same text is the same text in all chunks, whatever
 * their dictionaries. Indices keep their type where it can number the texts of all chunks, else
 * they are int32.
 *
 * The stream is used up: whatever is returned, all that it gave is released or the set's, it has
 * been released, once, and stream->release is NULL. (Only of a stream whose release is NULL already
 * nothing is called: NQ_ERROR_ARGUMENT.) Who wants its schema too asks get_schema before. It is
 * asked by the thread that calls this, and by no other.
 *
 * NQ_ERROR_FILE, with what the producer says: it failed (NQ_ERROR_MEMORY: it had no memory).
 * NQ_ERROR_ARGUMENT: no rows in any chunk. All else as in nq_dataset_from_arrow; rows are counted
 * through all chunks. */
nq_status nq_dataset_from_arrow_stream(nq_dataset **out, nq_context *context,
                                       struct ArrowArrayStream *stream);

/* A data set as a struct array and its schema: a copy, which needs the set no more. Both are the
 * caller's, who calls their release, from any thread, or moves them on; after a failure their
 * release is NULL.
 *
 * A column of text is a dictionary of int32 indices; one of days date32; one of times a timestamp
 * in seconds, milliseconds or microseconds by its decimals, with the zone UTC where it is written
 * with a Z. Numbers are int64 where the column has whole numbers alone (an integer type, or a text
 * without decimals), all of them here whole and below 2^53 in size; else float64. Dates are rounded
 * as they are written, and of a number that is a decimal of its column but for round-off, as a
 * model computes it, the round-off goes. Missing cells are null. Every column is nullable, so that
 * schemas do not depend on whether there are gaps. Names are "" where there are none.
 *
 * The set is only read. NQ_ERROR_FORMAT: a number that is no level of its text column, or no date;
 * the sentence has the cell. NQ_ERROR_MEMORY. */
nq_status nq_dataset_to_arrow(struct ArrowArray *array, struct ArrowSchema *schema,
                              nq_context *context, const nq_dataset *dataset);

/* The same in the types of another schema, such as that of the table which a model was fitted to.
 *
 * like: a schema of format +s, which is only read. A column is written as the child of its name;
 * where the set or the schema has no names, as the child in its place, and there must be as many. A
 * column that the schema does not name is as nq_dataset_to_arrow has it, and children that no
 * column has are passed over. Taken over are format, unit and time zone, the format of a
 * dictionary's values and indices, and whether it is ordered and nullable; not its metadata.
 * Formats may be all that nq_dataset_from_arrow reads. NULL: as nq_dataset_to_arrow.
 *
 * texts: the set whose dictionaries are meant, by names as above: a column of text has all texts of
 * that set's column, in its order, and then those that only it has. A model has texts in the order
 * of how frequent they are, and those alone that were there; so for its rows this is the set that
 * it was fitted to, or one row with the same levels (nq_dataset_from_columns). Only the texts are
 * read. NULL, or a column that it has not: all texts of the column, in its own order, and the
 * dictionary is not called ordered, for nobody knows that it is; nor where there are others.
 *
 * Numbers are as they are or refused: integers, booleans (0, 1) and decimals without a point are
 * exact; float32, float16 and decimals with one (d:9,2) are rounded. Dates and times are rounded as
 * they are written, and must then be whole in the unit; days may become times at midnight, and
 * these days. A dictionary of values that are not text has those that are there, ascending.
 *
 * NQ_ERROR_FORMAT: a cell that the type cannot hold (a fraction or a number out of range in an
 * integer column, a null where it has none, ...), with row and column. NQ_ERROR_UNSUPPORTED: a
 * column of the schema that is of another kind (text, dates, numbers) or of a format that is not
 * read, too many texts for its indices, two children of one name. NQ_ERROR_ARGUMENT: like is no
 * schema of a struct, or was released. Else as there. */
nq_status nq_dataset_to_arrow_like(struct ArrowArray *array, struct ArrowSchema *schema,
                                   nq_context *context, const nq_dataset *dataset,
                                   const struct ArrowSchema *like, const nq_dataset *texts);

/* The same as a stream of one chunk, which holds a copy and needs neither set nor context any more.
 * like and texts may be NULL. The caller calls its release, from any thread, or moves it on; it may
 * be used by one thread at a time. After a failure its release is NULL. */
nq_status nq_dataset_to_arrow_stream(struct ArrowArrayStream *out, nq_context *context,
                                     const nq_dataset *dataset, const struct ArrowSchema *like,
                                     const nq_dataset *texts);

#ifdef __cplusplus
}
#endif
#endif
