/* arrow.h - a column of an Arrow array as one of a data set: what the readers share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_MEMORY_ARROW_H
#define NQI_TABLE_MEMORY_ARROW_H

#include <noneq/arrow.h>
#include <noneq/columns.h>

#include "table/dataset.h"

enum { NQI_ARROW_ALIGN = 64 }; /* bytes between which buffers begin */

/* How a format is read. */
typedef enum nqi_arrow_way {
    NQI_ARROW_AS_IT_IS,
    NQI_ARROW_BITS,   /* booleans, eight to a byte */
    NQI_ARROW_SCALED, /* whole numbers of 64 bits by a unit */
    NQI_ARROW_TEXT,   /* text, with offsets of 32 or 64 bits */
    NQI_ARROW_NULLS
} nqi_arrow_way;

typedef struct nqi_arrow_format {
    const char *format; /* one that ends in : goes on with a time zone */
    nq_element element;
    unsigned char size; /* bytes of a number; of text: of an offset */
    nqi_arrow_way way;
    nq_date date;
    int64_t unit; /* scaled: how many make a day or a second */
} nqi_arrow_format;

/* NULL: there is none. */
const nqi_arrow_format *nqi_arrow_format_find(const char *format);

/* A column while it is read. */
typedef struct nqi_arrow_child {
    nq_context *context;
    const struct ArrowArray *array;
    const struct ArrowSchema *schema;
    size_t place, rows, first; /* of the columns; of the array's rows, and the first of them */
    const nqi_arrow_format *format;
    size_t room; /* bytes that its converted numbers take, a multiple of NQI_ARROW_ALIGN */
    char **levels;
    size_t level_count;
} nqi_arrow_child;

/* Says what the column is, with numbers where the array has them, and room for those that are to be
 * converted. */
nq_status nqi_arrow_child_find(nq_column *out, nqi_arrow_child *child);
/* Fills its room and its texts. */
nq_status nqi_arrow_child_convert(nq_column *out, nqi_arrow_child *child, unsigned char *room);
void nqi_arrow_child_free(nqi_arrow_child *child); /* the texts */
/* arrow_text.c: the different texts of a column of text, and codes[rows] of its cells; and the
 * texts of a dictionary. */
nq_status nqi_arrow_texts_code(nqi_arrow_child *child, int32_t *codes);
nq_status nqi_arrow_dictionary_read(nqi_arrow_child *child);

/* NQ_ERROR_...: `column 3 ("alcohol") of an Arrow array: ...` */
nq_status nqi_arrow_refuse(const nqi_arrow_child *child, nq_status status, const char *what);
/* Whether a cell, from the array's first row on, is not null. */
int nqi_arrow_has(const struct ArrowArray *array, size_t cell);

#endif
