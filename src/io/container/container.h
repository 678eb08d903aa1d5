/* container.h - safetensors: named arrays and a table of strings in one file. No policy. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_CONTAINER_CONTAINER_H
#define NQI_IO_CONTAINER_CONTAINER_H

#include <stddef.h>

#include <noneq/context.h>

typedef enum nqi_dtype { NQI_DTYPE_F32, NQI_DTYPE_F64, NQI_DTYPE_U64, NQI_DTYPE_U8 } nqi_dtype;

enum { NQI_TENSOR_MAX_RANK = 8 };

typedef struct nqi_tensor {
    const char *name;
    nqi_dtype dtype;
    int rank;
    size_t shape[NQI_TENSOR_MAX_RANK];
    const void *data; /* to be written; NULL of one that is read: see nqi_container_get */
} nqi_tensor;

typedef struct nqi_metadata_entry {
    const char *key, *value; /* UTF-8 */
} nqi_metadata_entry;

/* Writes tensors and metadata (insertion order) beside `path`, fsyncs, renames: the file appears
 * whole or the old one stays. */
nq_status nqi_container_write(nq_context *context, const char *path, const nqi_tensor *tensors,
                              size_t tensor_count, const nqi_metadata_entry *metadata,
                              size_t metadata_count);

/* The same bytes into memory, for free(): (*out)[*size]. NQ_ERROR_MEMORY, NQ_ERROR_ARGUMENT. */
nq_status nqi_container_to_bytes(void **out, size_t *size, nq_context *context,
                                 const nqi_tensor *tensors, size_t tensor_count,
                                 const nqi_metadata_entry *metadata, size_t metadata_count);

typedef struct nqi_container nqi_container;

/* Opens a file and reads its header; tensors stay in the file until they are asked for. Every size
 * and offset is checked against the file, and the header against limits, before memory is taken:
 * overlapping, out-of-range, duplicate or mis-sized tensors are NQ_ERROR_FORMAT. Borrows context
 * and path until it is freed. */
nq_status nqi_container_read(nqi_container **out, nq_context *context, const char *path);
/* The same of a file's bytes in memory, borrowed until it is freed. name: what sentences call them;
 * borrowed too. */
nq_status nqi_container_from_bytes(nqi_container **out, nq_context *context, const void *bytes,
                                   size_t size, const char *name);
void nqi_container_free(nqi_container *container);
/* NULL when there is none of that name. Borrowed. */
const nqi_tensor *nqi_container_tensor(const nqi_container *container, const char *name);
const char *nqi_container_metadata(const nqi_container *container, const char *key);

/* Elements first..first+count-1 of one of its tensors, as they are in the file. NQ_ERROR_FILE,
 * NQ_ERROR_FORMAT (the file became shorter). */
nq_status nqi_container_get(const nqi_container *container, const nqi_tensor *tensor,
                            size_t first, size_t count, void *out);

size_t nqi_dtype_size(nqi_dtype dtype);
/* Elements of a tensor (product of its shape). */
size_t nqi_tensor_count(const nqi_tensor *tensor);

#endif
