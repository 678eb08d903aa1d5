/* container_read.c - a safetensors file, every size and offset checked before it is used. */
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

#include "core/arena.h"
#include "core/context.h"
#include "io/container_format.h"
#include "io/text.h"

static nq_status bytes_read(const nqi_source *from, void *bytes, size_t count, uint64_t where)
{
    unsigned char *next = bytes;
    while (count > 0) {
        const ssize_t got = pread(from->file, next, count, (off_t)where);
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
        return nqi_container_fail(from, NULL,
                                  "its first 8 bytes promise a header of over 100 MB");
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
    *root = cJSON_ParseWithLengthOpts(text, length, &end, 0);
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

static nq_status data_read(const nqi_source *from, nqi_container *container,
                           const nqi_span *places)
{
    size_t need = 0;
    for (size_t i = 0; i < container->count; i++)
        need += nqi_arena_need((size_t)(places[i].end - places[i].begin), 1);
    if (nqi_arena_new(&container->data, need))
        return nqi_fail_memory(from->context, "the content of a file", need);
    for (size_t i = 0; i < container->count; i++) {
        const size_t bytes = (size_t)(places[i].end - places[i].begin);
        void *data = nqi_arena_take(&container->data, bytes, 1);
        const nq_status status =
            bytes_read(from, data, bytes, from->data_begin + places[i].begin);
        if (status)
            return status;
        container->tensors[places[i].tensor].data = data;
    }
    return NQ_OK;
}

static nq_status tensors_read(const nqi_source *from, nqi_container *container)
{
    const size_t entries = (size_t)cJSON_GetArraySize(container->root);
    nq_status status;
    nqi_span *places = calloc(entries + 1, sizeof *places);
    container->tensors = calloc(entries + 1, sizeof *container->tensors);
    if (!places || !container->tensors)
        status = nqi_fail_memory(from->context, "a table of tensors",
                                 entries * (sizeof *places + sizeof(nqi_tensor)));
    else if (!(status = nqi_container_index(container, places, from)))
        status = data_read(from, container, places);
    free(places);
    return status;
}

static nq_status container_fill(nqi_source *from, nqi_container *container)
{
    nq_status status;
    if ((status = source_open(from)) || (status = header_read(from, &container->root)))
        return status;
    return tensors_read(from, container);
}

nq_status nqi_container_read(nqi_container **out, nq_context *context, const char *path)
{
    nqi_source from = {.context = context, .path = path, .file = -1};
    nqi_container *container = calloc(1, sizeof *container);
    *out = NULL;
    if (!container)
        return nqi_fail_memory(context, "a file", sizeof *container);
    const nq_status status = container_fill(&from, container);
    if (from.file >= 0)
        close(from.file);
    if (status)
        nqi_container_free(container);
    else
        *out = container;
    return status;
}

void nqi_container_free(nqi_container *container)
{
    if (!container)
        return;
    nqi_arena_free(&container->data);
    free(container->tensors);
    cJSON_Delete(container->root);
    free(container);
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
