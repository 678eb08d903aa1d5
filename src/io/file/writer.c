/* writer.c - bytes on their way to a file: collected, perhaps compressed, kept or dropped. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/context.h"
#include "core/monitor.h"
#include "io/file/file.h"
#include "io/file/target.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

enum { BUFFER = 1 << 16, PIECE = 1 << 20, COMPRESSION = 6 };

struct nq_file {
    nq_context *context;
    char *path; /* as the caller said it */
    nqi_target target;
    int is_gzip;
    nq_status status; /* the first failure stays */
    z_stream stream;
    size_t used;  /* bytes waiting in buffer */
    FILE *memory; /* where bytes go instead of a file, or NULL */
    char *kept;   /* of it */
    size_t kept_size;
    unsigned char buffer[BUFFER];
};

static nq_status memory_write(nqi_writer *writer, const unsigned char *bytes, size_t count)
{
    if (fwrite(bytes, 1, count, writer->memory) < count)
        writer->status = nqi_fail_memory(writer->context, "a file in memory", count);
    return writer->status;
}

static nq_status all_write(nqi_writer *writer, const unsigned char *bytes, size_t count)
{
    if (writer->memory)
        return memory_write(writer, bytes, count);
    while (count > 0) {
        if ((writer->status = nqi_tell_again(writer->context)))
            return writer->status;
        const ssize_t written = write(writer->target.file, bytes, count < PIECE ? count : PIECE);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return writer->status =
                       nqi_target_fail(&writer->target, strerror(written < 0 ? errno : EIO));
        if ((writer->status = nqi_target_push(&writer->target, (size_t)written)))
            return writer->status;
        bytes += written;
        count -= (size_t)written;
    }
    return NQ_OK;
}

static nq_status buffer_drain(nqi_writer *writer)
{
    const size_t count = writer->used;
    writer->used = 0;
    return all_write(writer, writer->buffer, count);
}

static nq_status plain_put(nqi_writer *writer, const unsigned char *bytes, size_t count)
{
    nq_status status;
    if (count > BUFFER - writer->used && (status = buffer_drain(writer)))
        return status;
    if (count >= BUFFER)
        return all_write(writer, bytes, count);
    memcpy(writer->buffer + writer->used, bytes, count);
    writer->used += count;
    return NQ_OK;
}

/* Compresses what next_in holds; with Z_FINISH, up to the end of the gzip stream. */
static nq_status gzip_drain(nqi_writer *writer, int flush)
{
    z_stream *stream = &writer->stream;
    int result;
    do {
        stream->next_out = writer->buffer + writer->used;
        stream->avail_out = (uInt)(BUFFER - writer->used);
        result = deflate(stream, flush);
        writer->used = BUFFER - stream->avail_out;
        if (stream->avail_out == 0 && buffer_drain(writer))
            return writer->status;
    } while (flush == Z_FINISH ? result != Z_STREAM_END : stream->avail_in > 0);
    return NQ_OK;
}

static nq_status gzip_put(nqi_writer *writer, const unsigned char *bytes, size_t count)
{
    while (count > 0) {
        const size_t part = count < PIECE ? count : PIECE;
        if ((writer->status = nqi_tell_again(writer->context)))
            return writer->status;
        writer->stream.next_in = bytes;
        writer->stream.avail_in = (uInt)part;
        if (gzip_drain(writer, Z_NO_FLUSH))
            return writer->status;
        bytes += part;
        count -= part;
    }
    return NQ_OK;
}

nq_status nqi_writer_put(nqi_writer *writer, const void *bytes, size_t count)
{
    if (writer->status || count == 0)
        return writer->status;
    return writer->is_gzip ? gzip_put(writer, bytes, count) : plain_put(writer, bytes, count);
}

static nq_status gzip_start(nqi_writer *writer)
{
    const size_t length = strlen(writer->path);
    if (length < 3 || strcmp(writer->path + length - 3, ".gz") != 0)
        return NQ_OK;
    /* 15 + 16: the largest window, a gzip header without a time, so equal data give equal
     * files. */
    if (deflateInit2(&writer->stream, COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        return nqi_fail_memory(writer->context, "writing a gzip file", 1 << 18);
    writer->is_gzip = 1;
    return NQ_OK;
}

nq_status nqi_writer_open(nqi_writer **out, nq_context *context, const char *path)
{
    nqi_writer *writer = calloc(1, sizeof *writer);
    *out = NULL;
    if (!writer)
        return nqi_fail_memory(context, "a file buffer", sizeof *writer);
    writer->context = context;
    writer->target.file = writer->target.slot = -1;
    nq_status status = NQ_ERROR_MEMORY;
    if (!(writer->path = strdup(path)))
        nqi_fail_memory(context, "a file name", strlen(path));
    else if (!(status = nqi_target_open(&writer->target, context, writer->path)))
        status = gzip_start(writer);
    if (status)
        nqi_writer_abandon(writer);
    else
        *out = writer;
    return status;
}

nq_status nqi_writer_open_memory(nqi_writer **out, nq_context *context)
{
    nqi_writer *writer = *out = calloc(1, sizeof *writer);
    if (!writer)
        return nqi_fail_memory(context, "a file buffer", sizeof *writer);
    writer->context = context;
    if ((writer->memory = open_memstream(&writer->kept, &writer->kept_size)))
        return NQ_OK;
    *out = NULL;
    free(writer);
    return nqi_fail_memory(context, "a file in memory", BUFFER);
}

nq_status nqi_writer_take(void **out, size_t *size, nqi_writer *writer)
{
    nq_status status = writer->status ? writer->status : buffer_drain(writer);
    *out = NULL;
    /* closing wants memory too */
    if ((fclose(writer->memory) || !writer->kept) && !status)
        status = nqi_fail_memory(writer->context, "a file in memory", writer->kept_size);
    writer->memory = NULL;
    if (!status) {
        *out = writer->kept;
        *size = writer->kept_size;
        writer->kept = NULL;
    }
    free(writer->kept);
    free(writer);
    return status;
}

void nqi_writer_abandon(nqi_writer *writer)
{
    if (!writer)
        return;
    if (writer->is_gzip)
        deflateEnd(&writer->stream);
    if (writer->memory) {
        fclose(writer->memory);
        free(writer->kept);
        free(writer);
        return;
    }
    nqi_target_drop(&writer->target);
    free(writer->path);
    free(writer);
}

nq_status nqi_writer_commit(nqi_writer *writer)
{
    nq_status status = writer->status;
    if (!status && writer->is_gzip)
        status = gzip_drain(writer, Z_FINISH);
    if (!status && !(status = buffer_drain(writer)))
        status = nqi_target_keep(&writer->target);
    nqi_writer_abandon(writer);
    return status;
}

nq_status nq_file_open(nq_file **out, nq_context *context, const char *path)
{
    return nqi_writer_open(out, context, path);
}

nq_status nq_file_put(nq_file *file, const void *bytes, size_t count)
{
    return nqi_writer_put(file, bytes, count);
}

nq_status nq_file_commit(nq_file *file)
{
    return nqi_writer_commit(file);
}

void nq_file_abandon(nq_file *file)
{
    nqi_writer_abandon(file);
}
