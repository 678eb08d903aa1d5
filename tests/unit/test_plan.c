/* test_plan.c - the rate falls without a jump, whatever becomes of a run's length, and patience is
 * over when it is over. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/math_test.h"
#include "train/run/plan.h"

static nqi_plan plan_of(int64_t updates, double seconds, int64_t patience)
{
    return (nqi_plan){.updates = updates,
                      .seconds = seconds,
                      .last = 0.01,
                      .height = 1,
                      .every = 100,
                      .patience = patience};
}

static double height_at(const nqi_plan *plan, int64_t update)
{
    return nqi_plan_height(plan, nqi_plan_progress(plan, update, 0));
}

static void rate_falls_along_half_a_cosine(void **state)
{
    (void)state;
    const nqi_plan plan = plan_of(1000, 0, 0);
    assert_close("at first", height_at(&plan, 0), 1, 1e-15);
    assert_close("half way", height_at(&plan, 500), 0.505, 1e-15);
    assert_close("a third of the way", height_at(&plan, 333), 0.01 + 0.99 * 0.750453, 1e-6);
    assert_close("at the end", height_at(&plan, 1000), 0.01, 1e-15);
}

static void progress_is_of_updates_or_time_whichever_is_further(void **state)
{
    (void)state;
    const nqi_plan plan = plan_of(1000, 60, 0);
    assert_close("updates", nqi_plan_progress(&plan, 500, 6), 0.5, 0);
    assert_close("time", nqi_plan_progress(&plan, 100, 45), 0.75, 0);
    assert_close("over", nqi_plan_progress(&plan, 1200, 6), 1, 0);
}

/* Longer or shorter: no jump where the plan changes, and the last rate at the new end. */
static void another_length_goes_on_from_the_rate_that_is(void **state)
{
    (void)state;
    const int64_t lengths[] = {601, 700, 2000, 50000};
    for (int i = 0; i < 4; i++) {
        nqi_plan plan = plan_of(1000, 0, 0);
        const double before = height_at(&plan, 600);
        nqi_plan_change(&plan, lengths[i], 0, 600, 0);
        assert_close("where it changes", height_at(&plan, 600), before, 1e-15);
        assert_close("at its end", height_at(&plan, lengths[i]), 0.01, 1e-15);
        for (int64_t u = 600; u < lengths[i]; u += 97)
            assert_true(height_at(&plan, u) >= height_at(&plan, u + 1));
    }
}

static void a_run_that_is_past_its_new_end_is_over(void **state)
{
    (void)state;
    nqi_plan plan = plan_of(1000, 0, 0);
    nqi_plan_change(&plan, 300, 0, 600, 0);
    assert_close("progress", nqi_plan_progress(&plan, 600, 0), 1, 0);
}

/* K rises until update 2000 of 20000, then no more: ten looks later the last leg of half as many
 * updates as led to the best begins, with a lower rate. */
static void patience_ends_a_run_that_no_longer_rises(void **state)
{
    (void)state;
    nqi_plan plan = plan_of(20000, 0, 10);
    int64_t update = 0;
    int is_over = 0;
    while (!is_over && update < 20000) {
        update += 100;
        assert_true(nqi_plan_judges(&plan, update) && !nqi_plan_judges(&plan, update + 1));
        is_over = nqi_plan_wait(&plan, update <= 2000, update, 0, 2000);
    }
    assert_int_equal(update, 3000);
    assert_int_equal(plan.updates, 4000);
    assert_true(plan.ends && height_at(&plan, 3000) < 0.6 && height_at(&plan, 3000) > 0.4);
    assert_close("at its end", height_at(&plan, 4000), 0.01, 1e-15);
    assert_true(nqi_plan_judges(&plan, 3100) && nqi_plan_judges(&plan, 4000));
}

static void patience_never_lengthens_a_run(void **state)
{
    (void)state;
    nqi_plan plan = plan_of(1000, 0, 3);
    for (int64_t update = 100; update <= 1000; update += 100)
        assert_false(nqi_plan_wait(&plan, update <= 600, update, 0, 600));
    assert_int_equal(plan.updates, 1000);
    nqi_plan timed = plan_of(0, 100, 3);
    assert_false(nqi_plan_wait(&timed, 1, 100, 50, 100));
    for (int i = 2; i <= 6; i++) /* it lasts 200 updates, and the last leg would too */
        assert_false(nqi_plan_wait(&timed, 0, 100 * i / 2, 25 * i, 100));
}

static void without_patience_nothing_ends_a_run(void **state)
{
    (void)state;
    nqi_plan plan = plan_of(100000, 0, 0);
    for (int64_t update = 100; update < 100000; update += 100)
        assert_false(nqi_plan_wait(&plan, -1, update, 0, 100));
}

/* In the last leg K must not sink twice in a row. */
static void a_last_leg_that_sinks_ends_at_once(void **state)
{
    (void)state;
    nqi_plan plan = plan_of(20000, 0, 1);
    assert_false(nqi_plan_wait(&plan, 1, 2000, 0, 2000));
    assert_true(nqi_plan_wait(&plan, -1, 2100, 0, 2000));
    const int change[] = {-1, 0, -1, -1};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(plan.updates, 3100);
        assert_false(nqi_plan_wait(&plan, change[i], 2200 + 100 * i, 0, 2000));
    }
    assert_int_equal(plan.updates, 2500);
}

/* Pairs: rows differ much among themselves, and little from one time to the next. */
static void change_of_pairs_is_seen_where_that_of_means_is_not(void **state)
{
    (void)state;
    enum { ROWS = 100 };
    double before[ROWS], above[ROWS], same[ROWS], below[ROWS];
    for (int i = 0; i < ROWS; i++) {
        before[i] = 50 * sin(i);
        above[i] = before[i] + 0.1 + 0.2 * cos(7 * i);
        same[i] = before[i] + 0.2 * cos(7 * i);
        below[i] = before[i] - 0.1 + 0.2 * cos(7 * i);
    }
    assert_int_equal(nqi_bound_change(above, before, ROWS), 1);
    assert_int_equal(nqi_bound_change(same, before, ROWS), 0);
    assert_int_equal(nqi_bound_change(below, before, ROWS), -1);
    above[3] = NAN;
    above[4] = -INFINITY;
    before[5] = NQI_BOUND_NONE;
    assert_int_equal(nqi_bound_change(above, before, ROWS), 1);
    assert_int_equal(nqi_bound_change(above, before, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate_falls_along_half_a_cosine),
        cmocka_unit_test(progress_is_of_updates_or_time_whichever_is_further),
        cmocka_unit_test(another_length_goes_on_from_the_rate_that_is),
        cmocka_unit_test(a_run_that_is_past_its_new_end_is_over),
        cmocka_unit_test(patience_ends_a_run_that_no_longer_rises),
        cmocka_unit_test(patience_never_lengthens_a_run),
        cmocka_unit_test(without_patience_nothing_ends_a_run),
        cmocka_unit_test(a_last_leg_that_sinks_ends_at_once),
        cmocka_unit_test(change_of_pairs_is_seen_where_that_of_means_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
