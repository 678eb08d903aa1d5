/* file.h - files that appear whole or not at all: how the library writes, for its users too. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_FILE_H
#define NONEQ_FILE_H

#include <stddef.h>

#include <noneq/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A file that is being written under a temporary name in the folder of the final one. One thread
 * at a time. */
typedef struct nq_file nq_file;

/* Begins a file. Every writer of the library goes this way:
 * - bytes go to a hidden file beside `path` whose name nobody can foretell, and which replaces
 *   `path` when it is whole (commit); until then the old file stays;
 * - a symbolic link stays and what it leads to is replaced; permissions and, as far as that is
 *   allowed, owner and group of a replaced file stay; other hard links keep the old content;
 * - "-" is standard output; that, devices, pipes and /dev/stdout are written straight;
 * - a name that ends in .gz is compressed;
 * - hidden files that a killed process has left in the folder are removed;
 * - of several ranks the first writes.
 * NQ_ERROR_FILE, NQ_ERROR_MEMORY; *out is NULL then. The context must outlive the file. */
nq_status nq_file_open(nq_file **out, nq_context *context, const char *path);
/* The first failure stays: later calls return it too. NQ_ERROR_FILE. */
nq_status nq_file_put(nq_file *file, const void *bytes, size_t count);
/* Writes what is buffered, makes it last (fsync of the file and of its folder), and renames.
 * Frees the file whatever happens; after a failure the old file is there and nothing else. */
nq_status nq_file_commit(nq_file *file);
/* Drops what was written. NULL is fine. */
void nq_file_abandon(nq_file *file);

/* Where writing to `path` would end: the path with symbolic links of its last part followed, also
 * to a file that does not exist yet. Free with free(); NULL when memory is out or the links go
 * round in a circle. */
char *nq_file_target(const char *path);

/* Removes the hidden files that are being written with this context, for a process that is about
 * to end. A signal handler may call it: it is async-signal-safe if it runs in the thread that uses
 * the context (the library's own threads take no signals). Writing cannot go on after it. */
void nq_context_drop_files(nq_context *context);

#ifdef __cplusplus
}
#endif
#endif
