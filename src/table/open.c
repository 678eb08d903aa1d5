/* open.c - which reader a data file needs, told by its first bytes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>
#include <strings.h>

#include "core/context.h"
#include "io/array/idx.h"
#include "io/array/npy.h"
#include "io/csv/csv.h"
#include "io/csv/dialect.h"
#include "io/file/foreign.h"
#include "io/picture/picture.h"
#include "table/dataset.h"

static const struct {
    int (*begins)(const nqi_input *input);
    nq_status (*read)(nqi_table *out, nqi_input *input);
} formats[] = {{nqi_npy_begins, nqi_npy_read},
               {nqi_idx_begins, nqi_idx_read},
               {nqi_png_begins, nqi_png_read},
               {nqi_pnm_begins, nqi_pnm_read},
               {nqi_cifar_begins, nqi_cifar_read}};

enum { FORMATS = sizeof formats / sizeof formats[0] };

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

/* "PAR1,PAR2" is a header, not a Parquet file. */
static int is_first_line_of_cells(const nqi_input *input)
{
    const char *head = (const char *)input->head;
    const char *end = memchr(head, '\n', input->head_size);
    const size_t length = end ? (size_t)(end - head) : input->head_size;
    for (const char *separator = ",;\t|"; *separator; separator++)
        if (memchr(head, *separator, length))
            return is_text(input);
    return 0;
}

static nq_status foreign_refuse(const nqi_input *input)
{
    const char *advice = nqi_foreign_advice(input->head, input->head_size);
    if (!advice || is_first_line_of_cells(input))
        return NQ_OK;
    return nqi_fail(input->context, NQ_ERROR_UNSUPPORTED, "%s %s", input->path, advice);
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
    nqi_csv_dialect unused; /* what is wrong with the options is wrong for any file */
    nq_status status = nqi_csv_dialect_make(&unused, context, options);
    *out = NULL;
    if (status)
        return status;
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
