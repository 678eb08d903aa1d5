/* turn.h - a part of the work on items that one thread at a time does, in the order of items. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_THREAD_TURN_H
#define NQI_CORE_THREAD_TURN_H

#include <stddef.h>

#include "core/thread/thread.h"

typedef struct nqi_turn nqi_turn;

nq_status nqi_turn_new(nqi_turn **out);
void nqi_turn_free(nqi_turn *turn);
/* The next to pass is item 0. Before threads work. */
void nqi_turn_begin(nqi_turn *turn);
/* Returns when all items before this one have passed. Items of a pool are claimed in order, so that
 * whoever holds the first that has not passed waits for nobody. Items of a region that ends before
 * its time pass too. */
void nqi_turn_await(nqi_turn *turn, size_t item, nqi_pool *pool, int thread);
/* The awaited item has passed; what its thread wrote is visible to the next. */
void nqi_turn_pass(nqi_turn *turn);

#endif
