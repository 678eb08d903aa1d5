/* lock.h - one run at a time trains into a model file, or into the files of several models. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_LOCK_H
#define NONEQ_CLI_LOCK_H

#include <noneq.h>

/* LOCK_MODEL: of a model file; LOCK_MODELS: of the name of several. */
typedef enum lock_kind { LOCK_MODEL, LOCK_MODELS, LOCK_KINDS } lock_kind;

/* Lays a file PATH.lock beside the output and locks it until lock_release, or until the process
 * dies; refuses when a living process holds it. All ranks call it, the first one does it. Returns
 * an exit status and has printed the reason of a failure. */
int lock_take(lock_kind kind, nq_context *context, const char *path);
/* Removes the lock file. Without a lock it does nothing. */
void lock_release(lock_kind kind);

#endif
