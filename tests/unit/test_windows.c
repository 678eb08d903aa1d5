/* test_windows.c - which windows of a picture are drawn: all holes are covered, once each. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/context.h"
#include "core/rng.h"
#include "picture/windows.h"

enum { WIDTH = 90, HEIGHT = 70 };

static const nq_picture page = {1, HEIGHT, WIDTH};

static size_t width_of(nqi_box box)
{
    return box.right - box.left;
}

static size_t height_of(nqi_box box)
{
    return box.bottom - box.top;
}

static void hide(unsigned char *unknown, nqi_box box)
{
    for (size_t y = box.top; y < box.bottom; y++)
        memset(unknown + y * WIDTH + box.left, 1, width_of(box));
}

static nqi_window_list plan(const unsigned char *unknown, nqi_window_rules rules)
{
    nq_context *context;
    nqi_window_list list;
    assert_int_equal(nq_context_new(&context, NULL), NQ_OK);
    if (unknown)
        assert_int_equal(nqi_windows_over_holes(&list, context, unknown, &page, &rules), NQ_OK);
    else
        assert_int_equal(nqi_windows_over_all(&list, context, &page, &rules), NQ_OK);
    nq_context_free(context);
    return list;
}

static void assert_side(size_t length, size_t whole, const nqi_window_rules *rules)
{
    assert_true(length <= rules->most || length == whole);
    assert_true(length % rules->multiple == 0 || length == whole);
}

/* Every unknown pixel is filled by exactly one window, which sees it. */
static void assert_covered(const unsigned char *unknown, const nqi_window_list *list,
                           const nqi_window_rules *rules)
{
    for (size_t y = 0; y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++) {
            int times = 0;
            for (size_t w = 0; w < list->count; w++)
                times += nqi_box_holds(&list->items[w].filled, x, y);
            assert_true(times <= 1);
            assert_true(times == 1 || (unknown && !unknown[y * WIDTH + x]));
        }
    for (size_t w = 0; w < list->count; w++) {
        const nqi_window *window = &list->items[w];
        assert_true(window->seen.right <= WIDTH && window->seen.bottom <= HEIGHT);
        assert_true(window->seen.left <= window->filled.left &&
                    window->seen.top <= window->filled.top);
        assert_true(window->seen.right >= window->filled.right &&
                    window->seen.bottom >= window->filled.bottom);
        assert_side(width_of(window->seen), WIDTH, rules);
        assert_side(height_of(window->seen), HEIGHT, rules);
    }
}

static void holes_that_are_far_apart_have_windows_of_their_own(void **state)
{
    unsigned char unknown[WIDTH * HEIGHT] = {0};
    const nqi_box a = {4, 4, 10, 9}, b = {60, 50, 66, 58};
    const nqi_window_rules rules = {8, 40, 4, 0};
    (void)state;
    hide(unknown, a);
    hide(unknown, b);
    nqi_window_list list = plan(unknown, rules);
    assert_int_equal(list.count, 2);
    assert_memory_equal(&list.items[0].filled, &a, sizeof a);
    assert_memory_equal(&list.items[1].filled, &b, sizeof b);
    assert_int_equal(list.items[0].seen.left, 0); /* the edge of the picture */
    assert_true(list.items[1].seen.left <= 52 && list.items[1].seen.right >= 74);
    assert_covered(unknown, &list, &rules);
    nqi_windows_free(&list);
}

static void holes_that_see_each_other_are_one(void **state)
{
    unsigned char unknown[WIDTH * HEIGHT] = {0};
    const nqi_window_rules rules = {8, 60, 1, 0};
    (void)state;
    hide(unknown, (nqi_box){20, 20, 26, 26});
    hide(unknown, (nqi_box){36, 22, 40, 30});
    nqi_window_list list = plan(unknown, rules);
    const nqi_box both = {20, 20, 40, 30}, seen = {12, 12, 48, 38};
    assert_int_equal(list.count, 1);
    assert_memory_equal(&list.items[0].filled, &both, sizeof both);
    assert_memory_equal(&list.items[0].seen, &seen, sizeof seen);
    nqi_windows_free(&list);
}

/* 100 of 160 with a margin of 32: the margin becomes 30. */
static void half_a_margin_is_given_up_to_draw_a_hole_at_once(void **state)
{
    unsigned char unknown[WIDTH * HEIGHT] = {0};
    const nqi_window_rules rules = {16, 52, 4, 0};
    (void)state;
    hide(unknown, (nqi_box){30, 30, 60, 50});
    nqi_window_list list = plan(unknown, rules);
    assert_int_equal(list.count, 1);
    assert_int_equal(width_of(list.items[0].seen), 52);
    assert_covered(unknown, &list, &rules);
    nqi_windows_free(&list);
}

static void a_large_hole_is_cut_and_empty_parts_are_left_out(void **state)
{
    unsigned char unknown[WIDTH * HEIGHT] = {0};
    const nqi_window_rules rules = {8, 24, 8, 0};
    (void)state;
    hide(unknown, (nqi_box){10, 10, 80, 14}); /* an L */
    hide(unknown, (nqi_box){10, 10, 14, 60});
    nqi_window_list list = plan(unknown, rules);
    assert_true(list.count > 4 && list.count < 6 * 5);
    assert_covered(unknown, &list, &rules);
    nqi_windows_free(&list);
}

static void random_holes_are_covered_whatever_the_rules(void **state)
{
    static const nqi_window_rules rules[] = {{1, 8, 8, 0},    {3, 17, 1, 4},   {32, 160, 8, 4},
                                             {90, 90, 1, 3},  {8, 16, 4, 2},   {1000, 4, 4, 9},
                                             {10, 64, 64, 8}, {20, 48, 16, 5}, {5, 1, 1, 0}};
    (void)state;
    for (size_t k = 0; k < 36; k++) {
        const nqi_stream stream = {k, NQI_DRAW_TEST, 0, 0};
        unsigned char unknown[WIDTH * HEIGHT] = {0};
        for (size_t i = 0; i < WIDTH * HEIGHT; i++) /* from single pixels to nearly all */
            unknown[i] =
                nqi_stream_uniform(&stream, i) < (double[]){0.001, 0.02, 0.4, 0.9}[k % 4];
        nqi_window_list list = plan(unknown, rules[k / 4]);
        assert_covered(unknown, &list, &rules[k / 4]);
        nqi_windows_free(&list);
    }
}

static void windows_over_all_fill_every_pixel_once(void **state)
{
    static const nqi_window_rules rules[] = {{4, 24, 4, 4}, {32, 160, 8, 0}, {30, 64, 1, 7}};
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        nqi_window_list list = plan(NULL, rules[k]);
        assert_covered(NULL, &list, &rules[k]);
        assert_int_equal(list.count == 1, k == 1);
        nqi_windows_free(&list);
    }
}

static void a_picture_without_holes_has_no_windows(void **state)
{
    const unsigned char unknown[WIDTH * HEIGHT] = {0};
    (void)state;
    nqi_window_list list = plan(unknown, (nqi_window_rules){8, 24, 8, 0});
    assert_int_equal(list.count, 0);
    nqi_windows_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holes_that_are_far_apart_have_windows_of_their_own),
        cmocka_unit_test(holes_that_see_each_other_are_one),
        cmocka_unit_test(half_a_margin_is_given_up_to_draw_a_hole_at_once),
        cmocka_unit_test(a_large_hole_is_cut_and_empty_parts_are_left_out),
        cmocka_unit_test(random_holes_are_covered_whatever_the_rules),
        cmocka_unit_test(windows_over_all_fill_every_pixel_once),
        cmocka_unit_test(a_picture_without_holes_has_no_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
