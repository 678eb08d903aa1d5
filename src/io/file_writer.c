/* file_writer.c - a file appears whole or not at all: write beside, fsync, rename. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/context.h"
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

enum { BUFFER = 1 << 16, NAME_TRIES = 1000, COMPRESSION = 6 };

struct nqi_writer {
    nq_context *context;
    char *path;      /* as the caller said it */
    char *target;    /* what is replaced: path, or where its symbolic link leads */
    char *temporary; /* NULL when written in place: standard output, devices, pipes */
    int file;
    int is_gzip;
    nq_status status; /* the first failure stays */
    z_stream stream;
    size_t used; /* bytes waiting in buffer */
    unsigned char buffer[BUFFER];
};

static nq_status file_fail(nqi_writer *writer, const char *reason)
{
    const char *name = strcmp(writer->path, "-") == 0 ? "standard output" : writer->path;
    return nqi_fail(writer->context, NQ_ERROR_FILE, "cannot write %s: %s", name, reason);
}

static nq_status all_write(nqi_writer *writer, const unsigned char *bytes, size_t count)
{
    while (count > 0) {
        const ssize_t written = write(writer->file, bytes, count);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return writer->status = file_fail(writer, strerror(errno));
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
        const size_t part = count < (1u << 30) ? count : 1u << 30; /* zlib counts in uInt */
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

/* Length of the folder part of a path, with its final '/': 0 for the present folder. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

static char *folder_name(const char *path)
{
    const size_t length = folder_length(path);
    return length ? strndup(path, length) : strdup("./");
}

/* A hidden name in the target's folder. It does not contain the target's own name, which may be
 * as long as a name can be. O_EXCL: never through a link that someone else has put there. */
static nq_status temporary_open(nqi_writer *writer, mode_t mode)
{
    const size_t length = folder_length(writer->target), size = length + 64;
    if (!(writer->temporary = malloc(size)))
        return nqi_fail_memory(writer->context, "a file name", size);
    for (int i = 0; i < NAME_TRIES; i++) {
        snprintf(writer->temporary, size, "%.*s.noneq-%ld-%d", (int)length, writer->target,
                 (long)getpid(), i);
        writer->file = open(writer->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (writer->file >= 0 || errno != EEXIST)
            break;
    }
    if (writer->file >= 0)
        return NQ_OK;
    const int error = errno;
    free(writer->temporary);
    writer->temporary = NULL;
    return file_fail(writer, error == ENOENT    ? "its folder does not exist"
                             : error == ENOTDIR ? "part of its path is a file, not a folder"
                                                : strerror(error));
}

static nq_status file_open(nqi_writer *writer)
{
    struct stat about;
    if (nq_context_rank(writer->context) > 0) { /* rank 0 writes the same */
        writer->file = open("/dev/null", O_WRONLY | O_CLOEXEC);
        return writer->file < 0 ? file_fail(writer, strerror(errno)) : NQ_OK;
    }
    if (strcmp(writer->path, "-") == 0) {
        writer->file = STDOUT_FILENO;
        return NQ_OK;
    }
    const size_t length = strlen(writer->path);
    if (length == 0)
        return file_fail(writer, "its name is empty");
    const int exists = stat(writer->target, &about) == 0;
    if ((exists && S_ISDIR(about.st_mode)) || writer->path[length - 1] == '/')
        return file_fail(writer, "it is a folder, the name of a file was expected");
    /* Said now rather than by rename, after hours of work. */
    if (!exists && errno != ENOENT && errno != ENOTDIR)
        return file_fail(writer, strerror(errno));
    if (exists && !S_ISREG(about.st_mode)) {
        writer->file = open(writer->target, O_WRONLY | O_CLOEXEC);
        return writer->file < 0 ? file_fail(writer, strerror(errno)) : NQ_OK;
    }
    nq_status status = temporary_open(writer, 0666);
    /* A file that is replaced keeps its permissions, as far as we may set them. */
    if (!status && exists && fchmod(writer->file, about.st_mode & 07777))
        status = file_fail(writer, strerror(errno));
    return status;
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
    nq_status status = NQ_OK;
    nqi_writer *writer = calloc(1, sizeof *writer);
    *out = NULL;
    if (!writer)
        return nqi_fail_memory(context, "a file buffer", sizeof *writer);
    writer->context = context;
    writer->file = -1;
    writer->path = strdup(path);
    writer->target = realpath(path, NULL); /* NULL when there is no such file yet */
    if (!writer->path || (!writer->target && !(writer->target = strdup(path)))) {
        status = nqi_fail_memory(context, "a file name", strlen(path));
        goto fail;
    }
    if ((status = file_open(writer)) || (status = gzip_start(writer)))
        goto fail;
    *out = writer;
    return NQ_OK;
fail:
    nqi_writer_abandon(writer);
    return status;
}

void nqi_writer_abandon(nqi_writer *writer)
{
    if (!writer)
        return;
    if (writer->is_gzip)
        deflateEnd(&writer->stream);
    if (writer->file >= 0 && writer->file != STDOUT_FILENO)
        close(writer->file);
    if (writer->temporary)
        unlink(writer->temporary);
    free(writer->temporary);
    free(writer->target);
    free(writer->path);
    free(writer);
}

/* Some file systems, and no device or pipe, know fsync; what matters is that a disk's failure
 * is heard. */
static int disk_sync(int file)
{
    return fsync(file) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS;
}

static nq_status file_close(nqi_writer *writer)
{
    const int is_synced = disk_sync(writer->file), error = errno;
    const int file = writer->file;
    if (file == STDOUT_FILENO)
        return is_synced ? NQ_OK : file_fail(writer, strerror(error));
    writer->file = -1;
    if (close(file) && is_synced)
        return file_fail(writer, strerror(errno));
    return is_synced ? NQ_OK : file_fail(writer, strerror(error));
}

/* Makes the new name itself last. A folder that cannot be opened for reading is let be. */
static void folder_sync(const char *target)
{
    char *name = folder_name(target);
    const int folder = name ? open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(name);
    if (folder < 0)
        return;
    (void)fsync(folder); /* the file is whole under either name */
    close(folder);
}

nq_status nqi_writer_commit(nqi_writer *writer)
{
    nq_status status = writer->status;
    if (status || (writer->is_gzip && (status = gzip_drain(writer, Z_FINISH))) ||
        (status = buffer_drain(writer)) || (status = file_close(writer)))
        goto end;
    if (writer->temporary) {
        if (rename(writer->temporary, writer->target)) {
            status = file_fail(writer, strerror(errno));
            goto end;
        }
        free(writer->temporary);
        writer->temporary = NULL;
        folder_sync(writer->target);
    }
end:
    nqi_writer_abandon(writer);
    return status;
}
