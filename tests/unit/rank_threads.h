/* rank_threads.h - ranks that are threads of the test, each with a context of its own. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_RANK_THREADS_H
#define NQI_TESTS_RANK_THREADS_H

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/comm.h>

enum { RANKS_MOST = 20 };

typedef struct world {
    int size;
    pthread_barrier_t barrier;
    char *bytes[RANKS_MOST]; /* what each rank has brought */
    pthread_mutex_t mutex;
    pthread_cond_t news;
    const void *letter[RANKS_MOST]; /* to each rank, of the one before it; NULL: none */
} world;

typedef struct rank_state {
    world *world;
    int rank;
    size_t gathers; /* calls */
} rank_state;

static inline nq_status thread_share(void *state, int root, void *bytes, size_t count)
{
    const rank_state *own = state;
    world *all = own->world;
    all->bytes[own->rank] = bytes;
    pthread_barrier_wait(&all->barrier);
    if (own->rank != root)
        memcpy(bytes, all->bytes[root], count);
    pthread_barrier_wait(&all->barrier);
    return NQ_OK;
}

static inline nq_status thread_gather(void *state, void *bytes, const size_t *first)
{
    rank_state *own = state;
    world *all = own->world;
    own->gathers++;
    all->bytes[own->rank] = bytes;
    pthread_barrier_wait(&all->barrier);
    for (int r = 0; r < all->size; r++)
        if (r != own->rank && first[r + 1] > first[r])
            memcpy((char *)bytes + first[r], all->bytes[r] + first[r], first[r + 1] - first[r]);
    pthread_barrier_wait(&all->barrier);
    return NQ_OK;
}

static inline nq_status thread_send(void *state, int to, const void *bytes, size_t count)
{
    const rank_state *own = state;
    world *all = own->world;
    (void)count;
    pthread_mutex_lock(&all->mutex);
    all->letter[to] = bytes;
    pthread_cond_broadcast(&all->news);
    while (all->letter[to])
        pthread_cond_wait(&all->news, &all->mutex);
    pthread_mutex_unlock(&all->mutex);
    return NQ_OK;
}

static inline nq_status thread_receive(void *state, int from, void *bytes, size_t count)
{
    const rank_state *own = state;
    world *all = own->world;
    (void)from;
    pthread_mutex_lock(&all->mutex);
    while (!all->letter[own->rank])
        pthread_cond_wait(&all->news, &all->mutex);
    memcpy(bytes, all->letter[own->rank], count);
    all->letter[own->rank] = NULL;
    pthread_cond_broadcast(&all->news);
    pthread_mutex_unlock(&all->mutex);
    return NQ_OK;
}

/* What a rank does; comm is NULL for a run alone. */
typedef void rank_work(const nq_comm *comm, int rank, void *argument);

typedef struct rank_thread {
    pthread_t thread;
    rank_state state;
    nq_comm comm;
    rank_work *work;
    void *argument;
} rank_thread;

static inline void *rank_main(void *argument)
{
    rank_thread *own = argument;
    own->work(&own->comm, own->comm.rank, own->argument);
    return NULL;
}

/* work(comm, rank, argument) on `size` ranks at once.  */
static inline void ranks_work(int size, rank_work *work, void *argument)
{
    static world all;
    static rank_thread threads[RANKS_MOST];
    all = (world){.size = size};
    pthread_barrier_init(&all.barrier, NULL, (unsigned)size);
    pthread_mutex_init(&all.mutex, NULL);
    pthread_cond_init(&all.news, NULL);
    for (int r = 0; r < size; r++) {
        rank_thread *own = &threads[r];
        *own = (rank_thread){.state = {&all, r, 0}, .work = work, .argument = argument};
        own->comm =
            (nq_comm){r,           size,          &own->state, thread_share, thread_gather,
                      thread_send, thread_receive};
        if (pthread_create(&own->thread, NULL, rank_main, own))
            abort(); /* the others would wait for it */
    }
    for (int r = 0; r < size; r++)
        pthread_join(threads[r].thread, NULL);
    pthread_cond_destroy(&all.news);
    pthread_mutex_destroy(&all.mutex);
    pthread_barrier_destroy(&all.barrier);
}

#endif
