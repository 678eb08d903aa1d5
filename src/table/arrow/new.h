/* new.h - Arrow arrays and schemas that own what they point at. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_ARROW_NEW_H
#define NQI_TABLE_ARROW_NEW_H

#include <stddef.h>

#include <noneq/arrow.h>

enum { NQI_ARROW_BUFFERS = 4 };

/* An array of so many rows with zeroed buffers of bytes[buffers] (0: NULL), and children that are
 * zeroed. Its release frees all that is its own, and releases children and dictionary that nobody
 * has moved elsewhere. *out is zeroed after a failure. */
nq_status nqi_arrow_array_new(struct ArrowArray *out, nq_context *context, size_t rows,
                              const size_t *bytes, size_t buffers, size_t children);
void *nqi_arrow_buffer(const struct ArrowArray *array, size_t i);
void nqi_arrow_buffer_drop(struct ArrowArray *array, size_t i);
/* Gives it a dictionary, zeroed, which is the caller's to fill. */
struct ArrowArray *nqi_arrow_dictionary_add(struct ArrowArray *array);

/* The same of a schema; name NULL: "". */
nq_status nqi_arrow_schema_new(struct ArrowSchema *out, nq_context *context, const char *format,
                               const char *name, size_t children);
struct ArrowSchema *nqi_arrow_schema_dictionary_add(struct ArrowSchema *schema);
/* With children and dictionaries, without metadata. */
nq_status nqi_arrow_schema_copy(struct ArrowSchema *out, nq_context *context,
                                const struct ArrowSchema *from);

#endif
