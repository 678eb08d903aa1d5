/* index.c - the header of a safetensors file: what lies where, and whether it can. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/context.h"
#include "io/container/format.h"

nq_status nqi_container_fail(const nqi_source *from, const char *tensor, const char *what)
{
    if (tensor)
        return nqi_fail(from->context, NQ_ERROR_FORMAT,
                        "%s is not a valid safetensors file: tensor '%s' %s", from->path, tensor,
                        what);
    return nqi_fail(from->context, NQ_ERROR_FORMAT, "%s is not a valid safetensors file: %s",
                    from->path, what);
}

/* A whole number that float64 holds exactly. */
static int number_read(const cJSON *item, uint64_t *out)
{
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0) || item->valuedouble > 0x1p53)
        return 0;
    *out = (uint64_t)item->valuedouble;
    return (double)*out == item->valuedouble;
}

static nq_status shape_read(const nqi_source *from, nqi_tensor *tensor, const cJSON *shape)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, shape)
    {
        uint64_t size;
        if (!number_read(item, &size) || size > SIZE_MAX)
            return nqi_container_fail(from, tensor->name,
                                      "has a shape that is not made of sizes");
        if (tensor->rank == NQI_TENSOR_MAX_RANK)
            return nqi_fail(from->context, NQ_ERROR_UNSUPPORTED,
                            "%s: tensor '%s' has more than %d dimensions", from->path,
                            tensor->name, (int)NQI_TENSOR_MAX_RANK);
        tensor->shape[tensor->rank++] = (size_t)size;
    }
    return NQ_OK;
}

static nq_status offsets_read(const nqi_source *from, const nqi_tensor *tensor,
                              const cJSON *offsets, nqi_span *place)
{
    int overflows;
    const size_t bytes = nqi_tensor_bytes(tensor, &overflows);
    const cJSON *first = offsets->child, *second = first ? first->next : NULL;
    if (!second || second->next || !number_read(first, &place->begin) ||
        !number_read(second, &place->end))
        return nqi_container_fail(from, tensor->name, "has no two data offsets");
    if (place->begin > place->end || place->end > from->size - from->data_begin)
        return nqi_container_fail(from, tensor->name, "lies outside of the file");
    if (overflows || place->end - place->begin != bytes)
        return nqi_container_fail(from, tensor->name, "has a shape that does not fit its data");
    return NQ_OK;
}

static nq_status tensor_read(const nqi_source *from, const cJSON *item, nqi_tensor *tensor,
                             nqi_span *place)
{
    tensor->name = item->string;
    const cJSON *dtype = cJSON_GetObjectItemCaseSensitive(item, "dtype");
    const cJSON *shape = cJSON_GetObjectItemCaseSensitive(item, "shape");
    const cJSON *offsets = cJSON_GetObjectItemCaseSensitive(item, "data_offsets");
    if (!cJSON_IsObject(item) || cJSON_GetArraySize(item) != 3 || !cJSON_IsString(dtype) ||
        !cJSON_IsArray(shape) || !cJSON_IsArray(offsets))
        return nqi_container_fail(from, tensor->name,
                                  "is not described by just dtype, shape and data_offsets");
    if (!nqi_dtype_by_name(&tensor->dtype, dtype->valuestring))
        return nqi_fail(from->context, NQ_ERROR_UNSUPPORTED,
                        "%s: tensor '%s' has elements of type '%s'; F32, F64, U64 and U8 "
                        "are known",
                        from->path, tensor->name, dtype->valuestring);
    const nq_status status = shape_read(from, tensor, shape);
    return status ? status : offsets_read(from, tensor, offsets, place);
}

static int spans_compare(const void *left, const void *right)
{
    const nqi_span *a = left, *b = right;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    return a->end == b->end ? 0 : a->end < b->end ? -1 : 1;
}

/* The tensors must fill the rest of the file without overlap or hole: bytes that nobody names
 * could hide anything, and a truncated file is seen here. */
static nq_status spans_check(const nqi_source *from, const nqi_container *container,
                             nqi_span *places)
{
    uint64_t filled = 0;
    if (container->count > 1)
        qsort(places, container->count, sizeof *places, spans_compare);
    for (size_t i = 0; i < container->count; i++) {
        const char *name = container->tensors[places[i].tensor].name;
        if (places[i].begin != filled)
            return nqi_container_fail(from, name,
                                      places[i].begin < filled
                                          ? "overlaps with another one"
                                          : "comes after a hole in the data");
        filled = places[i].end;
    }
    if (filled != from->size - from->data_begin)
        return nqi_container_fail(from, NULL, "it goes on after its last tensor");
    return NQ_OK;
}

static nq_status names_check(const nqi_source *from, const cJSON *object)
{
    const size_t count = (size_t)cJSON_GetArraySize(object);
    const char **names = calloc(count + 1, sizeof *names);
    if (!names)
        return nqi_fail_memory(from->context, "a table of names", count * sizeof *names);
    size_t i = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, object) names[i++] = item->string;
    const char *twice = nqi_names_duplicate(names, i);
    nq_status status = NQ_OK;
    if (twice)
        status = nqi_fail(from->context, NQ_ERROR_FORMAT,
                          "%s is not a valid safetensors file: the name '%s' stands in it "
                          "twice",
                          from->path, twice);
    free(names);
    return status;
}

static nq_status metadata_read(const nqi_source *from, nqi_container *container)
{
    const cJSON *item;
    cJSON *table = cJSON_GetObjectItemCaseSensitive(container->root, NQI_CONTAINER_METADATA);
    if (!table)
        return NQ_OK;
    if (!cJSON_IsObject(table))
        return nqi_container_fail(from, NULL, "its metadata is not an object");
    cJSON_ArrayForEach(item, table)
    {
        if (!cJSON_IsString(item))
            return nqi_container_fail(from, NULL, "its metadata is not made of strings");
    }
    container->metadata = table;
    return names_check(from, table);
}

nq_status nqi_container_index(nqi_container *container, nqi_span *places, const nqi_source *from)
{
    nq_status status;
    const cJSON *item;
    if ((status = names_check(from, container->root)) ||
        (status = metadata_read(from, container)))
        return status;
    cJSON_ArrayForEach(item, container->root)
    {
        const size_t i = container->count;
        if (item == container->metadata)
            continue;
        places[i].tensor = i;
        if ((status = tensor_read(from, item, &container->tensors[i], &places[i])))
            return status;
        container->count++;
    }
    return spans_check(from, container, places);
}
