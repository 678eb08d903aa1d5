/* thread.h - a pool of worker threads and the one parallel construct that the library uses. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_THREAD_THREAD_H
#define NQI_CORE_THREAD_THREAD_H

#include <stddef.h>

#include <noneq/status.h>

typedef struct nqi_pool nqi_pool;

/* Work on one item. `thread` is in 0..nqi_pool_size-1 and picks the workspace; what is computed
 * must depend on `item` alone. */
typedef void nqi_work(void *state, size_t item, int thread);

nq_status nqi_pool_new(nqi_pool **out, int threads); /* threads >= 1 */
void nqi_pool_free(nqi_pool *pool);
int nqi_pool_size(const nqi_pool *pool);

/* Calls work(state, item, thread) once for each item in 0..items-1 and returns when all are done.
 * Items are claimed dynamically, in order. Everything written by an item is visible to the caller
 * after the return. The calling thread works too (as thread 0). Must not be nested. */
void nqi_pool_run(nqi_pool *pool, size_t items, nqi_work *work, void *state);

/* Number of processors that this process may use (at least 1). */
int nqi_processor_count(void);

#endif
