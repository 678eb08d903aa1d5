/* order.h - a part of the work on items that one thread at a time does, in the order of items. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_THREAD_ORDER_H
#define NQI_CORE_THREAD_ORDER_H

#include <stddef.h>

#include "core/thread/thread.h"

typedef struct nqi_order nqi_order;

nq_status nqi_order_new(nqi_order **out);
void nqi_order_free(nqi_order *order);
/* The next to pass is item 0. Before threads work. */
void nqi_order_begin(nqi_order *order);
/* Returns when all items before this one have passed. Items of a pool are claimed in order, so that
 * whoever holds the first that has not passed waits for nobody. Items of a region that ends before
 * its time pass too. */
void nqi_order_await(nqi_order *order, size_t item, nqi_pool *pool, int thread);
/* The awaited item has passed; what its thread wrote is visible to the next. */
void nqi_order_pass(nqi_order *order);

#endif
