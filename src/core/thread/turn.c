/* turn.c - a counter that threads wait for. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/thread/turn.h"

#include <pthread.h>
#include <stdlib.h>

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
    pthread_cond_init(&turn->passed, NULL);
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

void nqi_turn_await(nqi_turn *turn, size_t item)
{
    pthread_mutex_lock(&turn->mutex);
    while (turn->next != item)
        pthread_cond_wait(&turn->passed, &turn->mutex);
    pthread_mutex_unlock(&turn->mutex);
}

void nqi_turn_pass(nqi_turn *turn)
{
    pthread_mutex_lock(&turn->mutex);
    turn->next++;
    pthread_cond_broadcast(&turn->passed);
    pthread_mutex_unlock(&turn->mutex);
}
