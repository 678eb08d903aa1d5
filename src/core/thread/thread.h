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

/* What the thread that runs a region asks now and then: part, 0..1, of the region is done. What is
 * not NQ_OK ends the region. */
typedef nq_status nqi_poll(void *state, double part);
/* Has regions ask from now on; NULL: they do not, and lose no time. Not within a region. */
void nqi_pool_watch(nqi_pool *pool, nqi_poll *poll, void *state);

/* Calls work(state, item, thread) once for each item in 0..items-1 and returns when all are done.
 * Items are claimed dynamically, in order. Everything written by an item is visible to the caller
 * after the return. The calling thread works too (as thread 0). Must not be nested. What ends it
 * before that is what the poll function returned: items that were begun are over then, and the
 * others were not begun. */
nq_status nqi_pool_run(nqi_pool *pool, size_t items, nqi_work *work, void *state)
    __attribute__((warn_unused_result));
/* The same for items first..end-1 by the calling thread alone, whose items may call nqi_pool_run.
 */
nq_status nqi_pool_run_alone(nqi_pool *pool, size_t first, size_t end, nqi_work *work,
                             void *state) __attribute__((warn_unused_result));

/* For items that take longer than some 50 ms, which call one of these every few milliseconds: 1:
 * the region ends, leave the item as it is. The second also says how much of the item is done. */
int nqi_pool_stops(nqi_pool *pool, int thread);
int nqi_pool_reaches(nqi_pool *pool, int thread, size_t done, size_t total);

/* Who works on an item, for what lies far below it and asks nqi_pool_stops. Zeroed: nobody does. */
typedef struct nqi_hand {
    nqi_pool *pool;
    int thread;
} nqi_hand;

static inline int nqi_hand_stops(const nqi_hand *hand)
{
    return hand->pool && nqi_pool_stops(hand->pool, hand->thread);
}
static inline int nqi_hand_reaches(const nqi_hand *hand, size_t done, size_t total)
{
    return hand->pool && nqi_pool_reaches(hand->pool, hand->thread, done, total);
}

/* Number of processors that this process may use (at least 1). */
int nqi_processor_count(void);

#endif
