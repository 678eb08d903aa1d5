/* clock.h - how long a run has been trained: here, before, and as all ranks see it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_RUN_CLOCK_H
#define NQI_TRAIN_RUN_CLOCK_H

#include "core/context.h"
#include "core/monitor.h"
#include "train/checkpoint/field.h"

typedef struct nqi_clock {
    double before;  /* seconds of the run until it was interrupted */
    double started; /* nqi_clock_now when it was begun, or gone on with */
    double agreed;  /* seconds since then, as the ranks have agreed */
    int by_ranks;   /* there are several: what they have agreed on counts */
} nqi_clock;

void nqi_clock_start(nqi_clock *clock, const nq_context *context);
/* Of the run in all. */
double nqi_clock_seconds(const nqi_clock *clock);
/* After an update. Ranks go by the clock of rank 0 where time decides: it ends a run, or lowers the
 * rate. */
nq_status nqi_clock_read(nqi_clock *clock, nq_context *context, int time_decides);

void nqi_clock_fields(nqi_clock *clock, nqi_fields *fields);
const char *nqi_clock_wrong(const nqi_clock *clock);

#endif
