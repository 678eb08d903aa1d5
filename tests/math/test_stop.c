/* test_stop.c - long calls are stopped by the monitor, leave nothing behind, and give the same when
 * they are made again. Times are printed, and held to very loose limits alone: a machine may be
 * busy. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math_test.h"

#include "long_calls_table.h"
#include "unit/scratch.h"

/* Seconds that a call is made to take; NONEQ_STOP_SECONDS says others. */
static const double usual = 0.4;
static const double slow = 3; /* seconds to return at most */
enum { TRIES = 10 };

typedef struct watcher {
    int calls, stop_at; /* 0: never */
    double part, stopped;
    int falls, wrong; /* times that the part went down; that it was no part, or of nothing */
    int answers_finish;
} watcher;

static int progress(void *user, const nq_progress *told)
{
    watcher *w = user;
    w->calls++;
    w->falls += told->part < w->part - 1e-9;
    w->wrong += !(told->part >= 0 && told->part <= 1) || !told->what || !*told->what ||
                !(told->done >= 0) || !(told->total >= 0);
    w->part = told->part;
    if (w->calls != w->stop_at)
        return NQ_GO_ON;
    w->stopped = clock_seconds();
    return w->answers_finish ? NQ_FINISH : NQ_STOP;
}

static nq_status run(room *r, const long_call *call, watcher *w)
{
    const nq_monitor monitor = {.progress = progress, .user = w};
    r->found = 0;
    assert_ok(nq_context_watch(r->context, w ? &monitor : NULL), r->context);
    const nq_status status = call->run(r);
    assert_ok(nq_context_watch(r->context, NULL), r->context);
    if (w && w->stopped > 0)
        w->stopped = clock_seconds() - w->stopped;
    return status;
}

static double seconds_wanted(void)
{
    const char *text = getenv("NONEQ_STOP_SECONDS");
    return text ? atof(text) : usual;
}

/* Work that takes a moment. */
static void make_long(room *r, const long_call *call)
{
    const double wanted = seconds_wanted();
    double seconds = 0;
    r->size = call->size;
    for (int i = 0; i < TRIES; i++) {
        room_clear(r);
        const double start = clock_seconds();
        assert_ok(call->prepare(r), r->context);
        const double prepared = clock_seconds() - start;
        assert_ok(run(r, call, NULL), r->context);
        seconds = clock_seconds() - start - prepared;
        if (seconds > wanted || prepared > 10 * wanted)
            return;
        r->size =
            (size_t)(fmin(fmax(1.2 * wanted / fmax(seconds, 1e-3), 1.3), 6) * (double)r->size) +
            1;
    }
}

/* Its sentence says so, and the folder has what it had. */
static void stop_at(room *r, const scratch *folder, const long_call *call, int when, int calls)
{
    watcher w = {.stop_at = when, .answers_finish = when == 1};
    const int entries = scratch_count(folder);
    const nq_status status = run(r, call, &w);
    if (status == NQ_OK && w.calls < when)
        return; /* it was quicker this time */
    if (status == NQ_OK && call->are_several && w.answers_finish)
        return; /* a step of training ends */
    if (status == NQ_OK && w.calls == when)
        return; /* nothing was left to be done when it was asked */
    assert_int_equal(status, NQ_ERROR_STOPPED);
    assert_non_null(strstr(nq_context_message(r->context), "stopped"));
    assert_int_equal(scratch_count(folder), entries);
    assert_int_equal(w.calls, when);
    print_message("%s: stopped at question %d of %d, returned after %.3f s\n", call->name, when,
                  calls, w.stopped);
    assert_true(w.stopped < slow);
}

static void can_be_stopped(void **state)
{
    const long_call *call = *state;
    scratch folder;
    room r = {.folder = folder.folder};
    watcher whole = {0};
    assert_int_equal(scratch_new(&folder), 0);
    r.context = context_open(2);
    make_long(&r, call);
    assert_ok(run(&r, call, NULL), r.context);
    const uint64_t expected = r.found;
    assert_ok(run(&r, call, &whole), r.context);
    assert_true(r.found == expected);
    assert_int_equal(whole.wrong, 0);
    if (!call->are_several)
        assert_int_equal(whole.falls, 0);
    if (*r.path)
        remove(r.path);
    stop_at(&r, &folder, call, 1, whole.calls);
    if (*r.path)
        assert_true(access(r.path, F_OK) != 0);
    assert_ok(run(&r, call, NULL), r.context);
    assert_true(r.found == expected);
    stop_at(&r, &folder, call, (whole.calls + 1) / 2, whole.calls);
    stop_at(&r, &folder, call, whole.calls > 2 ? whole.calls - 1 : 1, whole.calls);
    assert_ok(run(&r, call, NULL), r.context);
    assert_true(r.found == expected);
    room_clear(&r);
    nq_context_free(r.context);
    scratch_free(&folder);
}

int main(void)
{
    static struct CMUnitTest tests[LONG_CALLS];
    static char names[LONG_CALLS][64];
    for (int i = 0; i < LONG_CALLS; i++) {
        snprintf(names[i], sizeof names[i], "%s_can_be_stopped", long_calls[i].name);
        for (char *at = names[i]; *at; at++)
            *at = *at == ' ' || *at == '.' ? '_' : *at;
        tests[i] = (struct CMUnitTest){.name = names[i],
                                       .test_func = can_be_stopped,
                                       .initial_state = (void *)(uintptr_t)&long_calls[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
