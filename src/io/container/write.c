/* write.c - named tensors and strings into one safetensors file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/text.h"
#include "io/container/format.h"
#include "io/container/json.h"
#include "io/file/file.h"

/* Tensors that a file cannot hold, which is a mistake of the caller. */
static nq_status tensor_check(nq_context *context, const nqi_tensor *tensor)
{
    int overflows;
    const size_t length = strlen(tensor->name);
    nqi_tensor_bytes(tensor, &overflows);
    if (overflows || tensor->rank < 0 || tensor->rank > NQI_TENSOR_MAX_RANK)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "tensor '%s' has a shape of no size",
                        tensor->name);
    if (strcmp(tensor->name, NQI_CONTAINER_METADATA) == 0 ||
        nqi_text_utf8_prefix(tensor->name, length) != length)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "a tensor cannot have the name '%s': it has another meaning or is "
                        "not UTF-8",
                        tensor->name);
    return NQ_OK;
}

static nq_status names_check(nq_context *context, const char **names, size_t count)
{
    const char *twice = nqi_names_duplicate(names, count);
    if (twice)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "the name '%s' was given to two entries of one file", twice);
    return NQ_OK;
}

static nq_status arguments_check(nq_context *context, const nqi_tensor *tensors,
                                 size_t tensor_count, const nqi_metadata_entry *metadata,
                                 size_t metadata_count)
{
    nq_status status = NQ_OK;
    const size_t most = tensor_count > metadata_count ? tensor_count : metadata_count;
    const char **names = calloc(most + 1, sizeof *names);
    if (!names)
        return nqi_fail_memory(context, "a table of names", most * sizeof *names);
    for (size_t i = 0; i < tensor_count && !status; i++) {
        names[i] = tensors[i].name;
        status = tensor_check(context, &tensors[i]);
    }
    if (!status)
        status = names_check(context, names, tensor_count);
    for (size_t i = 0; i < metadata_count; i++)
        names[i] = metadata[i].key;
    if (!status)
        status = names_check(context, names, metadata_count);
    free(names);
    return status;
}

/* Text from outside, such as a column's name, may be no UTF-8, and no model should be lost for
 * that. */
static void metadata_add(nqi_json *json, const nqi_metadata_entry *entry)
{
    char *key = strdup(entry->key), *value = strdup(entry->value);
    if (key && value) {
        nqi_text_utf8_repair(key);
        nqi_text_utf8_repair(value);
        nqi_json_text(json, key, value);
    } else {
        json->bytes.failed = 1;
    }
    free(key);
    free(value);
}

static void tensor_add(nqi_json *json, const nqi_tensor *tensor, size_t *offset)
{
    int overflows;
    const size_t begin = *offset;
    *offset += nqi_tensor_bytes(tensor, &overflows);
    nqi_json_object(json, tensor->name);
    nqi_json_text(json, "dtype", nqi_dtype_name(tensor->dtype));
    nqi_json_array(json, "shape");
    for (int i = 0; i < tensor->rank; i++)
        nqi_json_count(json, NULL, (int64_t)tensor->shape[i]);
    nqi_json_close(json);
    nqi_json_array(json, "data_offsets");
    nqi_json_count(json, NULL, (int64_t)begin);
    nqi_json_count(json, NULL, (int64_t)*offset);
    nqi_json_close(json);
    nqi_json_close(json);
}

/* The header's JSON, or NULL when memory is out. Freed with free(). */
static char *header_make(const nqi_tensor *tensors, size_t tensor_count,
                         const nqi_metadata_entry *metadata, size_t metadata_count)
{
    size_t offset = 0;
    nqi_json json;
    nqi_json_begin(&json, 0);
    nqi_json_object(&json, NQI_CONTAINER_METADATA);
    for (size_t i = 0; i < metadata_count; i++)
        metadata_add(&json, &metadata[i]);
    nqi_json_close(&json);
    for (size_t i = 0; i < tensor_count; i++)
        tensor_add(&json, &tensors[i], &offset);
    return nqi_json_finish(&json);
}

/* What takes the bytes of a file, one part after the other. */
typedef struct sink {
    nq_status (*put)(void *to, const void *bytes, size_t count);
    void *to;
} sink;

static size_t header_bytes(const char *header)
{
    return NQI_CONTAINER_PREFIX + (strlen(header) + 7) / 8 * 8;
}

static nq_status header_put(const sink *out, const char *header)
{
    static const char padding[] = "       ";
    const size_t length = strlen(header);
    const size_t padded = header_bytes(header) - NQI_CONTAINER_PREFIX;
    unsigned char prefix[NQI_CONTAINER_PREFIX];
    for (int i = 0; i < NQI_CONTAINER_PREFIX; i++)
        prefix[i] = (unsigned char)(padded >> 8 * i);
    nq_status status;
    if ((status = out->put(out->to, prefix, sizeof prefix)) ||
        (status = out->put(out->to, header, length)))
        return status;
    return out->put(out->to, padding, padded - length);
}

static nq_status all_put(const sink *out, nq_context *context, const char *header,
                         const nqi_tensor *tensors, size_t tensor_count)
{
    int overflows;
    nq_status status = header_put(out, header);
    for (size_t i = 0; i < tensor_count && !status; i++) {
        status = nqi_tell(context, "writing a model", (double)i, (double)tensor_count);
        if (!status)
            status =
                out->put(out->to, tensors[i].data, nqi_tensor_bytes(&tensors[i], &overflows));
    }
    return status;
}

static nq_status file_put(void *to, const void *bytes, size_t count)
{
    return nqi_writer_put(to, bytes, count);
}

static nq_status file_write(nq_context *context, const char *path, const char *header,
                            const nqi_tensor *tensors, size_t tensor_count)
{
    nqi_writer *writer;
    nq_status status = nqi_writer_open(&writer, context, path);
    if (status)
        return status;
    status = all_put(&(sink){file_put, writer}, context, header, tensors, tensor_count);
    if (!status)
        return nqi_writer_commit(writer);
    nqi_writer_abandon(writer);
    return status;
}

/* The header, whose arguments and size were checked; `where`: for a sentence. Freed with free(). */
static nq_status header_new(char **out, nq_context *context, const char *where,
                            const nqi_tensor *tensors, size_t tensor_count,
                            const nqi_metadata_entry *metadata, size_t metadata_count)
{
    nq_status status = arguments_check(context, tensors, tensor_count, metadata, metadata_count);
    *out = NULL;
    if (status)
        return status;
    *out = header_make(tensors, tensor_count, metadata, metadata_count);
    if (!*out)
        return nqi_fail_memory(context, "the header of a file",
                               128 * (tensor_count + metadata_count));
    const size_t length = strlen(*out);
    if (length <= NQI_CONTAINER_HEADER_MAX - 8 &&
        nqi_container_values(*out, length) <= NQI_CONTAINER_VALUES_MAX)
        return NQ_OK;
    free(*out);
    *out = NULL;
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    "cannot write %s: its header would exceed %d bytes or %d values", where,
                    (int)NQI_CONTAINER_HEADER_MAX, (int)NQI_CONTAINER_VALUES_MAX);
}

nq_status nqi_container_write(nq_context *context, const char *path, const nqi_tensor *tensors,
                              size_t tensor_count, const nqi_metadata_entry *metadata,
                              size_t metadata_count)
{
    char *header;
    nq_status status =
        header_new(&header, context, path, tensors, tensor_count, metadata, metadata_count);
    if (!status)
        status = file_write(context, path, header, tensors, tensor_count);
    free(header);
    return status;
}

static nq_status bytes_put(void *to, const void *bytes, size_t count)
{
    unsigned char **at = to;
    if (count)
        memcpy(*at, bytes, count);
    *at += count;
    return NQ_OK;
}

nq_status nqi_container_to_bytes(void **out, size_t *size, nq_context *context,
                                 const nqi_tensor *tensors, size_t tensor_count,
                                 const nqi_metadata_entry *metadata, size_t metadata_count)
{
    char *header;
    int overflows;
    nq_status status =
        header_new(&header, context, "a file", tensors, tensor_count, metadata, metadata_count);
    *out = NULL;
    *size = 0;
    if (status)
        return status;
    size_t bytes = header_bytes(header);
    for (size_t i = 0; i < tensor_count; i++) /* all are in memory, so the sum is a number */
        bytes += nqi_tensor_bytes(&tensors[i], &overflows);
    unsigned char *at = *out = malloc(bytes);
    if (*out)
        status = all_put(&(sink){bytes_put, &at}, context, header, tensors, tensor_count);
    else
        status = nqi_fail_memory(context, "the bytes of a file", bytes);
    *size = status ? 0 : bytes;
    if (status) {
        free(*out);
        *out = NULL;
    }
    free(header);
    return status;
}
