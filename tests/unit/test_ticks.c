/* test_ticks.c - whatever the range of an axis, its labels stand apart, inside, and are true. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <noneq/ticks.h>

static const double character = 5.1; /* points, of a digit of 8 points */

static size_t characters_of(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static double width_of(void *user, const char *text)
{
    (void)user;
    return character * (double)characters_of(text);
}

static nq_axis axis_of(nq_axis_kind kind, double low, double high, double length)
{
    return (nq_axis){.kind = kind,
                     .low = low,
                     .high = high,
                     .length = length,
                     .overhang = 5,
                     .measure = width_of};
}

/* Where label i begins and ends. */
static void box_of(double box[2], const nq_ticks *found, const nq_axis *along, size_t i)
{
    const double range = along->high - along->low;
    const double part = range > 0 ? (found->value[i] - along->low) / range : 0.5;
    const double half = width_of(NULL, found->label[i]) / 2;
    box[0] = part * along->length + found->shift[i] - half;
    box[1] = part * along->length + found->shift[i] + half;
    /* The tick is over or beside its label. */
    assert_true(fabs(found->shift[i]) <= half + 1e-9);
}

static size_t labels_stand_apart(const nq_ticks *found, const nq_axis *along)
{
    double end = -INFINITY, box[2];
    size_t labels = 0;
    assert_true(found->count <= NQ_TICKS_MOST);
    for (size_t i = 0; i < found->count; i++) {
        assert_true(found->value[i] >= along->low - 1e-6 * fabs(along->high - along->low));
        assert_true(found->value[i] <= along->high + 1e-6 * fabs(along->high - along->low));
        assert_true(i == 0 || found->value[i] > found->value[i - 1]);
        if (!found->label[i][0])
            continue;
        box_of(box, found, along, i);
        assert_true(box[0] >= end + 2);
        assert_true(box[0] >= -along->overhang - 1e-9);
        assert_true(box[1] <= along->length + along->overhang + 1e-9);
        end = box[1];
        labels++;
    }
    return labels;
}

/* A label or note in plain characters: "10^-6" for a power. */
static void plain_text(char *out, const char *text)
{
    static const char *const from[] = {"\xe2\x88\x92", "\xe2\x80\x89", "\xc3\x97",
                                       "\xe2\x81\xbb", "\xe2\x81\xb0", "\xc2\xb9",
                                       "\xc2\xb2",     "\xc2\xb3",     "\xe2\x81\xb4",
                                       "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7",
                                       "\xe2\x81\xb8", "\xe2\x81\xb9"};
    static const char *const to[] = {"-", "",  "x", "-", "0", "1", "2",
                                     "3", "4", "5", "6", "7", "8", "9"};
    while (*text) {
        size_t k = 0;
        while (k < 14 && strncmp(text, from[k], strlen(from[k])) != 0)
            k++;
        if (k < 14) {
            strcpy(out, to[k]);
            out += strlen(to[k]);
            text += strlen(from[k]);
        } else
            *out++ = *text++;
    }
    *out = '\0';
}

/* What label and note say together. */
static double value_read(const char *label, const char *note)
{
    char plain[64];
    double offset = 0, scale = 1;
    plain_text(plain, note);
    const char *power = strstr(plain, "x10");
    if (strchr(plain, '+'))
        offset = strtod(plain, NULL);
    if (power)
        scale = pow(10, atoi(power + 3));
    plain_text(plain, label);
    return offset + scale * strtod(plain, NULL);
}

static void labels_are_true(const nq_ticks *found, const nq_axis *along)
{
    const double step =
        found->count > 1 ? found->value[1] - found->value[0] : along->high - along->low;
    for (size_t i = 0; i < found->count; i++)
        if (found->label[i][0]) {
            const double said = value_read(found->label[i], found->note);
            if (!(fabs(said - found->value[i]) <= 0.02 * fabs(step)))
                print_error("[%g, %g]: '%s' '%s' is not %.12g\n", along->low, along->high,
                            found->label[i], found->note, found->value[i]);
            assert_true(fabs(said - found->value[i]) <= 0.02 * fabs(step));
        }
}

static const double ranges[][2] = {
    {0, 1},           {-1, 1},         {0.98, 1.003},          {0, 0.07},
    {20000, 590000},  {0, 100000},     {995000, 1005000},      {1e6, 1e6 + 1e-3},
    {9.8e-10, 1e-9},  {-3e-7, 2e-7},   {3.18e12, 3.22e12},     {-5020, -4980},
    {1990, 2023},     {1e300, 2e300},  {-1e-280, 1e-280},      {-1e15, 1e15},
    {1e12, 1e12 + 4}, {0.1, 0.100001}, {-123456.7, -123456.6}, {9.6e-7, 1.08e-6},
    {0, 36},          {0.5, 200},      {12345678, 12345999},   {-1e-5, 1},
};

static void labels_of_numbers_are_apart_inside_and_true(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        for (double length = 70; length < 900; length *= 1.17) {
            const nq_axis along = axis_of(NQ_AXIS_NUMBERS, ranges[i][0], ranges[i][1], length);
            nq_ticks found;
            nq_ticks_choose(&found, &along);
            if (labels_stand_apart(&found, &along) < (length > 130 ? 2 : 1))
                print_error("[%.17g, %.17g] over %g: too few labels\n", along.low, along.high,
                            length);
            assert_true(labels_stand_apart(&found, &along) >= (length > 130 ? 2 : 1));
            labels_are_true(&found, &along);
        }
}

static void thousands_are_grouped_and_years_are_not(void **state)
{
    (void)state;
    const nq_axis money = axis_of(NQ_AXIS_NUMBERS, 0, 50000, 218);
    const nq_axis years = axis_of(NQ_AXIS_NUMBERS, 1990, 2023, 218);
    nq_ticks found;
    nq_ticks_choose(&found, &money);
    assert_string_equal(found.label[1], "10\xe2\x80\x89"
                                        "000");
    assert_string_equal(found.note, "");
    nq_ticks_choose(&found, &years);
    assert_string_equal(found.label[0], "1990");
}

static void powers_of_ten_stand_once(void **state)
{
    (void)state;
    const nq_axis along = axis_of(NQ_AXIS_NUMBERS, 9.8e-10, 1.02e-9, 218);
    nq_ticks found;
    nq_ticks_choose(&found, &along);
    assert_string_equal(found.note, "\xc3\x97"
                                    "10\xe2\x81\xbb\xe2\x81\xb9");
    assert_string_equal(found.label[0], "0.98");
}

static void equal_ends_have_one_tick_and_no_numbers_none(void **state)
{
    (void)state;
    static const double same[] = {0, 7, -1e-300, 1e300, 123456789};
    for (size_t i = 0; i < 5; i++) {
        const nq_axis along = axis_of(NQ_AXIS_NUMBERS, same[i], same[i], 218);
        nq_ticks found;
        nq_ticks_choose(&found, &along);
        assert_int_equal(found.count, 1);
        assert_int_equal(labels_stand_apart(&found, &along), 1);
    }
    for (int k = 0; k < 3; k++) {
        const nq_axis along = axis_of(NQ_AXIS_NUMBERS, k == 0 ? (double)NAN : -1.7e308,
                                      k == 1 ? (double)INFINITY : 1.7e308, 218);
        nq_ticks found;
        nq_ticks_choose(&found, &along);
        assert_int_equal(found.count, 0);
    }
}

static void powers_are_apart_too(void **state)
{
    (void)state;
    static const double ends[][2] = {{-5.2, 0.1}, {-0.3, 0.2},  {-300, 20}, {2, 2.01},
                                     {-12, -9},   {-1.1, 0.15}, {0, 40},    {-7, -6.9}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        for (double length = 40; length < 900; length *= 1.3) {
            const nq_axis along = axis_of(NQ_AXIS_DECADES, ends[i][0], ends[i][1], length);
            nq_ticks found;
            nq_ticks_choose(&found, &along);
            assert_true(labels_stand_apart(&found, &along) >= (length > 70 ? 1 : 0));
        }
}

static void dates_are_apart_from_a_second_to_ages(void **state)
{
    (void)state;
    for (double range = 1; range < 1e12; range *= 2.3)
        for (double start = -3e9; start < 5e9; start += 7.77e8) {
            nq_axis along = axis_of(NQ_AXIS_SECONDS, start, start + range, 218);
            nq_ticks found;
            nq_ticks_choose(&found, &along);
            assert_true(labels_stand_apart(&found, &along) >= 1);
            along = axis_of(NQ_AXIS_DAYS, floor(start / 86400),
                            floor(start / 86400) + range / 1e4, 120);
            nq_ticks_choose(&found, &along);
            assert_true(labels_stand_apart(&found, &along) >= 1);
        }
}

static void no_calendar_reaches_everywhere(void **state)
{
    (void)state;
    const nq_axis along = axis_of(NQ_AXIS_SECONDS, 1e20, 1.001e20, 218);
    nq_ticks found;
    nq_ticks_choose(&found, &along);
    assert_int_equal(found.count, 1);
}

static void months_begin_on_their_first_day(void **state)
{
    (void)state;
    /* 2024-01-15 to 2024-06-20, in days. */
    const nq_axis along = axis_of(NQ_AXIS_DAYS, 19737, 19894, 400);
    static const double starts[] = {19754, 19783, 19814, 19844, 19875};
    static const char *const names[] = {"2024-02", "2024-03", "2024-04", "2024-05", "2024-06"};
    nq_ticks found;
    nq_ticks_choose(&found, &along);
    assert_int_equal(found.count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_true(found.value[i] == starts[i]);
        assert_string_equal(found.label[i], names[i]);
    }
}

static void hours_have_their_day_in_the_note(void **state)
{
    (void)state;
    /* 2024-05-01 00:01:19 to 14:19:18. */
    const nq_axis along = axis_of(NQ_AXIS_SECONDS, 1714521679, 1714573158, 218);
    nq_ticks found;
    nq_ticks_choose(&found, &along);
    assert_string_equal(found.note, "2024-05-01");
    assert_string_equal(found.label[0], "03:00");
}

static void short_numbers_are_short(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},
                 {1, "1.0"},
                 {0.0137, "0.014"},
                 {12.7, "13"},
                 {0.3, "0.30"},
                 {123456, "123\xe2\x80\x89"
                          "456"},
                 {-3.8e-7, "\xe2\x88\x92"
                           "3.8\xc3\x97"
                           "10\xe2\x81\xbb\xe2\x81\xb7"},
                 {20, "20"},
                 {3e300, "3\xc3\x97"
                         "10\xc2\xb3\xe2\x81\xb0\xe2\x81\xb0"}};
    char text[NQ_TICK_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nq_text_number(text, sizeof text, cases[i].value);
        assert_string_equal(text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_of_numbers_are_apart_inside_and_true),
        cmocka_unit_test(thousands_are_grouped_and_years_are_not),
        cmocka_unit_test(powers_of_ten_stand_once),
        cmocka_unit_test(equal_ends_have_one_tick_and_no_numbers_none),
        cmocka_unit_test(powers_are_apart_too),
        cmocka_unit_test(dates_are_apart_from_a_second_to_ages),
        cmocka_unit_test(no_calendar_reaches_everywhere),
        cmocka_unit_test(months_begin_on_their_first_day),
        cmocka_unit_test(hours_have_their_day_in_the_note),
        cmocka_unit_test(short_numbers_are_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
