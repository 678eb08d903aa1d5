/* format.h - the file formats: what each begins with, how it is named, read and written. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_FORMAT_FORMAT_H
#define NQI_IO_FORMAT_FORMAT_H

#include <noneq/data.h>

#include "io/file/input.h"
#include "io/format/pixels.h"
#include "io/format/rows.h"
#include "io/table/table.h"

/* A new format is one file, which defines nqi_format_NAME, and a name here. The first that a file's
 * content or place fits reads it; sentences name extensions in this order. */
#define NQI_FORMATS(X) X(npy) X(idx) X(png) X(pnm) X(cifar) X(folder) X(csv) X(tsv)

/* What the name of a file may end in, in either case. */
typedef struct nqi_extension {
    const char *tail;   /* such as ".pgm" */
    const char *name;   /* what people call such a file */
    size_t channels;    /* of a picture written so; 0: 1 or 3 */
    int is_packed_here; /* a picture is also written with .gz behind it */
} nqi_extension;

enum { NQI_FORMAT_EXTENSIONS = 2 };

typedef struct nqi_format {
    nqi_extension extensions[NQI_FORMAT_EXTENSIONS]; /* unused: zeroed */

    /* A file that begins so (its name may count too) is read by `read`. */
    int (*begins)(const nqi_input *input);
    nq_status (*read)(nqi_table *out, nqi_input *input, const nq_read_options *options);
    int has_options; /* to `read` they say something */
    /* Of a file that no format begins: NQ_OK, or what is wrong with one that is named so. */
    nq_status (*refuse)(const nqi_input *input);
    /* What is more than a file. */
    int (*is_place)(const char *path);
    nq_status (*read_place)(nqi_table *out, nq_context *context, const char *path);

    /* Rows of numbers: what stands before them, and some of them. */
    nq_status (*rows_begin)(nqi_row_file *rows);
    nq_status (*rows_put)(nqi_row_file *rows, const double *values, size_t count);
    char separator; /* between the cells of a row that is text */

    int is_picture; /* a file is one picture */
    nq_status (*picture_write)(nqi_writer *writer, nq_context *context, const char *path,
                               const nqi_pixels *pixels);
} nqi_format;

#define NQI_FORMAT_DECLARE(name) extern const nqi_format nqi_format_##name;
NQI_FORMATS(NQI_FORMAT_DECLARE)
#undef NQI_FORMAT_DECLARE

/* Format i, or NULL behind the last. */
const nqi_format *nqi_format_get(size_t i);

typedef enum nqi_format_use {
    NQI_FORMAT_ROWS,   /* writes rows of numbers */
    NQI_FORMAT_PICTURE /* a file is one picture */
} nqi_format_use;

/* Extension number i of those of this use, and its format; NULL behind the last. */
const nqi_extension *nqi_format_extension(const nqi_format **format, nqi_format_use use,
                                          size_t i);
/* The format of this use that the name of a file asks for, perhaps with .gz; NULL: none.
 * *extension: which of its extensions. */
const nqi_format *nqi_format_of_name(const char *path, nqi_format_use use,
                                     const nqi_extension **extension);
/* The format of a picture by its content, or NULL. */
const nqi_format *nqi_format_of_picture(const nqi_input *input);

/* `.npy, .csv or .tsv`: the extensions of this use, or as names. */
enum { NQI_FORMAT_LIST = 120 };
const char *nqi_format_list(char out[NQI_FORMAT_LIST], nqi_format_use use, int as_names);

#endif
