/* thread.c - a pool of worker threads that claim the items of a region one by one. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* pthreads rather than OpenMP: clean under ThreadSanitizer, and the host program's own OpenMP
 * settings are left alone.
 *
 * One 64-bit ticket holds the region's number and the next free item, so that claiming is one
 * compare-and-swap, which fails for a worker that is late from an earlier region. Hence the
 * caller waits for items, never for workers: a thread that the system has put aside delays
 * nobody unless it holds an item. */
#include "core/thread/thread.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/thread/denormals.h"
#include "core/thread/spin.h"
#include "core/thread/wait.h"

enum {
    MARK_BYTES = 1, /* a page, to the system */
    LOOK = 20000000 /* ns: the caller, who waits for others, asks the poll function */
};

static const uint64_t item_mask = 0xffffffff;  /* low half of the ticket */
static const size_t region_items = 0xfffffffe; /* items in one region at most */
static const long long spin_time = 30000;      /* ns: about the cost of a wake-up or two */

/* How far the caller's region is, and who is asked whether it goes on; the caller's alone but for
 * stops. */
typedef struct caller_region {
    nqi_poll *poll; /* NULL: nobody is asked */
    void *state;
    atomic_int stops; /* until the outermost region has ended */
    nq_status status; /* why */
    int depth;        /* regions that have begun; of an inner one nobody is told how far it is */
    unsigned mode;    /* the caller's numbers, as they are outside */
    size_t items;
    size_t alone;      /* of one without other threads: items that are done */
    double item, part; /* of the caller's item; of the region, as was told last */
} caller_region;

struct nqi_pool {
    /* Written by whoever claims or finishes: lines of their own. */
    _Alignas(NQI_ALIGNMENT) _Atomic uint64_t ticket; /* region << 32 | next item */
    _Alignas(NQI_ALIGNMENT) _Atomic size_t done;     /* finished items of this region */
    /* Written by the caller of nqi_pool_run while the ticket is closed. */
    _Alignas(NQI_ALIGNMENT) _Atomic size_t items;
    nqi_work *_Atomic work;
    void *_Atomic state;
    /* Sleeping threads. Who goes to sleep says so first and looks once more; who has news
     * publishes it first and then looks for sleepers: one of the two sees the other. */
    atomic_int sleepers;
    atomic_int caller_sleeps;
    atomic_int stop;
    pthread_mutex_t mutex;
    pthread_cond_t news;     /* for workers: a region, or stop */
    pthread_cond_t finished; /* for the caller */
    long long spin;          /* ns */
    int size;                /* threads, the caller included */
    int started;             /* workers that run */
    caller_region region;
    const char *same;    /* 1; a child that is forked off sees 0, and has no workers */
    pid_t owner;         /* where the system cannot do that: who made it */
    pthread_t workers[]; /* [size - 1] */
};

typedef struct worker_start {
    nqi_pool *pool;
    int thread;
} worker_start;

static long long clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Number of the claimed item, or item_mask when none is left. */
static size_t item_claim(nqi_pool *pool, nqi_work **work, void **state)
{
    uint64_t ticket = atomic_load(&pool->ticket);
    for (;;) {
        const size_t item = ticket & item_mask;
        if (item == item_mask || item >= atomic_load(&pool->items))
            return item_mask;
        *work = atomic_load(&pool->work);
        *state = atomic_load(&pool->state);
        /* Success: the region was open all the while, so work and state belong to it. */
        if (atomic_compare_exchange_weak(&pool->ticket, &ticket, ticket + 1))
            return item;
    }
}

/* Of the region's items; others' that are under way are not looked into. */
static double part_done(const nqi_pool *pool)
{
    const caller_region *r = &pool->region;
    const size_t done = r->alone < SIZE_MAX ? r->alone : atomic_load(&pool->done);
    const size_t left = r->items - (done < r->items ? done : r->items);
    const size_t threads = r->alone < SIZE_MAX ? 1 : (size_t)pool->size;
    const double under_way = (double)(left < threads ? left : threads) * r->item;
    return r->items ? ((double)(r->items - left) + under_way) / (double)r->items : 1;
}

/* By the caller. Its monitor has the numbers that the host has. */
static void region_poll(nqi_pool *pool)
{
    caller_region *r = &pool->region;
    const double part = r->depth == 1 ? part_done(pool) : 0;
    if (!r->poll || r->status)
        return;
    r->part = part > r->part ? part : r->part;
    nqi_denormals_restore(r->mode);
    r->status = r->poll(r->state, r->part);
    (void)nqi_denormals_flush();
    if (r->status)
        atomic_store(&r->stops, 1);
}

/* Nobody begins what is left of it. */
static void region_drop(nqi_pool *pool)
{
    uint64_t ticket = atomic_load(&pool->ticket);
    const size_t items = atomic_load(&pool->items);
    while ((ticket & item_mask) < items)
        if (atomic_compare_exchange_weak(&pool->ticket, &ticket, (ticket & ~item_mask) | items)) {
            atomic_fetch_add(&pool->done, items - (size_t)(ticket & item_mask));
            return;
        }
}

static void caller_polls(nqi_pool *pool)
{
    pool->region.item = 0;
    region_poll(pool);
    if (pool->region.status)
        region_drop(pool);
}

static void items_work(nqi_pool *pool, int thread)
{
    nqi_work *work;
    void *state;
    size_t item;
    while ((item = item_claim(pool, &work, &state)) != item_mask) {
        if (!atomic_load_explicit(&pool->region.stops, memory_order_relaxed))
            work(state, item, thread);
        const size_t items = atomic_load(&pool->items); /* kept until this item is done */
        if (atomic_fetch_add(&pool->done, 1) + 1 == items && atomic_load(&pool->caller_sleeps)) {
            pthread_mutex_lock(&pool->mutex);
            pthread_cond_signal(&pool->finished);
            pthread_mutex_unlock(&pool->mutex);
        }
        if (!thread && pool->region.poll)
            caller_polls(pool);
    }
}

/* A page that the system empties in a child (Linux); elsewhere the process is asked who it is. */
static void owner_mark(nqi_pool *pool)
{
    pool->owner = getpid();
    void *page =
        mmap(NULL, MARK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return;
#ifdef MADV_WIPEONFORK
    if (!madvise(page, MARK_BYTES, MADV_WIPEONFORK)) {
        *(char *)page = 1;
        pool->same = page;
        return;
    }
#endif
    munmap(page, MARK_BYTES);
}

static int is_owner(const nqi_pool *pool)
{
    return pool->same ? *pool->same : pool->owner == getpid();
}

static int worker_has_news(nqi_pool *pool)
{
    const size_t item = atomic_load(&pool->ticket) & item_mask;
    return (item != item_mask && item < atomic_load(&pool->items)) || atomic_load(&pool->stop);
}

static int caller_has_news(nqi_pool *pool)
{
    return atomic_load(&pool->done) == atomic_load(&pool->items);
}

/* True: there was news while it did not sleep. */
static int news_spin(nqi_pool *pool, int (*has_news)(nqi_pool *))
{
    const long long end = pool->spin ? clock_now() + pool->spin : 0;
    while (pool->spin && clock_now() < end) {
        for (int i = 0; i < 16; i++) {
            if (has_news(pool))
                return 1;
            nqi_spin_pause();
        }
    }
    return 0;
}

static void news_await(nqi_pool *pool)
{
    if (news_spin(pool, worker_has_news))
        return;
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add(&pool->sleepers, 1);
    while (!worker_has_news(pool))
        pthread_cond_wait(&pool->news, &pool->mutex);
    atomic_fetch_sub(&pool->sleepers, 1);
    pthread_mutex_unlock(&pool->mutex);
}

/* Wakes up to poll, where there is somebody to ask. */
static void end_sleep(nqi_pool *pool)
{
    if (!pool->region.poll) {
        pthread_cond_wait(&pool->finished, &pool->mutex);
        return;
    }
    const struct timespec until = nqi_wait_end(LOOK);
    if (!pthread_cond_timedwait(&pool->finished, &pool->mutex, &until))
        return;
    pthread_mutex_unlock(&pool->mutex);
    caller_polls(pool);
    pthread_mutex_lock(&pool->mutex);
}

static void end_await(nqi_pool *pool)
{
    if (news_spin(pool, caller_has_news))
        return;
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add(&pool->caller_sleeps, 1);
    while (!caller_has_news(pool))
        end_sleep(pool);
    atomic_fetch_sub(&pool->caller_sleeps, 1);
    pthread_mutex_unlock(&pool->mutex);
}

static void workers_wake(nqi_pool *pool)
{
    if (atomic_load(&pool->sleepers) == 0)
        return;
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_broadcast(&pool->news);
    pthread_mutex_unlock(&pool->mutex);
}

static void *worker_main(void *argument)
{
    const worker_start start = *(worker_start *)argument;
    free(argument);
    nqi_denormals_flush();
    while (!atomic_load(&start.pool->stop)) {
        items_work(start.pool, start.thread);
        news_await(start.pool);
    }
    return NULL;
}

static void region_open(nqi_pool *pool, size_t items, nqi_work *work, void *state)
{
    const uint64_t region = (atomic_load(&pool->ticket) | item_mask) + 1;
    atomic_store(&pool->ticket, region | item_mask); /* closed while the rest is written */
    atomic_store(&pool->done, 0);
    atomic_store(&pool->items, items);
    atomic_store(&pool->work, work);
    atomic_store(&pool->state, state);
    atomic_store(&pool->ticket, region);
}

static void region_run(nqi_pool *pool, size_t items, nqi_work *work, void *state)
{
    region_open(pool, items, work, state);
    workers_wake(pool);
    items_work(pool, 0);
    end_await(pool);
}

typedef struct shifted_work {
    nqi_work *work;
    void *state;
    size_t first;
} shifted_work;

static void shifted_item(void *state, size_t item, int thread)
{
    const shifted_work *shifted = state;
    shifted->work(shifted->state, shifted->first + item, thread);
}

/* Returns the mode of numbers before. */
static unsigned region_enter(nqi_pool *pool, size_t items)
{
    caller_region *r = &pool->region;
    const unsigned mode = nqi_denormals_flush();
    if (r->depth++)
        return mode;
    r->mode = mode;
    r->items = items;
    r->alone = SIZE_MAX;
    r->item = r->part = 0;
    return mode;
}

static nq_status region_leave(nqi_pool *pool, unsigned mode)
{
    caller_region *r = &pool->region;
    const nq_status status = r->status;
    nqi_denormals_restore(mode);
    if (!--r->depth) {
        r->status = NQ_OK;
        atomic_store_explicit(&r->stops, 0, memory_order_relaxed);
    }
    return status;
}

static void items_alone(nqi_pool *pool, size_t first, size_t end, nqi_work *work, void *state)
{
    caller_region *r = &pool->region;
    const int is_outer = r->depth == 1;
    if (is_outer)
        r->alone = 0;
    for (size_t item = first; item < end && !r->status; item++) {
        work(state, item, 0);
        if (!r->poll)
            continue;
        if (is_outer) {
            r->alone = item + 1 - first;
            r->item = 0;
        }
        region_poll(pool);
    }
}

nq_status nqi_pool_run_alone(nqi_pool *pool, size_t first, size_t end, nqi_work *work,
                             void *state)
{
    const unsigned mode = region_enter(pool, end - first);
    items_alone(pool, first, end, work, state);
    return region_leave(pool, mode);
}

nq_status nqi_pool_run(nqi_pool *pool, size_t items, nqi_work *work, void *state)
{
    const unsigned mode = region_enter(pool, items);
    if (items <= 1 || pool->size == 1 || !is_owner(pool)) {
        items_alone(pool, 0, items, work, state);
    } else if (items <= region_items) {
        if (!pool->region.status)
            region_run(pool, items, work, state);
    } else {
        shifted_work shifted = {work, state, 0};
        for (size_t part; shifted.first < items && !pool->region.status; shifted.first += part) {
            part = items - shifted.first;
            part = part < region_items ? part : region_items;
            region_run(pool, part, shifted_item, &shifted);
        }
    }
    return region_leave(pool, mode);
}

void nqi_pool_watch(nqi_pool *pool, nqi_poll *poll, void *state)
{
    pool->region.poll = poll;
    pool->region.state = state;
}

int nqi_pool_reaches(nqi_pool *pool, int thread, size_t done, size_t total)
{
    if (!pool->region.poll)
        return 0;
    if (!thread && pool->region.depth == 1)
        pool->region.item = total ? (double)done / (double)total : 1;
    return nqi_pool_stops(pool, thread);
}

int nqi_pool_stops(nqi_pool *pool, int thread)
{
    if (!pool->region.poll)
        return 0;
    if (!thread && pool->region.depth)
        region_poll(pool);
    return atomic_load_explicit(&pool->region.stops, memory_order_relaxed);
}

static int worker_start_one(nqi_pool *pool, int thread)
{
    worker_start *start = malloc(sizeof *start);
    if (!start)
        return 0;
    *start = (worker_start){pool, thread};
    if (pthread_create(&pool->workers[thread - 1], NULL, worker_main, start)) {
        free(start);
        return 0;
    }
    return 1;
}

/* Workers take no signals: a host program's Ctrl-C reaches the host's own threads. */
static nq_status workers_start(nqi_pool *pool)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool->started < pool->size - 1 && worker_start_one(pool, pool->started + 1))
        pool->started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return pool->started == pool->size - 1 ? NQ_OK : NQ_ERROR_THREAD;
}

nq_status nqi_pool_new(nqi_pool **out, int threads)
{
    *out = NULL;
    if (threads < 1)
        return NQ_ERROR_ARGUMENT;
    const size_t workers = (size_t)threads - 1;
    nqi_pool *pool = nqi_aligned_new(1, sizeof *pool + workers * sizeof(pthread_t));
    if (!pool)
        return NQ_ERROR_MEMORY;
    pool->size = threads;
    /* Where threads share processors, one that spins keeps another from its item. */
    pool->spin = threads <= nqi_processor_count() ? spin_time : 0;
    owner_mark(pool);
    atomic_init(&pool->ticket, item_mask);
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->news, NULL);
    nqi_wait_init(&pool->finished);
    const nq_status status = workers_start(pool);
    if (status)
        nqi_pool_free(pool);
    else
        *out = pool;
    return status;
}

void nqi_pool_free(nqi_pool *pool)
{
    if (!pool)
        return;
    /* After a fork the workers are the parent's, and perhaps the mutex is theirs for ever. */
    if (is_owner(pool)) {
        atomic_store(&pool->stop, 1);
        workers_wake(pool);
        for (int i = 0; i < pool->started; i++)
            pthread_join(pool->workers[i], NULL);
        pthread_cond_destroy(&pool->finished);
        pthread_cond_destroy(&pool->news);
        pthread_mutex_destroy(&pool->mutex);
    }
    if (pool->same)
        munmap((void *)(uintptr_t)pool->same, MARK_BYTES);
    nqi_aligned_free(pool);
}

int nqi_pool_size(const nqi_pool *pool)
{
    return pool->size;
}
