/* lock.h - one run at a time trains into a model file, or into the files of several models. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_FIT_LOCK_H
#define NQI_TASK_FIT_LOCK_H

#include <noneq/context.h>

/* A file PATH.lock beside the output. It must not be copied or moved while it is taken. */
typedef struct nqi_lock {
    nq_context *context;
    int file; /* holds the lock as long as it is open; -1: there is none */
    int slot; /* of the context's list of temporaries, or -1 */
    char path[4096];
} nqi_lock;

#define NQI_LOCK_NONE                                                                            \
    {                                                                                            \
        .file = -1, .slot = -1                                                                   \
    }

/* Lays the file and locks it until nqi_lock_release, or until the process dies; a signal handler
 * removes it by nq_context_drop_files. All ranks call it, the first one does it. NQ_ERROR_FILE: a
 * living process holds it, or it cannot be made. */
nq_status nqi_lock_take(nqi_lock *lock, nq_context *context, const char *path);
/* Removes the lock file. Without a lock it does nothing. */
void nqi_lock_release(nqi_lock *lock);

#endif
