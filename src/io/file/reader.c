/* reader.c - a file as a stream of bytes; gzip is recognised by its first two bytes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/context.h"
#include "core/monitor.h"
#include "io/file/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

enum { BUFFER = 1 << 16, MOST = 1 << 22 }; /* bytes read at a time, and at most */

struct nqi_reader {
    nq_context *context;
    char *path;
    int file;
    int is_gzip;
    double read, size; /* bytes of the file; size 0: nobody knows */
    int in_member;     /* inside a gzip member, which must not end with the file */
    z_stream stream;
    size_t begin, end; /* unused bytes: buffer[begin..end-1] */
    unsigned char buffer[BUFFER];
};

static nq_status read_some(nqi_reader *reader, void *bytes, size_t count, size_t *got)
{
    ssize_t result;
    const nq_status told =
        nqi_tell(reader->context, "reading a file", reader->read, reader->size);
    if (told)
        return told;
    do
        result = read(reader->file, bytes, count < MOST ? count : MOST);
    while (result < 0 && errno == EINTR);
    if (result < 0)
        return nqi_fail(reader->context, NQ_ERROR_FILE, "cannot read %s: %s", reader->path,
                        strerror(errno));
    *got = (size_t)result;
    reader->read += (double)result;
    return NQ_OK;
}

/* Adds to the buffer until it holds `want` bytes (at most BUFFER) or the file ends. */
static nq_status buffer_fill(nqi_reader *reader, size_t want)
{
    memmove(reader->buffer, reader->buffer + reader->begin, reader->end - reader->begin);
    reader->end -= reader->begin;
    reader->begin = 0;
    while (reader->end < want) {
        size_t got = 0;
        const nq_status status =
            read_some(reader, reader->buffer + reader->end, BUFFER - reader->end, &got);
        if (status)
            return status;
        if (got == 0)
            break;
        reader->end += got;
    }
    return NQ_OK;
}

static int gzip_begins(const nqi_reader *reader)
{
    const unsigned char *bytes = reader->buffer + reader->begin;
    return reader->end - reader->begin >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

static nq_status gzip_start(nqi_reader *reader)
{
    if (inflateInit2(&reader->stream, 15 + 16) != Z_OK)
        return nqi_fail_memory(reader->context, "reading a gzip file", 1 << 15);
    reader->is_gzip = 1;
    reader->in_member = 1;
    return NQ_OK;
}

static nq_status file_open(nqi_reader *reader)
{
    struct stat about;
    const int is_standard = strcmp(reader->path, "-") == 0;
    if (is_standard && nq_context_ranks(reader->context) > 1)
        return nqi_fail(reader->context, NQ_ERROR_ARGUMENT,
                        "standard input reaches one of %d processes only: name a file",
                        nq_context_ranks(reader->context));
    if (!*reader->path)
        return nqi_fail(reader->context, NQ_ERROR_FILE, "the name of an input file is empty");
    reader->file = is_standard ? STDIN_FILENO : open(reader->path, O_RDONLY | O_CLOEXEC);
    if (reader->file < 0 || fstat(reader->file, &about))
        return nqi_fail(reader->context, NQ_ERROR_FILE, "cannot open %s: %s", reader->path,
                        strerror(errno));
    reader->size = S_ISREG(about.st_mode) ? (double)about.st_size : 0;
    if (S_ISDIR(about.st_mode))
        return nqi_fail(reader->context, NQ_ERROR_FILE,
                        "cannot read %s: it is a folder, a file was expected", reader->path);
    return NQ_OK;
}

nq_status nqi_reader_open(nqi_reader **out, nq_context *context, const char *path)
{
    nq_status status = NQ_OK;
    nqi_reader *reader = calloc(1, sizeof *reader);
    *out = NULL;
    if (!reader)
        return nqi_fail_memory(context, "a file buffer", sizeof *reader);
    reader->context = context;
    reader->file = -1;
    if (!(reader->path = strdup(path))) {
        status = nqi_fail_memory(context, "a file name", strlen(path));
        goto fail;
    }
    if ((status = file_open(reader)) || (status = buffer_fill(reader, 2)) ||
        (gzip_begins(reader) && (status = gzip_start(reader))))
        goto fail;
    *out = reader;
    return NQ_OK;
fail:
    nqi_reader_free(reader);
    return status;
}

void nqi_reader_free(nqi_reader *reader)
{
    if (!reader)
        return;
    if (reader->is_gzip)
        inflateEnd(&reader->stream);
    if (reader->file > STDIN_FILENO)
        close(reader->file);
    free(reader->path);
    free(reader);
}

static nq_status plain_get(nqi_reader *reader, unsigned char *bytes, size_t count, size_t *got)
{
    while (*got < count) {
        const size_t rest = count - *got;
        size_t ready = reader->end - reader->begin;
        if (ready > 0) {
            ready = ready < rest ? ready : rest;
            memcpy(bytes + *got, reader->buffer + reader->begin, ready);
            reader->begin += ready;
        } else if (rest >= BUFFER) {
            const nq_status status = read_some(reader, bytes + *got, rest, &ready);
            if (status || ready == 0)
                return status;
        } else {
            const nq_status status = buffer_fill(reader, 1);
            if (status || reader->end == 0)
                return status;
            continue;
        }
        *got += ready;
    }
    return NQ_OK;
}

/* Between members: another one may follow, or zeros up to the end (as tapes pad). */
static nq_status gzip_next_member(nqi_reader *reader, int *at_end)
{
    nq_status status;
    do {
        while (reader->begin < reader->end && reader->buffer[reader->begin] == 0)
            reader->begin++;
        if ((status = buffer_fill(reader, 2)))
            return status;
    } while (reader->end > 0 && reader->buffer[0] == 0);
    *at_end = reader->end == 0;
    if (*at_end)
        return NQ_OK;
    if (!gzip_begins(reader))
        return nqi_fail(reader->context, NQ_ERROR_FORMAT,
                        "%s has bytes after its gzip data that are not gzip", reader->path);
    inflateReset(&reader->stream);
    reader->in_member = 1;
    return NQ_OK;
}

static nq_status gzip_inflate(nqi_reader *reader, unsigned char *bytes, size_t count, size_t *got)
{
    z_stream *stream = &reader->stream;
    const size_t limit = count < MOST ? count : MOST;
    stream->next_in = reader->buffer + reader->begin;
    stream->avail_in = (uInt)(reader->end - reader->begin);
    stream->next_out = bytes;
    stream->avail_out = (uInt)limit;
    const int result = inflate(stream, Z_NO_FLUSH);
    reader->begin = reader->end - stream->avail_in;
    *got = limit - stream->avail_out;
    if (result == Z_STREAM_END)
        reader->in_member = 0;
    else if (result == Z_MEM_ERROR)
        return nqi_fail_memory(reader->context, "reading a gzip file", 1 << 15);
    else if (result != Z_OK && result != Z_BUF_ERROR)
        return nqi_fail(reader->context, NQ_ERROR_FORMAT, "%s is damaged gzip: %s", reader->path,
                        stream->msg ? stream->msg : "bad stream");
    return NQ_OK;
}

static nq_status gzip_get(nqi_reader *reader, unsigned char *bytes, size_t count, size_t *got)
{
    nq_status status;
    int at_end = 0;
    while (*got < count) {
        if (!reader->in_member) {
            if ((status = gzip_next_member(reader, &at_end)) || at_end)
                return status;
        }
        if (reader->begin == reader->end && (status = buffer_fill(reader, 1)))
            return status;
        size_t made = 0;
        if ((status = nqi_tell_again(reader->context)))
            return status;
        const int is_dry = reader->begin == reader->end;
        if ((status = gzip_inflate(reader, bytes + *got, count - *got, &made)))
            return status;
        *got += made;
        if (is_dry && made == 0 && reader->in_member)
            return nqi_fail(reader->context, NQ_ERROR_FORMAT,
                            "%s is truncated: its gzip data ends too soon", reader->path);
    }
    return NQ_OK;
}

nq_status nqi_reader_get(nqi_reader *reader, void *bytes, size_t count, size_t *got)
{
    *got = 0;
    return reader->is_gzip ? gzip_get(reader, bytes, count, got)
                           : plain_get(reader, bytes, count, got);
}
