/* dataset_open.c - which reader a data file needs, told by its first bytes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>
#include <strings.h>

#include "core/context.h"
#include "data/dataset.h"
#include "io/csv.h"
#include "io/idx.h"
#include "io/npy.h"

static const struct {
    int (*begins)(const nqi_input *input);
    nq_status (*read)(nqi_table *out, nqi_input *input);
} formats[] = {{nqi_npy_begins, nqi_npy_read}, {nqi_idx_begins, nqi_idx_read}};

/* What people try and what helps them. */
static const struct {
    const char *magic, *advice;
} foreign[] = {
    {"PK\x03\x04", "is a zip archive (.npz or .xlsx); save the array with numpy.save, or as CSV"},
    {"\x89PNG", "is a PNG image; a set of images is read from .npy or IDX"},
    {"\x89HDF", "is an HDF5 file; save the array with numpy.save, or as CSV"},
    {"PAR1", "is a Parquet file; save the table as CSV"},
    {"BZh", "is compressed with bzip2; uncompress it, or use gzip"},
    {"\3757zXZ", "is compressed with xz; uncompress it, or use gzip"},
    {"\x28\xb5\x2f\xfd", "is compressed with zstd; uncompress it, or use gzip"},
    {"%PDF", "is a PDF document; save the table as CSV"},
};

enum {
    FORMATS = sizeof formats / sizeof formats[0],
    FOREIGN = sizeof foreign / sizeof foreign[0]
};

static nq_status foreign_refuse(const nqi_input *input)
{
    for (int i = 0; i < FOREIGN; i++) {
        const size_t length = strlen(foreign[i].magic);
        if (input->head_size >= length && !memcmp(input->head, foreign[i].magic, length))
            return nqi_fail(input->context, NQ_ERROR_UNSUPPORTED, "%s %s", input->path,
                            foreign[i].advice);
    }
    return NQ_OK;
}

/* A damaged array is better named so than called bad text. */
static nq_status npy_expect(const nqi_input *input)
{
    size_t length = strlen(input->path);
    if (length >= 3 && !strcasecmp(input->path + length - 3, ".gz"))
        length -= 3;
    if (length < 4 || strncasecmp(input->path + length - 4, ".npy", 4) != 0)
        return NQ_OK;
    return nqi_fail(input->context, NQ_ERROR_FORMAT,
                    "%s: expected an npy file, which begins with \\x93NUMPY", input->path);
}

static nq_status table_read(nqi_table *out, nqi_input *input)
{
    for (int i = 0; i < FORMATS; i++)
        if (formats[i].begins(input))
            return formats[i].read(out, input);
    nq_status status;
    if ((status = foreign_refuse(input)) || (status = npy_expect(input)))
        return status;
    return nqi_csv_read(out, input);
}

nq_status nq_dataset_open(nq_dataset **out, nq_context *context, const char *path)
{
    nqi_input input;
    nqi_table table = {0};
    *out = NULL;
    nq_status status = nqi_input_open(&input, context, path);
    if (!status)
        status = table_read(&table, &input);
    nqi_input_close(&input);
    return status ? status : nqi_dataset_from_table(out, context, &table);
}
