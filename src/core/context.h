/* context.h - inside of nq_context: error sentences, the thread pool, the chosen kernels. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_CONTEXT_H
#define NQI_CORE_CONTEXT_H

#include <stdatomic.h>
#include <sys/types.h>

#include <noneq/comm.h>
#include <noneq/context.h>

#include "core/thread/thread.h"

struct nqi_ops; /* backend/ops.h; core only carries the pointers */
struct nqi_backends;

enum { NQI_TEMPORARIES = 8 };

struct nq_context {
    nqi_pool *pool;
    const struct nqi_ops *ops; /* of the backends, what was chosen */
    struct nqi_backends *backends;
    const nq_comm *comm; /* NULL: alone; dist/comm.h divides work by it */
    size_t
        *part_first; /* [2 * ranks + 1] scratch of dist: where parts begin, and a word of each */
    /* Names of hidden files that are being written, for a signal handler to remove; NULL: none. */
    _Atomic(const char *) temporaries[NQI_TEMPORARIES];
    dev_t swept_device; /* the folder that was last looked through for those of dead processes */
    ino_t swept_folder;
    char message[1024];
};

/* Stores the printf-style sentence (no final newline) and returns `status`, so that a failing
 * function ends in `return nqi_fail(context, NQ_ERROR_FORMAT, "...", ...);`. The first message of
 * a failing call is the one that helps: callers pass a status on without a new sentence. */
nq_status nqi_fail(nq_context *context, nq_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* nqi_fail for memory: says what was wanted and how much. */
nq_status nqi_fail_memory(nq_context *context, const char *what, size_t bytes);
/* Of a name that a list does not have: says which it has. at(i): its i-th, NULL past the last. */
nq_status nqi_fail_unknown(nq_context *context, const char *what, const char *name,
                           const char *(*at)(size_t i));

#endif
