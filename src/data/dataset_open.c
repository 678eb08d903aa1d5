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
#include "io/picture.h"

static const struct {
    int (*begins)(const nqi_input *input);
    nq_status (*read)(nqi_table *out, nqi_input *input);
} formats[] = {{nqi_npy_begins, nqi_npy_read},
               {nqi_idx_begins, nqi_idx_read},
               {nqi_png_begins, nqi_png_read},
               {nqi_pnm_begins, nqi_pnm_read},
               {nqi_cifar_begins, nqi_cifar_read}};

/* What people try and what helps them. */
static const struct {
    const char *magic, *advice;
} foreign[] = {
    {"PK\x03\x04", "is a zip archive (.npz or .xlsx); save the array with numpy.save, or as CSV"},
    {"\xff\xd8\xff", "is a JPEG picture; save it as PNG, PGM or PPM"},
    {"GIF8", "is a GIF picture; save it as PNG, PGM or PPM"},
    {"II*", "is a TIFF picture; save it as PNG, PGM or PPM"},
    {"P1\n", "is a PBM bitmap; save it as PNG or PGM"},
    {"P4\n", "is a PBM bitmap; save it as PNG or PGM"},
    {"P7\n", "is a PAM picture; save it as PNG, PGM or PPM"},
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

static int is_text(const nqi_input *input)
{
    for (size_t i = 0; i < input->head_size; i++)
        if (input->head[i] > '~' || (input->head[i] < ' ' && !strchr("\t\r\n", input->head[i])))
            return 0;
    return 1;
}

/* Bytes without a header could be anything. */
static nq_status raw_refuse(const nqi_input *input)
{
    size_t length = strlen(input->path);
    if (length >= 3 && !strcasecmp(input->path + length - 3, ".gz"))
        length -= 3;
    if (length < 4 || (strncasecmp(input->path + length - 4, ".bin", 4) != 0 &&
                       strncasecmp(input->path + length - 4, ".raw", 4) != 0))
        return NQ_OK;
    if (is_text(input))
        return NQ_OK;
    return nqi_fail(input->context, NQ_ERROR_UNSUPPORTED,
                    "%s holds raw bytes that do not say their shape; expected CIFAR-10 binary "
                    "(records of 3073 bytes that begin with a label from 0 to 9); save other "
                    "arrays with numpy.save",
                    input->path);
}

/* Other files have no columns to choose from by name, and pictures none at all. */
static nq_status choice_refuse(nq_context *context, const char *path,
                               const nq_read_options *options)
{
    const char *flag = !options                                ? NULL
                       : options->columns && *options->columns ? "columns"
                       : options->drop && *options->drop       ? "drop"
                                                               : NULL;
    return flag ? nqi_fail(context, NQ_ERROR_ARGUMENT,
                           "--%s chooses columns of text tables; %s is none", flag, path)
                : NQ_OK;
}

static nq_status table_read(nqi_table *out, nqi_input *input, const nq_read_options *options)
{
    nq_status status;
    for (int i = 0; i < FORMATS; i++)
        if (formats[i].begins(input))
            return (status = choice_refuse(input->context, input->path, options))
                       ? status
                       : formats[i].read(out, input);
    if ((status = foreign_refuse(input)) || (status = npy_expect(input)) ||
        (status = raw_refuse(input)))
        return status;
    return nqi_csv_read(out, input, options);
}

nq_status nq_dataset_open_with(nq_dataset **out, nq_context *context, const char *path,
                               const nq_read_options *options)
{
    nqi_input input = {0};
    nqi_table table = {0};
    nq_status status;
    *out = NULL;
    if (nqi_folder_is(path))
        status = (status = choice_refuse(context, path, options))
                     ? status
                     : nqi_folder_read(&table, context, path);
    else if (!(status = nqi_input_open(&input, context, path)))
        status = table_read(&table, &input, options);
    nqi_input_close(&input);
    return status ? status : nqi_dataset_from_table(out, context, &table);
}

nq_status nq_dataset_open(nq_dataset **out, nq_context *context, const char *path)
{
    return nq_dataset_open_with(out, context, path, NULL);
}
