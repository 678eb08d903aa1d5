/* processors.c - how many processors this process may use: affinity and container quota. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/thread/thread.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PROCESSORS_MAX = 1 << 14 };

static int affinity_count(void)
{
    const size_t size = CPU_ALLOC_SIZE(PROCESSORS_MAX);
    cpu_set_t *set = CPU_ALLOC(PROCESSORS_MAX);
    int count = 0;
    if (set && sched_getaffinity(0, size, set) == 0)
        count = CPU_COUNT_S(size, set);
    if (set)
        CPU_FREE(set);
    return count > 0 ? count : (int)sysconf(_SC_NPROCESSORS_ONLN);
}

/* A container's limit, as "200000 100000" (microseconds in each period); "max" is none. More
 * threads than that would be stopped by turns, each while the others wait for it. */
static int quota_count(void)
{
    long long quota = 0, period = 0;
    FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
    if (!file)
        return 0;
    const int found = fscanf(file, "%lld %lld", &quota, &period);
    fclose(file);
    if (found != 2 || quota <= 0 || period <= 0)
        return 0;
    const long long count = (quota + period - 1) / period;
    return count < PROCESSORS_MAX ? (int)count : 0;
}

int nqi_processor_count(void)
{
    const int count = affinity_count(), quota = quota_count();
    const int usable = quota > 0 && quota < count ? quota : count;
    return usable > 0 ? usable : 1;
}
