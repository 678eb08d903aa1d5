/* order.c - a counter that threads wait for. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/thread/order.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/thread/wait.h"

enum { LOOK = 20000000 }; /* ns: how often the caller's thread sees whether work goes on */

/* Items take milliseconds, so that waiting threads sleep at once. */
struct nqi_order {
    pthread_mutex_t mutex;
    pthread_cond_t passed;
    size_t next;
};

nq_status nqi_order_new(nqi_order **out)
{
    nqi_order *order = *out = calloc(1, sizeof *order);
    if (!order)
        return NQ_ERROR_MEMORY;
    pthread_mutex_init(&order->mutex, NULL);
    nqi_wait_init(&order->passed);
    return NQ_OK;
}

void nqi_order_free(nqi_order *order)
{
    if (!order)
        return;
    pthread_mutex_destroy(&order->mutex);
    pthread_cond_destroy(&order->passed);
    free(order);
}

void nqi_order_begin(nqi_order *order)
{
    order->next = 0;
}

void nqi_order_await(nqi_order *order, size_t item, nqi_pool *pool, int thread)
{
    pthread_mutex_lock(&order->mutex);
    while (order->next != item) {
        const struct timespec until = nqi_wait_end(LOOK);
        if (thread)
            pthread_cond_wait(&order->passed, &order->mutex);
        else if (pthread_cond_timedwait(&order->passed, &order->mutex, &until)) {
            pthread_mutex_unlock(&order->mutex);
            (void)nqi_pool_stops(pool, thread); /* the others see it */
            pthread_mutex_lock(&order->mutex);
        }
    }
    pthread_mutex_unlock(&order->mutex);
}

void nqi_order_pass(nqi_order *order)
{
    pthread_mutex_lock(&order->mutex);
    order->next++;
    pthread_cond_broadcast(&order->passed);
    pthread_mutex_unlock(&order->mutex);
}
