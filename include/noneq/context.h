/* context.h - threads, processor path and the last error message: what every call needs. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CONTEXT_H
#define NONEQ_CONTEXT_H

#include <noneq/option.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A number in the data's units, which keeps what files hold. Networks compute in float32 on
 * scaled numbers: an offset is taken away before. */
typedef double nq_real;

/* nq_context: owns the worker threads and the kernels. Use one context from one thread at a time;
 * any number of contexts may live side by side. After fork() a child has none of the worker
 * threads: there the context computes in the calling thread, with the same bits, and can be
 * freed. */

#define NQ_CONTEXT_OPTIONS(X)                                                                    \
    X(int, threads, "threads", "0", 0, 4096,                                                     \
      "worker threads; 0: all cores. No result depends on it")                                   \
    X(string, cpu, NULL, NULL, 0, 0,                                                             \
      "kernels: avx512, avx2, generic or ref (default: $NONEQ_CPU, else the best)")              \
    X(string, names, NULL, NULL, 0, 0,                                                           \
      "how sentences speak of options: fields (beta_1, the default) or flags (--beta-1)")

typedef struct nq_context_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_CONTEXT_OPTIONS(NQ_FIELD)
} nq_context_options;
void nq_context_options_init(nq_context_options *options, size_t size);

/* NULL options mean defaults. No result ever depends on `threads`.
 * NQ_ERROR_MEMORY, NQ_ERROR_THREAD, NQ_ERROR_ARGUMENT (unknown or unsupported cpu; *out is then
 * still a context that carries the message and must be freed). */
nq_status nq_context_new(nq_context **out, const nq_context_options *options);
void nq_context_free(nq_context *context);

/* The sentence for the last failed call with this context; "" when none failed. Borrowed, valid
 * until the next call. */
const char *nq_context_message(const nq_context *context);
/* Text that came from outside (a path, a column's name, what a file says) with every byte that a
 * terminal could take for a command, or that is not UTF-8, written as \xNN; sentences of
 * nq_context_message are made so already. At most size - 1 bytes and a final zero; returns the
 * length. */
size_t nq_text_printable(char *out, size_t size, const char *text);
/* "41 s", "3:07", "1:02:03". Returns the length, as snprintf does. */
int nq_text_duration(char *out, size_t size, double seconds);
int nq_context_threads(const nq_context *context);
/* Name of the kernels in use, such as "avx512". */
const char *nq_context_cpu(const nq_context *context);

#ifdef __cplusplus
}
#endif
#endif
