/* context.h - inside of nq_context: error sentences, the thread pool, the chosen kernels. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_CONTEXT_H
#define NQI_CORE_CONTEXT_H

#include <stdatomic.h>
#include <sys/types.h>

#include <noneq/booster.h>
#include <noneq/comm.h>
#include <noneq/context.h>

#include "core/portion.h"
#include "core/thread/thread.h"

struct nqi_ops; /* backend/ops.h; core only carries the pointers */
struct nqi_backends;

enum { NQI_TEMPORARIES = 8 };

struct nq_context {
    nqi_pool *pool;
    const struct nqi_ops *ops; /* of the backends, what was chosen */
    struct nqi_backends *backends;
    const nq_booster *booster; /* NULL: nobody grows trees */
    const nq_comm *comm;       /* NULL: alone; dist/comm.h divides work by it */
    size_t
        *part_first; /* [2 * ranks + 1] scratch of dist: where parts begin, and a word of each */
    /* Names of hidden files that are being written, for a signal handler to remove; NULL: none. */
    _Atomic(const char *) temporaries[NQI_TEMPORARIES];
    dev_t swept_device; /* the folder that was last looked through for those of dead processes */
    ino_t swept_folder;
    nqi_watch watch;
    int says_flags; /* sentences speak of options as a command line does, --beta-1 */
    char message[1024];
};

/* Stands before the name of a field of options in any sentence, as in "\036beta_1 is too large":
 * where the sentence reaches the caller this becomes beta_1, or --beta-1
 * (nq_context_options.names). It is a control character that no text from outside keeps. */
#define NQI_OPTION "\036"

/* text with those names as this context's user knows them, at most size - 1 bytes of it. Other
 * control characters stay. Returns out. */
const char *nqi_options_named(char *out, size_t size, const nq_context *context,
                              const char *text);

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
