/* cifar.c - CIFAR-10 binary: records of a label and three planes of 32 x 32 bytes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "io/file/name.h"
#include "io/format/format.h"

enum {
    CHANNELS = 3,
    SIDE = 32,
    PLANES = CHANNELS * SIDE * SIDE,
    RECORD = 1 + PLANES,
    LABELS = 10
};

/* The format has no magic number. Text does not begin with such a byte, except for a tab. */
static int cifar_begins(const nqi_input *input)
{
    return nqi_path_ends(input->path, ".bin") && input->head_size > 0 && input->head[0] < LABELS;
}

static nq_status record_check(const nqi_input *input, size_t record, size_t got,
                              unsigned char label)
{
    static const char expected[] = "expected CIFAR-10 binary, records of 3073 bytes that begin "
                                   "with a label from 0 to 9; save "
                                   "other arrays with numpy.save";
    if (got < RECORD)
        return nqi_fail(input->context, NQ_ERROR_FORMAT, "%s ends inside record %zu: %s",
                        input->path, record + 1, expected);
    if (label >= LABELS)
        return nqi_fail(input->context, NQ_ERROR_FORMAT, "%s: record %zu has label %d: %s",
                        input->path, record + 1, label, expected);
    return NQ_OK;
}

static nq_status records_read(nqi_table *out, nqi_input *input)
{
    size_t room = 0;
    for (;; out->rows++) {
        unsigned char record[RECORD];
        size_t got;
        nq_status status = nqi_input_get(input, record, RECORD, &got);
        if (status || (got == 0 && out->rows > 0))
            return status;
        if ((status = record_check(input, out->rows, got, record[0])))
            return status;
        if (out->rows == room) {
            room = room ? 2 * room : 64;
            void *grown = realloc(out->buffer, room * PLANES);
            if (!grown)
                return nqi_fail_memory(input->context, input->path, room * PLANES);
            out->buffer = grown;
        }
        memcpy((unsigned char *)out->buffer + out->rows * PLANES, record + 1, PLANES);
    }
}

static nq_status cifar_read(nqi_table *out, nqi_input *input, const nq_read_options *options)
{
    (void)options;
    *out = (nqi_table){
        .dim = PLANES, .element = NQI_U8, .channels = CHANNELS, .height = SIDE, .width = SIDE};
    const nq_status status = records_read(out, input);
    out->values = out->buffer;
    if (status)
        nqi_table_free(out);
    return status;
}

/* Bytes without a header could be anything. */
static nq_status raw_refuse(const nqi_input *input)
{
    if (!nqi_path_ends(input->path, ".bin") && !nqi_path_ends(input->path, ".raw"))
        return NQ_OK;
    if (nqi_input_is_text(input))
        return NQ_OK;
    return nqi_fail(input->context, NQ_ERROR_UNSUPPORTED,
                    "%s holds raw bytes that do not say their shape; expected CIFAR-10 binary "
                    "(records of 3073 bytes that begin with a label from 0 to 9); save other "
                    "arrays with numpy.save",
                    input->path);
}

const nqi_format nqi_format_cifar = {.begins = cifar_begins,
                                     .read = cifar_read,
                                     .refuse = raw_refuse};
