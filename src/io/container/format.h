/* format.h - what reading and writing a container have in common. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_CONTAINER_FORMAT_H
#define NQI_IO_CONTAINER_FORMAT_H

#include <stdint.h>

#include "io/container/container.h"

/* A safetensors file: the header's length (8 bytes, little-endian), the header (a JSON object,
 * padded with spaces), and the tensors one after the other. The header maps a tensor's name to
 * {"dtype": "F32", "shape": [..], "data_offsets": [begin, end]}, offsets counted from the end of
 * the header, and "__metadata__" to an object of strings. */
#define NQI_CONTAINER_METADATA "__metadata__"
enum {
    NQI_CONTAINER_PREFIX = 8,              /* bytes */
    NQI_CONTAINER_HEADER_MAX = 48 << 20,   /* bytes */
    NQI_CONTAINER_VALUES_MAX = 2 * 1000000 /* JSON values: each takes some 80 bytes to read */
};

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "tensors are written as they lie in memory, and the format is little-endian");

/* Name in the file, such as "F32". */
const char *nqi_dtype_name(nqi_dtype dtype);
/* 0 when the name is none of ours. */
int nqi_dtype_by_name(nqi_dtype *out, const char *name);

/* The most values that the JSON of a header can have, those of its texts included: its commas and
 * opening brackets. */
size_t nqi_container_values(const char *header, size_t length);

/* Bytes of a tensor; 0 and *overflows = 1 when that is no number. */
size_t nqi_tensor_bytes(const nqi_tensor *tensor, int *overflows);

/* A file that is being read, and what is known of it. */
typedef struct nqi_source {
    nq_context *context;
    const char *path;
    const unsigned char *bytes; /* NULL: they are in `file`, which else is -1 */
    int file;
    uint64_t size;       /* bytes */
    uint64_t data_begin; /* bytes before the first tensor */
} nqi_source;

struct cJSON;

struct nqi_container {
    nqi_source source;
    struct cJSON *root;     /* owns names and metadata */
    struct cJSON *metadata; /* borrowed from root, or NULL */
    nqi_tensor *tensors;
    uint64_t *starts; /* [count] bytes of the data before a tensor */
    size_t count;
};

/* Where a tensor lies: bytes begin..end-1 after data_begin. */
typedef struct nqi_span {
    uint64_t begin, end;
    size_t tensor;
} nqi_span;

/* Fills metadata, tensors (but not their data) and places[] from container->root and checks all
 * of it against the file's size. Both tables have room for an entry of root each. On return
 * the places are sorted. */
nq_status nqi_container_index(nqi_container *container, nqi_span *places, const nqi_source *from);

/* NQ_ERROR_FORMAT with a sentence that names the file and, unless NULL, the tensor. */
nq_status nqi_container_fail(const nqi_source *from, const char *tensor, const char *what);

/* Sorts the names and returns one that stands there twice, or NULL. */
const char *nqi_names_duplicate(const char **names, size_t count);

#endif
