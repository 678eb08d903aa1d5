/* portion.h - the part of a call that is being done, and what was told of it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_PORTION_H
#define NQI_CORE_PORTION_H

#include <noneq/monitor.h>

/* from..to of the whole call; zeroed: all of it. */
typedef struct nqi_portion {
    double from, length;
    int is_part; /* 0: the whole */
} nqi_portion;

/* Who watches, and what was told last. */
typedef struct nqi_watch {
    nq_monitor monitor;
    nqi_portion portion;
    nq_progress told;
    double ahead;   /* what the region at work adds to what was told, when it is done */
    double reached; /* part of that */
    double due;     /* clock, seconds */
    int answer;     /* to what was told last */
    int finishes;   /* the call looks at NQ_FINISH itself, and it stays the answer */
} nqi_watch;

#endif
