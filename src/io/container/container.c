/* container.c - element types and sizes of tensors. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/container/format.h"

static const struct {
    const char *name;
    size_t size; /* bytes */
} dtypes[] = {
    [NQI_DTYPE_F32] = {"F32", 4},
    [NQI_DTYPE_F64] = {"F64", 8},
    [NQI_DTYPE_U64] = {"U64", 8},
    [NQI_DTYPE_U8] = {"U8", 1},
};
enum { DTYPES = sizeof dtypes / sizeof dtypes[0] };

size_t nqi_dtype_size(nqi_dtype dtype)
{
    return dtypes[dtype].size;
}

const char *nqi_dtype_name(nqi_dtype dtype)
{
    return dtypes[dtype].name;
}

int nqi_dtype_by_name(nqi_dtype *out, const char *name)
{
    for (int i = 0; i < DTYPES; i++) {
        if (strcmp(name, dtypes[i].name) == 0) {
            *out = (nqi_dtype)i;
            return 1;
        }
    }
    return 0;
}

size_t nqi_tensor_count(const nqi_tensor *tensor)
{
    size_t count = 1;
    for (int i = 0; i < tensor->rank; i++)
        count *= tensor->shape[i];
    return count;
}

size_t nqi_container_values(const char *header, size_t length)
{
    size_t values = 1;
    for (size_t i = 0; i < length; i++)
        values += header[i] == ',' || header[i] == '[' || header[i] == '{';
    return values;
}

size_t nqi_tensor_bytes(const nqi_tensor *tensor, int *overflows)
{
    size_t bytes = nqi_dtype_size(tensor->dtype);
    *overflows = 0;
    for (int i = 0; i < tensor->rank; i++) {
        if (tensor->shape[i] == 0)
            return 0;
    }
    for (int i = 0; i < tensor->rank && !*overflows; i++) {
        *overflows = bytes > SIZE_MAX / tensor->shape[i];
        bytes *= tensor->shape[i];
    }
    return *overflows ? 0 : bytes;
}

static int names_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *nqi_names_duplicate(const char **names, size_t count)
{
    if (count > 1)
        qsort(names, count, sizeof *names, names_compare);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(names[i - 1], names[i]) == 0)
            return names[i];
    }
    return NULL;
}
