/* clock.c - seconds of a run. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/run/clock.h"

#include <math.h>

void nqi_clock_start(nqi_clock *clock, const nq_context *context)
{
    clock->by_ranks = context->comm != NULL;
    clock->started = nqi_clock_now();
}

double nqi_clock_seconds(const nqi_clock *clock)
{
    return clock->before + (clock->by_ranks ? clock->agreed : nqi_clock_now() - clock->started);
}

nq_status nqi_clock_read(nqi_clock *clock, nq_context *context, int time_decides)
{
    clock->agreed = nqi_clock_now() - clock->started;
    return time_decides ? nq_context_share(context, &clock->agreed, sizeof clock->agreed) : NQ_OK;
}

void nqi_clock_fields(nqi_clock *clock, nqi_fields *fields)
{
    nqi_fields_number(fields, 0, "seconds", &clock->before);
}

const char *nqi_clock_wrong(const nqi_clock *clock)
{
    return isfinite(clock->before) && clock->before >= 0 ? NULL : "its progress";
}
