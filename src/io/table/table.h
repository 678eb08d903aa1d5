/* table.h - a matrix as a file holds it: rows of one element type, perhaps with column names. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_TABLE_TABLE_H
#define NQI_IO_TABLE_TABLE_H

#include <stddef.h>

#include <noneq/context.h>

#include "core/real.h"
#include "io/table/notes.h"
#include "io/table/origin.h"

typedef enum nqi_element {
    NQI_F32,
    NQI_F64,
    NQI_I8,
    NQI_U8, /* also bool */
    NQI_I16,
    NQI_U16,
    NQI_I32,
    NQI_U32,
    NQI_I64,
    NQI_U64
} nqi_element;

size_t nqi_element_size(nqi_element element); /* bytes */

/* What the readers of this folder make. Zeroed, it is an empty table. */
typedef struct nqi_table {
    size_t rows, dim;
    nqi_element element;
    const unsigned char *values; /* [rows, dim], native byte order, aligned for the type */
    char **names;                /* [dim] valid UTF-8, or NULL */
    /* Shape of a row that is a picture, plane after plane; channels 0: it is none. */
    size_t channels, height, width;
    /* What is owned: `buffer` by free, `map` by munmap. */
    void *buffer;
    void *map;
    size_t map_size;
    nqi_origin *origin; /* of text: where the numbers stand; or NULL */
    nqi_notes notes;    /* what the reader decided */
} nqi_table;

void nqi_table_free(nqi_table *table); /* leaves it zeroed */

/* Bytes of a [rows, dim] table, or 0 when it is empty or beyond what memory can address. */
size_t nqi_table_bytes(size_t rows, size_t dim, nqi_element element);

/* Column names: an array and each string by malloc. names NULL gives NULL. */
nq_status nqi_names_copy(char ***out, const char *const *names, size_t count);
void nqi_names_free(char **names, size_t count); /* NULL is fine */

#endif
