/* turn.c - a counter that threads wait for. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/thread/turn.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/thread/wait.h"

enum { LOOK = 20000000 }; /* ns: how often the caller's thread sees whether work goes on */

/* Items take milliseconds, so that waiting threads sleep at once. */
struct nqi_turn {
    pthread_mutex_t mutex;
    pthread_cond_t passed;
    size_t next;
};

nq_status nqi_turn_new(nqi_turn **out)
{
    nqi_turn *turn = *out = calloc(1, sizeof *turn);
    if (!turn)
        return NQ_ERROR_MEMORY;
    pthread_mutex_init(&turn->mutex, NULL);
    nqi_wait_init(&turn->passed);
    return NQ_OK;
}

void nqi_turn_free(nqi_turn *turn)
{
    if (!turn)
        return;
    pthread_mutex_destroy(&turn->mutex);
    pthread_cond_destroy(&turn->passed);
    free(turn);
}

void nqi_turn_begin(nqi_turn *turn)
{
    turn->next = 0;
}

void nqi_turn_await(nqi_turn *turn, size_t item, nqi_pool *pool, int thread)
{
    pthread_mutex_lock(&turn->mutex);
    while (turn->next != item) {
        const struct timespec until = nqi_wait_end(LOOK);
        if (thread)
            pthread_cond_wait(&turn->passed, &turn->mutex);
        else if (pthread_cond_timedwait(&turn->passed, &turn->mutex, &until)) {
            pthread_mutex_unlock(&turn->mutex);
            (void)nqi_pool_stops(pool, thread); /* the others see it */
            pthread_mutex_lock(&turn->mutex);
        }
    }
    pthread_mutex_unlock(&turn->mutex);
}

void nqi_turn_pass(nqi_turn *turn)
{
    pthread_mutex_lock(&turn->mutex);
    turn->next++;
    pthread_cond_broadcast(&turn->passed);
    pthread_mutex_unlock(&turn->mutex);
}
