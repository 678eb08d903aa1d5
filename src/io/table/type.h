/* type.h - the kinds of columns that people may tell: NAME=KIND,... */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_TABLE_TYPE_H
#define NQI_IO_TABLE_TYPE_H

#include <stddef.h>

#include <noneq/context.h>

typedef enum nqi_type {
    NQI_TYPE_FIND, /* nobody told it */
    NQI_TYPE_REAL,
    NQI_TYPE_WHOLE,
    NQI_TYPE_CATEGORY,
    NQI_TYPE_BIT,
    NQI_TYPE_SPIKED,
    NQI_TYPE_DATE,
    NQI_TYPE_CONSTANT,
    NQI_TYPE_LEFT_OUT
} nqi_type;

const char *nqi_type_name(nqi_type type);
nqi_type nqi_type_of(const char *word); /* NQI_TYPE_FIND: no kind is called so */

/* Fills in out[count] for the columns that `text` names; the others are as they were. A column is
 * named by its name (in double quotes where commas are in it) or by its number from 1, or 3-7.
 * names: [count], or NULL; where: of what these are columns, for a sentence. NQ_ERROR_ARGUMENT
 * names what is no column or no kind, and the nearest that is. */
nq_status nqi_types_parse(nqi_type *out, nq_context *context, const char *text,
                          const char *const *names, size_t count, const char *where);

#endif
