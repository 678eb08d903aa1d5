/* test_training_curve.c - the points that a training record keeps: few, in order, and as text. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <string.h>

#include "math/math_test.h"
#include "train/run/curve.h"

static void however_long_a_run_its_points_are_few_and_far_apart(void **state)
{
    (void)state;
    nqi_curve curve = {.count = 0};
    for (int64_t update = 100; update <= 100000; update += 100) {
        nqi_curve_take(&curve, update, -1, -2);
        assert_true(curve.count <= NQI_CURVE_MOST);
    }
    assert_true(curve.count > NQI_CURVE_MOST / 2);
    assert_int_equal(curve.point[0].update, 100);
    const int64_t gap = curve.point[1].update - curve.point[0].update;
    for (size_t i = 1; i < curve.count; i++)
        assert_int_equal(curve.point[i].update - curve.point[i - 1].update, gap);
    assert_true(curve.point[curve.count - 1].update + gap > 100000);
}

static void text_says_all_that_there_is(void **state)
{
    (void)state;
    char text[NQI_CURVE_TEXT], again[NQI_CURVE_TEXT];
    nqi_curve curve = {.count = 0}, read;
    for (int64_t update = 1; update <= 60; update++)
        nqi_curve_take(&curve, update, -1e5 / (double)(update * update),
                       update % 2 ? NAN : 1.0 / 3 * (double)update);
    nqi_curve_text(text, &curve);
    assert_true(strlen(text) + 1 < NQI_CURVE_TEXT);
    assert_true(nqi_curve_read(&read, text));
    assert_int_equal(read.count, curve.count);
    assert_string_equal(nqi_curve_text(again, &read), text);
    for (size_t i = 0; i < curve.count; i++) {
        assert_int_equal(read.point[i].update, curve.point[i].update);
        assert_true(read.point[i].bound == curve.point[i].bound);
        assert_int_equal(isnan(read.point[i].valid), isnan(curve.point[i].valid));
    }
}

static void bits_have_six_digits(void **state)
{
    (void)state;
    char text[NQI_CURVE_TEXT];
    nqi_curve curve = {.count = 0};
    nqi_curve_take(&curve, 7, log(2) * -1.23456789, NAN);
    assert_string_equal(nqi_curve_text(text, &curve), "7,-1.23457,");
}

static void what_is_no_curve_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"x",         "1,2",         "1,a,2",
                                        "-1,2,3",    "1,2,3;1,2,3", "5,2,3;4,2,3",
                                        "1e300,2,3", "1,inf,3",     ",2,3"};
    char many[8 * 70] = "";
    nqi_curve curve;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        print_message("%s\n", wrong[i]);
        assert_int_equal(nqi_curve_read(&curve, wrong[i]), i == 1);
    }
    for (int i = 1; i <= NQI_CURVE_MOST + 1; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "%s%d,2,3", i > 1 ? ";" : "",
                 i);
    assert_false(nqi_curve_read(&curve, many));
    assert_int_equal(curve.count, 0);
    assert_true(nqi_curve_read(&curve, ""));
    assert_int_equal(curve.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(however_long_a_run_its_points_are_few_and_far_apart),
        cmocka_unit_test(text_says_all_that_there_is),
        cmocka_unit_test(bits_have_six_digits),
        cmocka_unit_test(what_is_no_curve_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
