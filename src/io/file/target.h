/* target.h - where written bytes go: a hidden file that replaces another, or straight. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_FILE_TARGET_H
#define NQI_IO_FILE_TARGET_H

#include <noneq/context.h>

typedef struct nqi_target {
    nq_context *context;
    const char *name; /* as the caller said it, for messages; borrowed */
    char *path;       /* what is replaced: links followed */
    char *temporary;  /* NULL: written straight */
    int slot;         /* of the context's list of temporaries, or -1 */
    int file;         /* open for writing, or -1 */
    size_t unsent;    /* bytes that were written since the last sync */
} nqi_target;

/* NQ_ERROR_FILE with a sentence that names the file. */
nq_status nqi_target_fail(const nqi_target *target, const char *reason);
/* Call nqi_target_drop whatever is returned. */
nq_status nqi_target_open(nqi_target *out, nq_context *context, const char *name);
/* After so many more bytes. Large files go to the disk in portions, as the one long sync of all of
 * it could not be stopped. */
nq_status nqi_target_push(nqi_target *target, size_t bytes);
/* Syncs and renames; the file then has its final name. */
nq_status nqi_target_keep(nqi_target *target);
/* Closes; removes what was not kept. */
void nqi_target_drop(nqi_target *target);

/* Standard output, a device or a pipe, whose name says no format. */
int nqi_path_is_stream(const char *path);

/* Removes hidden files of dead processes from a folder ("" or with its final '/'). */
void nqi_target_sweep(const char *folder);
/* Which machine's processes write files of this name: a hash of the host's name. */
unsigned nqi_target_host(void);

#endif
