/* bench_stop.c - how long calls take to return once the monitor says stop, and how often it is
 * asked: bench_stop [WORD] looks at the calls whose names hold the word. NONEQ_STOP_GAP=SECONDS
 * prints where the library was when so long nobody was asked. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <execinfo.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "long_calls_table.h"
#include "unit/scratch.h"

static const double long_enough = 1.5; /* seconds */

typedef struct watcher {
    int calls, stop_at; /* 0: never */
    double last, longest, stopped, part;
    int falls; /* times that part went down */
} watcher;

/* Of the handler that prints where the library is. */
static volatile double asked_last, gap_told;
static double gap_least;

static void gap_print(int number)
{
    void *frames[40];
    (void)number;
    if (gap_least <= 0 || clock_seconds() - asked_last < gap_least || gap_told == asked_last)
        return;
    gap_told = asked_last;
    const int count = backtrace(frames, 40);
    backtrace_symbols_fd(frames, count, 2);
    (void)!write(2, "--\n", 3);
}

static int progress(void *user, const nq_progress *told)
{
    watcher *w = user;
    const double now = clock_seconds();
    w->calls++;
    if (now - w->last > w->longest)
        w->longest = now - w->last;
    w->falls += told->part < w->part - 1e-9;
    w->part = told->part;
    w->last = asked_last = now;
    if (w->calls != w->stop_at)
        return NQ_GO_ON;
    w->stopped = now;
    return NQ_STOP;
}

static nq_status run(room *r, const long_call *call, watcher *w, double *seconds)
{
    const nq_monitor monitor = {.progress = progress, .user = w};
    r->found = 0;
    const double start = clock_seconds();
    w->last = asked_last = start;
    (void)nq_context_watch(r->context, w->stop_at < 0 ? NULL : &monitor);
    const nq_status status = call->run(r);
    (void)nq_context_watch(r->context, NULL);
    const double end = clock_seconds();
    asked_last = 1e300;
    *seconds = end - start;
    if (w->calls && end - w->last > w->longest)
        w->longest = end - w->last;
    if (w->stopped > 0)
        w->stopped = end - w->stopped;
    return status;
}

/* As much work as takes long enough. */
static nq_status make_long(room *r, const long_call *call)
{
    double seconds = 0;
    r->size = call->size;
    for (int tries = 0; tries < 12; tries++) {
        watcher none = {.stop_at = -1};
        room_clear(r);
        const double start = clock_seconds();
        nq_status status = call->prepare(r);
        if (clock_seconds() - start > 20)
            return status; /* the call itself is short */
        if (status || (status = run(r, call, &none, &seconds)) || seconds > long_enough)
            return status;
        const double grow = fmin(fmax(1.2 * long_enough / fmax(seconds, 1e-3), 1.3), 6);
        r->size = (size_t)(grow * (double)r->size) + 1;
    }
    return NQ_OK;
}

static void measure(room *r, const long_call *call)
{
    watcher whole = {0}, plain = {.stop_at = -1};
    double seconds, quiet, ignored;
    nq_status status = make_long(r, call);
    if (status || (status = run(r, call, &plain, &quiet))) {
        printf("%-28s %s: %s\n", call->name, nq_status_name(status),
               nq_context_message(r->context));
        return;
    }
    const uint64_t expected = r->found;
    status = run(r, call, &whole, &seconds);
    printf("%-28s %6.2f %6.2f %5.1f/s %5.3f %4.2f %s", call->name, quiet, seconds,
           whole.calls / seconds, whole.longest, whole.part,
           status                 ? nq_status_name(status)
           : whole.falls          ? "falls "
           : r->found != expected ? "differs "
                                  : "");
    const int at[] = {1, whole.calls / 4, whole.calls / 2, 3 * whole.calls / 4, whole.calls - 2};
    for (int i = 0; i < 5; i++) {
        watcher w = {.stop_at = at[i] > 0 ? at[i] : 1};
        status = run(r, call, &w, &ignored);
        if (status == NQ_ERROR_STOPPED)
            printf(" %5.3f", w.stopped);
        else
            printf(" (%s)", nq_status_name(status));
    }
    status = run(r, call, &plain, &ignored);
    printf(" %s\n", status ? nq_status_name(status) : r->found == expected ? "same" : "OTHER");
    fflush(stdout);
}

int main(int count, char **words)
{
    scratch folder;
    room r = {.folder = folder.folder};
    const char *gap = getenv("NONEQ_STOP_GAP");
    if (scratch_new(&folder) || nq_context_new(&r.context, NULL))
        return 1;
    gap_least = gap ? atof(gap) : 0;
    asked_last = 1e300;
    if (gap_least > 0) {
        const struct itimerval often = {{0, 20000}, {0, 20000}};
        signal(SIGALRM, gap_print);
        setitimer(ITIMER_REAL, &often, NULL);
    }
    printf(
        "seconds without and with a monitor, questions a second, the longest time between two,\n"
        "the last part; seconds to return from a stop at the first, at 1/4, 1/2, 3/4 of them,\n"
        "and at the last but one; whether the same call then gives the same\n");
    for (int i = 0; i < LONG_CALLS; i++)
        if (count < 2 || strstr(long_calls[i].name, words[1]))
            measure(&r, &long_calls[i]);
    room_clear(&r);
    nq_context_free(r.context);
    scratch_free(&folder);
    return 0;
}
