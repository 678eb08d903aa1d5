/* wait.c - conditions that are waited for with an end. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/thread/wait.h"

static const long long second = 1000000000;

void nqi_wait_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

struct timespec nqi_wait_end(long long nanoseconds)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const long long end = (long long)now.tv_nsec + nanoseconds;
    now.tv_sec += (time_t)(end / second);
    now.tv_nsec = (long)(end % second);
    return now;
}
