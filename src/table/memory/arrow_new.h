/* arrow_new.h - Arrow arrays and schemas that own what they point at. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_MEMORY_ARROW_NEW_H
#define NQI_TABLE_MEMORY_ARROW_NEW_H

#include "table/memory/arrow.h"

enum { NQI_ARROW_BUFFERS = 3 };

/* An array of so many rows with zeroed buffers of bytes[buffers] (0: NULL), and children that are
 * zeroed. Its release frees all that is its own, and releases children and dictionary that nobody
 * has moved elsewhere. *out is zeroed after a failure. */
nq_status nqi_arrow_array_new(struct ArrowArray *out, nq_context *context, size_t rows,
                              const size_t *bytes, size_t buffers, size_t children);
void *nqi_arrow_buffer(const struct ArrowArray *array, size_t i);
void nqi_arrow_buffer_drop(struct ArrowArray *array, size_t i);
/* Gives it a dictionary of these texts: u, or U where they are longer than 32 bits count. */
nq_status nqi_arrow_dictionary_new(struct ArrowArray *array, nq_context *context,
                                   char *const *texts, size_t count);

/* The same of a schema; name NULL: "". */
nq_status nqi_arrow_schema_new(struct ArrowSchema *out, nq_context *context, const char *format,
                               const char *name, size_t children);
/* Gives it the schema of that dictionary. */
nq_status nqi_arrow_text_schema_new(struct ArrowSchema *schema, nq_context *context,
                                    const struct ArrowArray *dictionary);

#endif
