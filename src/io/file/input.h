/* input.h - a file opened for reading whose first bytes are known, to tell its format by them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_FILE_INPUT_H
#define NQI_IO_FILE_INPUT_H

#include <stddef.h>

#include "io/file/file.h"

enum { NQI_INPUT_HEAD = 8 };

/* Read once, from the front: pipes work as files do. Everything is after decompression. */
typedef struct nqi_input {
    nq_context *context;
    const char *path; /* borrowed, for messages */
    nqi_reader *reader;
    unsigned char head[NQI_INPUT_HEAD];
    size_t head_size, head_used; /* bytes known; of these, already given by nqi_input_get */
} nqi_input;

nq_status nqi_input_open(nqi_input *out, nq_context *context, const char *path);
void nqi_input_close(nqi_input *input); /* copes with a zeroed struct */

/* As nqi_reader_get, with the head first: *got < count only at the end of the file. */
nq_status nqi_input_get(nqi_input *input, void *bytes, size_t count, size_t *got);

/* Whether the bytes that are known are printed text. */
int nqi_input_is_text(const nqi_input *input);

/* Reads exactly the `count` bytes that remain into malloc'ed memory, which grows with what is there
 * and not with what a header promises. `promise` completes the refusal of another count:
 * "x.npy: expected 12 bytes of data for shape (3,), found 8". */
nq_status nqi_input_rest(nqi_input *input, void **out, size_t count, const char *promise);

#endif
