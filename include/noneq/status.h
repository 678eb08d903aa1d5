/* status.h - what a call that can fail returns. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_STATUS_H
#define NONEQ_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Zero is success, negative is failure; the sentence that says what, where and what was
 * expected is in the context (nq_context_message). */
typedef enum nq_status {
    NQ_OK = 0,
    NQ_ERROR_MEMORY = -1,      /* out of memory */
    NQ_ERROR_ARGUMENT = -2,    /* an argument or option has no meaning */
    NQ_ERROR_FILE = -3,        /* the operating system refused a file operation */
    NQ_ERROR_FORMAT = -4,      /* a file's content is not what its format promises */
    NQ_ERROR_SHAPE = -5,       /* data and model do not fit together */
    NQ_ERROR_DIVERGED = -6,    /* a number that must be finite is not */
    NQ_ERROR_UNSUPPORTED = -7, /* valid, but nothing here computes it */
    NQ_ERROR_THREAD = -8,      /* a thread could not be started */
    NQ_ERROR_RANK = -9,        /* another process of this job does not answer */
    NQ_ERROR_STOPPED = -10 /* the monitor said so (noneq/monitor.h); nothing was left behind */
} nq_status;

/* Threads, kernels, the sentence of the last failure: noneq/context.h. */
typedef struct nq_context nq_context;

/* A constant English name, such as "out of memory". Never NULL. */
const char *nq_status_name(nq_status status);

#ifdef __cplusplus
}
#endif
#endif
