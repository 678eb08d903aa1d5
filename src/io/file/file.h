/* file.h - reading plain or gzip files as a stream; writing beside, fsync, rename. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_FILE_FILE_H
#define NQI_IO_FILE_FILE_H

#include <stddef.h>

#include <noneq/file.h>

/* What <noneq/file.h> describes, under the name that the library uses. */
typedef nq_file nqi_writer;

nq_status nqi_writer_open(nqi_writer **out, nq_context *context, const char *path);
nq_status nqi_writer_put(nqi_writer *writer, const void *bytes, size_t count);
nq_status nqi_writer_commit(nqi_writer *writer);
void nqi_writer_abandon(nqi_writer *writer);
/* One that keeps bytes in memory instead, and what it has kept: (*out)[*size], for free(). Taking
 * frees the writer whatever happens; after a failure *out is NULL. NQ_ERROR_MEMORY. */
nq_status nqi_writer_open_memory(nqi_writer **out, nq_context *context);
nq_status nqi_writer_take(void **out, size_t *size, nqi_writer *writer);

/* Buffered reader, transparent for gzip by content. A truncated gzip stream is NQ_ERROR_FORMAT. */
typedef struct nqi_reader nqi_reader;
nq_status nqi_reader_open(nqi_reader **out, nq_context *context, const char *path);
/* Reads up to `count` bytes; *got < count only at the end of the file. */
nq_status nqi_reader_get(nqi_reader *reader, void *bytes, size_t count, size_t *got);
void nqi_reader_free(nqi_reader *reader);

#endif
