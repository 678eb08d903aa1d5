/* container.h - safetensors: named arrays and a table of strings in one file. No policy. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_CONTAINER_H
#define NQI_IO_CONTAINER_H

#include <stddef.h>

#include <noneq/context.h>

typedef enum nqi_dtype { NQI_DTYPE_F32, NQI_DTYPE_F64, NQI_DTYPE_U64, NQI_DTYPE_U8 } nqi_dtype;

enum { NQI_TENSOR_MAX_RANK = 8 };

typedef struct nqi_tensor {
    const char *name;
    nqi_dtype dtype;
    int rank;
    size_t shape[NQI_TENSOR_MAX_RANK];
    const void *data; /* when read: borrowed from the container; 8-byte aligned */
} nqi_tensor;

typedef struct nqi_metadata_entry {
    const char *key, *value; /* UTF-8 */
} nqi_metadata_entry;

/* Writes tensors and metadata (insertion order) beside `path`, fsyncs, renames: the file appears
 * whole or the old one stays. */
nq_status nqi_container_write(nq_context *context, const char *path, const nqi_tensor *tensors,
                              size_t tensor_count, const nqi_metadata_entry *metadata,
                              size_t metadata_count);

typedef struct nqi_container nqi_container;

/* Reads a whole file. Every size and offset is checked against the file before memory is taken;
 * overlapping, out-of-range, duplicate or mis-sized tensors are NQ_ERROR_FORMAT. */
nq_status nqi_container_read(nqi_container **out, nq_context *context, const char *path);
void nqi_container_free(nqi_container *container);
/* NULL when there is none of that name. Borrowed. */
const nqi_tensor *nqi_container_tensor(const nqi_container *container, const char *name);
const char *nqi_container_metadata(const nqi_container *container, const char *key);

/* Elements of all tensors together. */
size_t nqi_container_elements(const nqi_container *container);

size_t nqi_dtype_size(nqi_dtype dtype);
/* Elements of a tensor (product of its shape). */
size_t nqi_tensor_count(const nqi_tensor *tensor);

#endif
