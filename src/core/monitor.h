/* monitor.h - inside of the monitor: telling it how far a call is, and what was found. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_MONITOR_H
#define NQI_CORE_MONITOR_H

#include <noneq/monitor.h>

#include "core/portion.h"

/* Seconds since some fixed moment. */
double nqi_clock_now(void);

/* Says that `done` of `total` of the present portion is done, if it is time to say something.
 * NQ_ERROR_STOPPED, with its sentence: the monitor wants the call to end. By the thread that uses
 * the context. */
nq_status nqi_tell(nq_context *context, const char *what, double done, double total);
/* The same, before a region of the pool (core/thread) that makes it done + ahead: the region tells
 * by itself how far it is. One that nothing was said of repeats what was told last. */
nq_status nqi_tell_region(nq_context *context, const char *what, double done, double ahead,
                          double total);
/* Asks with what was told last. */
nq_status nqi_tell_again(nq_context *context);
/* So often, in rows, loops over rows ask: a question costs a look at the clock. */
enum { NQI_TELL_ROWS = 256 };
/* The monitor's last answer, an nq_answer. */
int nqi_answer(const nq_context *context);
/* While it is on, NQ_FINISH does not end calls: who has said so looks at nqi_answer, which stays
 * NQ_FINISH once it was. Returns what it was before. */
int nqi_watch_finishes(nq_context *context, int on);

/* From here to nqi_portion_leave what is told is a part from..to of the present portion: so one
 * long call is made of others. With from = to what was told before is told on, whatever the others
 * say. Returns the portion before. */
nqi_portion nqi_portion_enter(nq_context *context, double from, double to);
void nqi_portion_leave(nq_context *context, nqi_portion before);

/* A printf-style sentence for the monitor; NQI_OPTION marks names as in nqi_fail. */
void nqi_log(nq_context *context, nq_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Whether anybody is told sentences of that level; what is costly to find out need not be else. */
int nqi_log_is_heard(const nq_context *context, nq_log_level level);

#endif
