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

static nq_status header_put(nqi_writer *writer, const char *header)
{
    static const char padding[] = "       ";
    const size_t length = strlen(header);
    const size_t padded = (length + 7) / 8 * 8;
    unsigned char prefix[NQI_CONTAINER_PREFIX];
    for (int i = 0; i < NQI_CONTAINER_PREFIX; i++)
        prefix[i] = (unsigned char)(padded >> 8 * i);
    nq_status status;
    if ((status = nqi_writer_put(writer, prefix, sizeof prefix)) ||
        (status = nqi_writer_put(writer, header, length)))
        return status;
    return nqi_writer_put(writer, padding, padded - length);
}

static nq_status file_write(nq_context *context, const char *path, const char *header,
                            const nqi_tensor *tensors, size_t tensor_count)
{
    nqi_writer *writer;
    int overflows;
    nq_status status = nqi_writer_open(&writer, context, path);
    if (status)
        return status;
    status = header_put(writer, header);
    for (size_t i = 0; i < tensor_count && !status; i++) {
        status = nqi_tell(context, "writing a model", (double)i, (double)tensor_count);
        if (!status)
            status = nqi_writer_put(writer, tensors[i].data,
                                    nqi_tensor_bytes(&tensors[i], &overflows));
    }
    if (!status)
        return nqi_writer_commit(writer);
    nqi_writer_abandon(writer);
    return status;
}

nq_status nqi_container_write(nq_context *context, const char *path, const nqi_tensor *tensors,
                              size_t tensor_count, const nqi_metadata_entry *metadata,
                              size_t metadata_count)
{
    nq_status status = arguments_check(context, tensors, tensor_count, metadata, metadata_count);
    if (status)
        return status;
    char *header = header_make(tensors, tensor_count, metadata, metadata_count);
    if (!header)
        return nqi_fail_memory(context, "the header of a file",
                               128 * (tensor_count + metadata_count));
    const size_t length = strlen(header);
    if (length > NQI_CONTAINER_HEADER_MAX - 8 ||
        nqi_container_values(header, length) > NQI_CONTAINER_VALUES_MAX)
        status = nqi_fail(context, NQ_ERROR_ARGUMENT,
                          "cannot write %s: its header would exceed %d bytes or %d values", path,
                          (int)NQI_CONTAINER_HEADER_MAX, (int)NQI_CONTAINER_VALUES_MAX);
    else
        status = file_write(context, path, header, tensors, tensor_count);
    free(header);
    return status;
}
