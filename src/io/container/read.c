/* read.c - a safetensors file, every size and offset checked before it is used. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/text.h"
#include "io/container/format.h"
#include "io/container/json.h"

enum { MOST = 1 << 22 }; /* bytes read at a time */

static nq_status bytes_read(const nqi_source *from, void *bytes, size_t count, uint64_t where)
{
    unsigned char *next = bytes;
    if (from->bytes) { /* that they lie within its size was checked */
        memcpy(next, from->bytes + where, count);
        return NQ_OK;
    }
    while (count > 0) {
        const nq_status told =
            nqi_tell(from->context, "reading a model", (double)where, (double)from->size);
        if (told)
            return told;
        const ssize_t got = pread(from->file, next, count < MOST ? count : MOST, (off_t)where);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return nqi_fail(from->context, NQ_ERROR_FILE, "cannot read %s: %s", from->path,
                            strerror(errno));
        if (got == 0)
            return nqi_container_fail(from, NULL, "it became shorter while it was read");
        next += got;
        count -= (size_t)got;
        where += (size_t)got;
    }
    return NQ_OK;
}

static nq_status source_open(nqi_source *from)
{
    struct stat about;
    if (!*from->path)
        return nqi_fail(from->context, NQ_ERROR_FILE, "the name of a model file is empty");
    from->file = open(from->path, O_RDONLY | O_CLOEXEC);
    if (from->file < 0 || fstat(from->file, &about))
        return nqi_fail(from->context, NQ_ERROR_FILE, "cannot open %s: %s", from->path,
                        strerror(errno));
    if (!S_ISREG(about.st_mode))
        return nqi_fail(from->context, NQ_ERROR_FILE,
                        "cannot read %s: it is %s, a regular file was expected", from->path,
                        S_ISDIR(about.st_mode) ? "a folder" : "a device");
    from->size = (uint64_t)about.st_size;
    return NQ_OK;
}

/* Eight bytes that are no length of a header. */
static nq_status prefix_refuse(const nqi_source *from)
{
    unsigned char first = '\0';
    const nq_status status = from->size > NQI_CONTAINER_PREFIX
                                 ? bytes_read(from, &first, 1, NQI_CONTAINER_PREFIX)
                                 : NQ_OK;
    if (status)
        return status;
    if (first == '{')
        return nqi_container_fail(from, NULL, "its first 8 bytes promise a header of over 48 MB");
    return nqi_fail(from->context, NQ_ERROR_FORMAT,
                    "%s is no model file: it does not begin as a safetensors file does; expected "
                    "a file that training wrote",
                    from->path);
}

static nq_status header_length_read(const nqi_source *from, size_t *length)
{
    unsigned char prefix[NQI_CONTAINER_PREFIX];
    uint64_t value = 0;
    if (from->size < sizeof prefix)
        return nqi_container_fail(from, NULL, "it is shorter than 8 bytes");
    const nq_status status = bytes_read(from, prefix, sizeof prefix, 0);
    if (status)
        return status;
    for (int i = 0; i < NQI_CONTAINER_PREFIX; i++)
        value |= (uint64_t)prefix[i] << 8 * i;
    if (value > NQI_CONTAINER_HEADER_MAX)
        return prefix_refuse(from);
    if (value > from->size - sizeof prefix)
        return nqi_container_fail(from, NULL, "its header is longer than the file");
    *length = (size_t)value;
    return NQ_OK;
}

/* Only white space may follow the object: the padding. */
static nq_status header_parse(const nqi_source *from, const char *text, size_t length,
                              cJSON **root)
{
    const char *end = text;
    if (length == 0 || text[0] != '{')
        return nqi_container_fail(from, NULL, "its header does not begin with '{'");
    if (nqi_text_utf8_prefix(text, length) != length)
        return nqi_container_fail(from, NULL, "its header is not UTF-8");
    if (nqi_container_values(text, length) > NQI_CONTAINER_VALUES_MAX)
        return nqi_container_fail(from, NULL, "its header holds more than 2000000 values");
    *root = nqi_json_parse(text, length, &end);
    if (!*root)
        return nqi_container_fail(from, NULL, "its header is not valid JSON");
    for (; end < text + length; end++) {
        if (!strchr(" \t\r\n", *end) || !*end)
            return nqi_container_fail(from, NULL, "its header goes on after the JSON object");
    }
    return NQ_OK;
}

static nq_status header_read(nqi_source *from, cJSON **root)
{
    size_t length = 0;
    nq_status status = header_length_read(from, &length);
    if (status)
        return status;
    char *text = malloc(length + 1);
    if (!text)
        return nqi_fail_memory(from->context, "the header of a file", length + 1);
    text[length] = '\0';
    from->data_begin = NQI_CONTAINER_PREFIX + length;
    if (!(status = bytes_read(from, text, length, NQI_CONTAINER_PREFIX)))
        status = header_parse(from, text, length, root);
    free(text);
    return status;
}

static nq_status tensors_read(const nqi_source *from, nqi_container *container)
{
    const size_t entries = (size_t)cJSON_GetArraySize(container->root);
    nq_status status;
    nqi_span *places = calloc(entries + 1, sizeof *places);
    container->tensors = calloc(entries + 1, sizeof *container->tensors);
    container->starts = calloc(entries + 1, sizeof *container->starts);
    if (!places || !container->tensors || !container->starts)
        status = nqi_fail_memory(from->context, "a table of tensors",
                                 entries * (sizeof *places + sizeof(nqi_tensor)));
    else
        status = nqi_container_index(container, places, from);
    for (size_t i = 0; !status && i < container->count; i++)
        container->starts[places[i].tensor] = places[i].begin;
    free(places);
    return status;
}

static nq_status source_read(nqi_container **out, const nqi_source *source)
{
    nq_status status;
    nqi_container *container = calloc(1, sizeof *container);
    *out = NULL;
    if (!container)
        return nqi_fail_memory(source->context, "a file", sizeof *container);
    container->source = *source;
    if ((!source->bytes && (status = source_open(&container->source))) ||
        (status = header_read(&container->source, &container->root)) ||
        (status = tensors_read(&container->source, container))) {
        nqi_container_free(container);
        return status;
    }
    *out = container;
    return NQ_OK;
}

nq_status nqi_container_read(nqi_container **out, nq_context *context, const char *path)
{
    return source_read(out, &(nqi_source){.context = context, .path = path, .file = -1});
}

nq_status nqi_container_from_bytes(nqi_container **out, nq_context *context, const void *bytes,
                                   size_t size, const char *name)
{
    static const unsigned char none[1];
    return source_read(out, &(nqi_source){.context = context,
                                          .path = name,
                                          .bytes = size ? bytes : none,
                                          .file = -1,
                                          .size = size});
}

void nqi_container_free(nqi_container *container)
{
    if (!container)
        return;
    if (container->source.file >= 0)
        close(container->source.file);
    free(container->starts);
    free(container->tensors);
    cJSON_Delete(container->root);
    free(container);
}

nq_status nqi_container_get(const nqi_container *container, const nqi_tensor *tensor,
                            size_t first, size_t count, void *out)
{
    const nqi_source *from = &container->source;
    const size_t size = nqi_dtype_size(tensor->dtype);
    const uint64_t start = container->starts[tensor - container->tensors];
    return bytes_read(from, out, count * size, from->data_begin + start + first * size);
}

const nqi_tensor *nqi_container_tensor(const nqi_container *container, const char *name)
{
    for (size_t i = 0; i < container->count; i++) {
        if (strcmp(container->tensors[i].name, name) == 0)
            return &container->tensors[i];
    }
    return NULL;
}

const char *nqi_container_metadata(const nqi_container *container, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(container->metadata, key);
    return item ? item->valuestring : NULL;
}
