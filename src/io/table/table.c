/* table.c - element sizes, and the release of what a table owns. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/table/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

size_t nqi_element_size(nqi_element element)
{
    static const unsigned char sizes[] = {
        [NQI_F32] = 4, [NQI_F64] = 8, [NQI_I8] = 1,  [NQI_U8] = 1,  [NQI_I16] = 2,
        [NQI_U16] = 2, [NQI_I32] = 4, [NQI_U32] = 4, [NQI_I64] = 8, [NQI_U64] = 8,
    };
    return sizes[element];
}

void nqi_table_free(nqi_table *table)
{
    nqi_names_free(table->names, table->dim);
    free(table->buffer);
    if (table->map)
        munmap(table->map, table->map_size);
    nqi_origin_free(table->origin);
    nqi_notes_free(&table->notes);
    *table = (nqi_table){0};
}

size_t nqi_table_bytes(size_t rows, size_t dim, nqi_element element)
{
    const size_t size = nqi_element_size(element);
    if (rows == 0 || dim == 0 || dim > PTRDIFF_MAX / size || rows > PTRDIFF_MAX / size / dim)
        return 0;
    return rows * dim * size;
}

nq_status nqi_names_copy(char ***out, const char *const *names, size_t count)
{
    *out = NULL;
    if (!names)
        return NQ_OK;
    char **copy = calloc(count, sizeof *copy);
    if (!copy)
        return NQ_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        copy[i] = strdup(names[i] ? names[i] : "");
        if (!copy[i]) {
            nqi_names_free(copy, count);
            return NQ_ERROR_MEMORY;
        }
    }
    *out = copy;
    return NQ_OK;
}

void nqi_names_free(char **names, size_t count)
{
    for (size_t i = 0; names && i < count; i++)
        free(names[i]);
    free(names);
}
