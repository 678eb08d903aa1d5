/* monitor.c - telling a context's monitor how far a call is, and asking whether to go on. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/monitor.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/context.h"
#include "core/text.h"

enum { SENTENCE = 4096 }; /* bytes of a line at most */

static const double PERIOD = 0.05; /* seconds between two questions */

double nqi_clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static nq_status ask(nq_context *context, double part)
{
    nqi_watch *watch = &context->watch;
    const double now = nqi_clock_now();
    if (now < watch->due)
        return NQ_OK;
    watch->due = now + PERIOD;
    watch->reached = fmax(part, watch->reached);
    nq_progress progress = watch->told;
    if (progress.total > 0) {
        progress.done = fmin(progress.done + watch->reached * watch->ahead, progress.total);
        progress.part = fmax(progress.done / progress.total, 0);
    }
    if (watch->portion.is_part)
        progress.part = watch->portion.from + watch->portion.length * progress.part;
    const int answer = watch->monitor.progress(watch->monitor.user, &progress);
    if (!watch->finishes || watch->answer != NQ_FINISH || answer != NQ_GO_ON)
        watch->answer = answer;
    const int goes_on = watch->answer == NQ_GO_ON ||
                        (watch->answer == NQ_FINISH && watch->finishes) || context->comm;
    return goes_on ? NQ_OK
                   : nqi_fail(context, NQ_ERROR_STOPPED, "stopped by the monitor while %s",
                              progress.what ? progress.what : "at work");
}

/* How the pool asks. */
static nq_status poll(void *context, double part)
{
    return ask(context, part);
}

nq_status nq_context_watch(nq_context *context, const nq_monitor *monitor)
{
    if (monitor && monitor->size && monitor->size != sizeof *monitor)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "nq_monitor.size is %zu: expected 0 or the bytes of the struct, %zu",
                        monitor->size, sizeof *monitor);
    context->watch = (nqi_watch){0};
    if (monitor)
        context->watch.monitor = *monitor;
    nqi_pool_watch(context->pool, context->watch.monitor.progress ? poll : NULL, context);
    return NQ_OK;
}

nq_status nqi_tell_region(nq_context *context, const char *what, double done, double ahead,
                          double total)
{
    if (!context || !context->watch.monitor.progress)
        return NQ_OK;
    nqi_watch *watch = &context->watch;
    if (!watch->portion.is_part || watch->portion.length > 0) {
        watch->told = (nq_progress){.what = what, .done = done, .total = total};
        watch->ahead = ahead;
        watch->reached = 0;
    }
    return ask(context, 0);
}

nq_status nqi_tell(nq_context *context, const char *what, double done, double total)
{
    return nqi_tell_region(context, what, done, 0, total);
}

nq_status nqi_tell_again(nq_context *context)
{
    return context && context->watch.monitor.progress ? ask(context, 0) : NQ_OK;
}

int nqi_answer(const nq_context *context)
{
    return context->watch.answer;
}

int nqi_watch_finishes(nq_context *context, int on)
{
    const int before = context->watch.finishes;
    context->watch.finishes = on;
    if (on && !before)
        context->watch.answer = NQ_GO_ON;
    return before;
}

nqi_portion nqi_portion_enter(nq_context *context, double from, double to)
{
    nqi_watch *watch = &context->watch;
    const nqi_portion before = watch->portion;
    const double length = before.is_part ? before.length : 1;
    watch->portion = (nqi_portion){(before.is_part ? before.from : 0) + length * from,
                                   length * (to - from), 1};
    watch->ahead = 0;
    if (to > from)
        watch->told = (nq_progress){.what = watch->told.what};
    return before;
}

void nqi_portion_leave(nq_context *context, nqi_portion before)
{
    nqi_watch *watch = &context->watch;
    const double from = before.is_part ? before.from : 0;
    const double length = before.is_part ? before.length : 1;
    const double to = watch->portion.from + watch->portion.length;
    if (watch->portion.length > 0) {
        watch->told = (nq_progress){.what = watch->told.what, .part = (to - from) / length};
        watch->ahead = 0;
    }
    watch->portion = before;
}

int nqi_log_is_heard(const nq_context *context, nq_log_level level)
{
    return context->watch.monitor.log && level >= context->watch.monitor.least;
}

void nqi_log(nq_context *context, nq_log_level level, const char *format, ...)
{
    char text[SENTENCE], named[SENTENCE];
    va_list list;
    if (!nqi_log_is_heard(context, level))
        return;
    va_start(list, format);
    nqi_text_format(text, sizeof text, format, list);
    va_end(list);
    nqi_options_named(named, sizeof named, context, text);
    nq_text_printable(text, sizeof text, named);
    context->watch.monitor.log(context->watch.monitor.user, level, text);
}
