/* input.c - a file opened for reading whose first bytes are known. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/file/input.h"

#include <stdlib.h>
#include <string.h>

#include "core/context.h"

nq_status nqi_input_open(nqi_input *out, nq_context *context, const char *path)
{
    *out = (nqi_input){.context = context, .path = path};
    nq_status status;
    if ((status = nqi_reader_open(&out->reader, context, path)) ||
        (status = nqi_reader_get(out->reader, out->head, NQI_INPUT_HEAD, &out->head_size)))
        nqi_input_close(out);
    return status;
}

void nqi_input_close(nqi_input *input)
{
    if (input->reader)
        nqi_reader_free(input->reader);
    input->reader = NULL;
}

nq_status nqi_input_get(nqi_input *input, void *bytes, size_t count, size_t *got)
{
    const size_t known = input->head_size - input->head_used;
    const size_t first = count < known ? count : known;
    memcpy(bytes, input->head + input->head_used, first);
    input->head_used += first;
    *got = first;
    if (first == count)
        return NQ_OK;
    size_t more = 0;
    const nq_status status =
        nqi_reader_get(input->reader, (unsigned char *)bytes + first, count - first, &more);
    *got += more;
    return status;
}

int nqi_input_is_text(const nqi_input *input)
{
    for (size_t i = 0; i < input->head_size; i++)
        if (input->head[i] > '~' ||
            (input->head[i] < ' ' && !memchr("\t\r\n", input->head[i], 3)))
            return 0;
    return 1;
}

static nq_status refuse_size(const nqi_input *input, size_t count, size_t found,
                             const char *promise)
{
    if (found > count)
        return nqi_fail(input->context, NQ_ERROR_FORMAT,
                        "%s: expected %zu bytes of data for %s, found more", input->path, count,
                        promise);
    return nqi_fail(input->context, NQ_ERROR_FORMAT,
                    "%s: expected %zu bytes of data for %s, found %zu", input->path, count,
                    promise, found);
}

nq_status nqi_input_rest(nqi_input *input, void **out, size_t count, const char *promise)
{
    enum { FIRST_PIECE = 1 << 20 };
    unsigned char *bytes = NULL;
    size_t found = 0;
    *out = NULL;
    for (size_t size = FIRST_PIECE; found < count; size *= 2) {
        const size_t target = count / 2 < size ? count : size;
        unsigned char *grown = realloc(bytes, target);
        if (!grown) {
            free(bytes);
            return nqi_fail_memory(input->context, input->path, target);
        }
        bytes = grown;
        size_t got;
        const nq_status status = nqi_input_get(input, bytes + found, target - found, &got);
        found += got;
        if (status || found < target) {
            free(bytes);
            return status ? status : refuse_size(input, count, found, promise);
        }
    }
    unsigned char extra;
    size_t got;
    const nq_status status = nqi_input_get(input, &extra, 1, &got);
    if (status || got) {
        free(bytes);
        return status ? status : refuse_size(input, count, count + 1, promise);
    }
    *out = bytes;
    return NQ_OK;
}
