/* wait.h - conditions that are waited for with an end, by a clock that nobody sets. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_THREAD_WAIT_H
#define NQI_CORE_THREAD_WAIT_H

#include <pthread.h>
#include <time.h>

/* One for pthread_cond_timedwait with nqi_wait_end. */
void nqi_wait_init(pthread_cond_t *condition);
/* So many nanoseconds from now. */
struct timespec nqi_wait_end(long long nanoseconds);

#endif
