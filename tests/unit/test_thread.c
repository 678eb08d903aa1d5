/* test_thread.c - every item once, all of it seen afterwards, for any number of threads. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <float.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/thread/denormals.h"
#include "core/thread/order.h"
#include "core/thread/thread.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

typedef struct job {
    int *hits; /* [items], plain memory: a race here is for ThreadSanitizer to see */
    int threads;
    atomic_int strangers; /* calls with a thread number that the pool does not have */
} job;

static void item_count(void *state, size_t item, int thread)
{
    job *work = state;
    work->hits[item]++;
    if (thread < 0 || thread >= work->threads)
        atomic_fetch_add(&work->strangers, 1);
}

static void regions_run(int threads, size_t items, int regions)
{
    nqi_pool *pool;
    job work = {calloc(items + 1, sizeof(int)), threads, 0};
    assert_non_null(work.hits);
    assert_int_equal(nqi_pool_new(&pool, threads), NQ_OK);
    assert_int_equal(nqi_pool_size(pool), threads);
    for (int region = 1; region <= regions; region++) {
        assert_int_equal(nqi_pool_run(pool, items, item_count, &work), NQ_OK);
        for (size_t item = 0; item < items; item++)
            assert_int_equal(work.hits[item], region);
    }
    assert_int_equal(work.hits[items], 0);
    assert_int_equal(work.strangers, 0);
    nqi_pool_free(pool);
    free(work.hits);
}

static void every_item_is_done_exactly_once_and_seen(void **state)
{
    (void)state;
    const int threads[] = {1, 2, 3, 8, 33};
    const size_t items[] = {0, 1, 2, 3, 7, 64, 1000};
    for (size_t t = 0; t < 5; t++) {
        for (size_t i = 0; i < 7; i++)
            regions_run(threads[t], items[i], 50);
    }
}

static void many_short_regions_follow_each_other(void **state)
{
    (void)state;
    regions_run(2, 2, 20000);
    regions_run(5, 9, 5000);
}

/* Regions of changing size and state: a late worker must not take an item of the wrong one. */
static void a_late_worker_never_works_on_the_next_region(void **state)
{
    (void)state;
    enum { ROUNDS = 5000 };
    nqi_pool *pool;
    assert_int_equal(nqi_pool_new(&pool, 4), NQ_OK);
    for (size_t round = 0; round < ROUNDS; round++) {
        const size_t items = 2 + round % 5;
        job work = {calloc(items, sizeof(int)), 4, 0};
        assert_int_equal(nqi_pool_run(pool, items, item_count, &work), NQ_OK);
        for (size_t item = 0; item < items; item++)
            assert_int_equal(work.hits[item], 1);
        free(work.hits); /* AddressSanitizer sees who comes after this */
    }
    nqi_pool_free(pool);
}

static void workers_that_fell_asleep_wake_up(void **state)
{
    (void)state;
    nqi_pool *pool;
    int hits[16] = {0};
    job work = {hits, 3, 0};
    assert_int_equal(nqi_pool_new(&pool, 3), NQ_OK);
    for (int region = 1; region <= 20; region++) {
        usleep(2000); /* far beyond the time for which workers spin */
        assert_int_equal(nqi_pool_run(pool, 16, item_count, &work), NQ_OK);
        for (int item = 0; item < 16; item++)
            assert_int_equal(hits[item], region);
    }
    nqi_pool_free(pool);
}

typedef struct meeting {
    atomic_int present, met;
    int size;
} meeting;

static void item_meet(void *state, size_t item, int thread)
{
    meeting *all = state;
    (void)item;
    (void)thread;
    atomic_fetch_add(&all->present, 1);
    for (int i = 0; i < 10000 && atomic_load(&all->present) < all->size; i++)
        usleep(1000);
    if (atomic_load(&all->present) == all->size)
        atomic_fetch_add(&all->met, 1);
}

static void items_run_at_the_same_time(void **state)
{
    (void)state;
    nqi_pool *pool;
    meeting all = {0, 0, 4};
    assert_int_equal(nqi_pool_new(&pool, 4), NQ_OK);
    assert_int_equal(nqi_pool_run(pool, 4, item_meet, &all), NQ_OK);
    assert_int_equal(all.met, 4);
    nqi_pool_free(pool);
}

static volatile float smallest = FLT_MIN, half = 0.5f;

static void item_denormal(void *state, size_t item, int thread)
{
    float *out = state;
    (void)thread;
    out[item] = smallest * half;
    usleep(100);
}

static void every_thread_flushes_denormals_and_the_caller_gets_them_back(void **state)
{
    (void)state;
    nqi_pool *pool;
    float out[64];
    assert_true(smallest * half > 0);
    const unsigned before = nqi_denormals_flush();
    const int can_flush = !(smallest * half > 0); /* on processors that we know */
    nqi_denormals_restore(before);
    for (int threads = 1; threads <= 4; threads += 3) {
        memset(out, 0x7f, sizeof out);
        assert_int_equal(nqi_pool_new(&pool, threads), NQ_OK);
        assert_int_equal(nqi_pool_run(pool, 64, item_denormal, out), NQ_OK);
        for (int i = 0; i < 64; i++)
            assert_int_equal(out[i] > 0, !can_flush);
        assert_true(smallest * half > 0);
        nqi_pool_free(pool);
    }
}

static void item_signals_ask(void *state, size_t item, int thread)
{
    int *blocked = state;
    sigset_t set;
    pthread_sigmask(SIG_SETMASK, NULL, &set);
    blocked[item] = thread > 0 ? sigismember(&set, SIGINT) : !sigismember(&set, SIGINT);
    usleep(1000);
}

static void interrupts_go_to_the_host_and_not_to_workers(void **state)
{
    (void)state;
    nqi_pool *pool;
    int blocked[16] = {0};
    assert_int_equal(nqi_pool_new(&pool, 4), NQ_OK);
    assert_int_equal(nqi_pool_run(pool, 16, item_signals_ask, blocked), NQ_OK);
    for (int i = 0; i < 16; i++)
        assert_int_equal(blocked[i], 1);
    nqi_pool_free(pool);
}

/* Sanitizers reserve terabytes of addresses, so the limit below means nothing with them. */
static void a_thread_that_cannot_start_is_a_status(void **state)
{
    (void)state;
    if (IS_SANITIZED)
        skip();
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        nqi_pool *pool = NULL;
        const struct rlimit limit = {256u << 20, 256u << 20}; /* bytes of addresses */
        if (setrlimit(RLIMIT_AS, &limit))
            _exit(3);
        const nq_status status = nqi_pool_new(&pool, 1000);
        _exit(status == NQ_ERROR_THREAD && !pool ? 0 : 1);
    }
    int result = -1;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFEXITED(result));
    assert_int_equal(WEXITSTATUS(result), 0);
}

static void a_pool_without_threads_is_refused(void **state)
{
    (void)state;
    nqi_pool *pool;
    assert_int_equal(nqi_pool_new(&pool, 0), NQ_ERROR_ARGUMENT);
    assert_null(pool);
    nqi_pool_free(NULL);
}

enum { QUEUE = 200 };

/* What is written where items pass is plain memory: the turn is its only guard. */
typedef struct queue {
    nqi_order *order;
    nqi_pool *pool;
    size_t passed, at[QUEUE];
} queue;

static void item_pass(void *state, size_t item, int thread)
{
    queue *q = state;
    nqi_order_await(q->order, item, q->pool, thread);
    q->at[q->passed++] = item;
    nqi_order_pass(q->order);
}

static void items_pass_one_by_one_in_order(void **state)
{
    (void)state;
    queue q;
    assert_int_equal(nqi_order_new(&q.order), NQ_OK);
    for (int threads = 1; threads <= 5; threads += 2) {
        nqi_pool *pool;
        assert_int_equal(nqi_pool_new(&pool, threads), NQ_OK);
        for (int region = 0; region < 5; region++) {
            q.passed = 0;
            q.pool = pool;
            nqi_order_begin(q.order);
            assert_int_equal(nqi_pool_run(pool, QUEUE, item_pass, &q), NQ_OK);
            assert_int_equal(q.passed, QUEUE);
            for (size_t i = 0; i < QUEUE; i++)
                assert_int_equal(q.at[i], i);
        }
        nqi_pool_free(pool);
    }
    nqi_order_free(q.order);
    nqi_order_free(NULL);
}

static void this_process_has_a_processor(void **state)
{
    (void)state;
    assert_true(nqi_processor_count() >= 1);
    assert_true(nqi_processor_count() <= sysconf(_SC_NPROCESSORS_CONF));
}

enum { MANY = 100000 };

/* Of a region that somebody ends. */
typedef struct ended {
    nqi_pool *pool;
    atomic_size_t begun, over;
    size_t questions, last_question; /* that says stop; 0: none */
    atomic_int is_told;              /* it was said */
    double part;
    int falls;
} ended;

static nq_status region_ask(void *state, double part)
{
    ended *e = state;
    e->falls += part < e->part || part > 1;
    e->part = part;
    if (++e->questions != e->last_question)
        return NQ_OK;
    atomic_store(&e->is_told, 1);
    return NQ_ERROR_STOPPED;
}

static void item_begin_and_end(void *state, size_t item, int thread)
{
    ended *e = state;
    (void)item;
    atomic_fetch_add(&e->begun, 1);
    while (thread && !atomic_load(&e->is_told)) /* that the caller asks in any case */
        sched_yield();
    atomic_fetch_add(&e->over, 1);
}

static void a_region_ends_when_it_is_told_and_the_next_one_does_not(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 4; threads++) {
        ended e = {.last_question = 3};
        assert_int_equal(nqi_pool_new(&e.pool, threads), NQ_OK);
        nqi_pool_watch(e.pool, region_ask, &e);
        assert_int_equal(nqi_pool_run(e.pool, MANY, item_begin_and_end, &e), NQ_ERROR_STOPPED);
        assert_true(e.begun < MANY);
        assert_int_equal(e.begun, e.over);
        assert_int_equal(e.falls, 0);
        e.begun = e.over = 0;
        e.part = 0;
        assert_int_equal(nqi_pool_run(e.pool, MANY, item_begin_and_end, &e), NQ_OK);
        assert_int_equal(e.over, MANY);
        assert_int_equal(e.falls, 0);
        nqi_pool_watch(e.pool, NULL, NULL);
        e.questions = 0;
        assert_int_equal(nqi_pool_run(e.pool, MANY, item_begin_and_end, &e), NQ_OK);
        assert_int_equal(e.questions, 0);
        nqi_pool_free(e.pool);
    }
}

/* As long as nobody says stop. */
static void item_last(void *state, size_t item, int thread)
{
    ended *e = state;
    (void)item;
    for (size_t i = 0; !nqi_pool_reaches(e->pool, thread, i, i + 1); i++) {}
    atomic_fetch_add(&e->over, 1);
}

static void long_items_hear_of_the_end_whoever_works_on_them(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 4; threads++) {
        ended e = {.last_question = 1000};
        assert_int_equal(nqi_pool_new(&e.pool, threads), NQ_OK);
        nqi_pool_watch(e.pool, region_ask, &e);
        assert_int_equal(nqi_pool_run(e.pool, 100, item_last, &e), NQ_ERROR_STOPPED);
        assert_true(e.over <= (size_t)threads);
        assert_int_equal(e.falls, 0);
        nqi_pool_free(e.pool);
    }
}

static void item_of_regions(void *state, size_t item, int thread)
{
    ended *e = state;
    (void)item, (void)thread;
    const nq_status status = nqi_pool_run(e->pool, 100, item_begin_and_end, e);
    assert_int_equal(status != NQ_OK, nqi_pool_stops(e->pool, 0));
}

static void regions_within_one_of_the_caller_alone_end_with_it(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 4; threads++) {
        ended e = {.last_question = 2000};
        assert_int_equal(nqi_pool_new(&e.pool, threads), NQ_OK);
        nqi_pool_watch(e.pool, region_ask, &e);
        assert_int_equal(nqi_pool_run_alone(e.pool, 3, MANY, item_of_regions, &e),
                         NQ_ERROR_STOPPED);
        assert_true(e.begun < 100 * (size_t)MANY);
        e.begun = e.over = 0;
        assert_int_equal(nqi_pool_run_alone(e.pool, 3, 103, item_of_regions, &e), NQ_OK);
        assert_int_equal(e.over, 100 * 100);
        nqi_pool_free(e.pool);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_is_done_exactly_once_and_seen),
        cmocka_unit_test(many_short_regions_follow_each_other),
        cmocka_unit_test(a_late_worker_never_works_on_the_next_region),
        cmocka_unit_test(workers_that_fell_asleep_wake_up),
        cmocka_unit_test(items_run_at_the_same_time),
        cmocka_unit_test(every_thread_flushes_denormals_and_the_caller_gets_them_back),
        cmocka_unit_test(interrupts_go_to_the_host_and_not_to_workers),
        cmocka_unit_test(a_thread_that_cannot_start_is_a_status),
        cmocka_unit_test(a_pool_without_threads_is_refused),
        cmocka_unit_test(items_pass_one_by_one_in_order),
        cmocka_unit_test(a_region_ends_when_it_is_told_and_the_next_one_does_not),
        cmocka_unit_test(long_items_hear_of_the_end_whoever_works_on_them),
        cmocka_unit_test(regions_within_one_of_the_caller_alone_end_with_it),
        cmocka_unit_test(this_process_has_a_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
