/* test_arrow_formats.c - string views, decimals and dictionaries of anything, from Arrow. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "arrow_takes.h"
#include "table/dataset.h"

enum { ROWS = 6 };

/* Rows r = 0..5, of which 1 and 4 are null. */
static const uint8_t valid[] = {0x2d};

typedef struct view {
    int32_t length;
    char text[12];
} view;

typedef struct view_there {
    int32_t length;
    char begins[4];
    int32_t buffer, offset;
} view_there;

typedef union any_view {
    view here;
    view_there there;
} any_view;

static const char first[] = "?a text of one buffer", second[] = "??another, of the other";
static const int64_t sizes[] = {sizeof first - 1, sizeof second - 1};

static void views_make(any_view views[ROWS])
{
    views[0].there = (view_there){20, "a te", 0, 1};
    views[1].there = (view_there){1 << 30, "none", 9, -5}; /* null: not looked at */
    views[2].here = (view){12, "twelve bytes"};
    views[3].there = (view_there){21, "anot", 1, 2};
    views[4].here = (view){-1, ""};
    views[5].here = (view){0, ""};
}

static void views_are_text(void **state)
{
    bench *b = *state;
    any_view views[ROWS];
    batch from;
    views_make(views);
    batch_new(&from, ROWS);
    batch_add_views(&from, "v", valid, views, first, second, sizes);
    takes(b, &from);
    text_is(b, 0,
            (const char *const[]){"a text of one buffer", "", "twelve bytes",
                                  "another, of the other", "", ""});
    assert_true(isnan(bench_cell(b, 4, 0)));
    assert_true(bench_cell(b, 5, 0) == 3); /* the empty text is one */
    lets_go(b, &from);
}

static void views_without_a_buffer_need_none(void **state)
{
    bench *b = *state;
    any_view views[] = {{.here = {3, "red"}}, {.here = {5, "green"}}, {.here = {3, "red"}}};
    batch from;
    batch_new(&from, 3);
    batch_add(&from, "v", "vu", NULL, views, NULL, 0)->n_buffers = 3;
    takes(b, &from);
    text_is(b, 0, (const char *const[]){"red", "green", "red"});
    lets_go(b, &from);
}

static void views_that_point_outside_are_refused(void **state)
{
    bench *b = *state;
    static const view_there bad[] = {{20, "a te", 2, 1},  {20, "a te", -1, 1},
                                     {20, "a te", 0, 2},  {20, "a te", 0, -1},
                                     {-13, "a te", 0, 1}, {INT32_MAX, "a te", 0, 0}};
    any_view views[ROWS];
    batch from;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        views_make(views);
        views[3].there = bad[i];
        batch_new(&from, ROWS);
        batch_add_views(&from, "v", valid, views, first, second, sizes);
        refuses(b, &from, NQ_ERROR_ARGUMENT, "column 1 (\"v\") of an Arrow array: the offsets");
    }
    views_make(views);
    batch_new(&from, ROWS);
    batch_add_views(&from, "v", valid, views, first, second, NULL);
    refuses(b, &from, NQ_ERROR_ARGUMENT, "the offsets of its text are wrong");
    batch_new(&from, ROWS);
    batch_add(&from, "v", "vu", NULL, views, NULL, 0)->n_buffers = 2;
    refuses(b, &from, NQ_ERROR_ARGUMENT, "it does not have the buffers of its format");
    views[3].here = (view){4, {'a', 0, 'b', 'c'}};
    batch_new(&from, ROWS);
    batch_add_views(&from, "v", valid, views, first, second, sizes);
    refuses(b, &from, NQ_ERROR_FORMAT, "a text has a zero byte in it");
}

static void decimals_are_the_numbers_that_they_read_as(void **state)
{
    bench *b = *state;
    static const int64_t wide[2 * ROWS] = {
        125, 0, 7, 7, -250, -1, 999999999999999, 0, 7, 7, INT64_C(-9007199254740991) * 100, -1};
    /* 12.5 and -12.5 with 18 decimals, and 100; the last is the smallest */
    static const uint64_t long_ones[2 * ROWS] = {12500000000000000000U,
                                                 0,
                                                 7,
                                                 7,
                                                 (uint64_t)0 - 12500000000000000000U,
                                                 UINT64_MAX,
                                                 7766279631452241920U,
                                                 5,
                                                 7,
                                                 7,
                                                 1,
                                                 0};
    static const int32_t narrow[ROWS] = {314, 0, -100, 7, 0, 999999999};
    static const int64_t middle[ROWS] = {314, 0, -100, 7, 0, 999999999999999};
    batch from;
    batch_new(&from, ROWS);
    batch_add(&from, "two", "d:30,2", valid, wide, NULL, 0);
    batch_add(&from, "eighteen", "d:38,18", valid, long_ones, NULL, 0);
    batch_add(&from, "narrow", "d:9,3,32", valid, narrow, NULL, 0);
    batch_add(&from, "middle", "d:18,-1,64", valid, middle, NULL, 0);
    takes(b, &from);
    column_is(b, 0,
              (const double[]){1.25, NAN, -2.5, 9999999999999.99, NAN, -9007199254740991.0});
    column_is(b, 1, (const double[]){12.5, NAN, -12.5, 100, NAN, 1e-18});
    column_is(b, 2, (const double[]){.314, NAN, -.1, .007, NAN, 999999.999});
    column_is(b, 3, (const double[]){3140, NAN, -1000, 70, NAN, 9999999999999990.0});
    lets_go(b, &from);
}

static void decimals_of_too_many_digits_are_refused(void **state)
{
    bench *b = *state;
    static const int64_t digits[2 * ROWS] = {1, 0, 2, 0, 1234567890123456, 0, 0, 0, 0, 0, 0, 0};
    static const int64_t beyond[ROWS] = {0, INT64_C(9007199254740992), 0, 0, 0, 0};
    batch from;
    batch_new(&from, ROWS);
    batch_add(&from, "x", "d:20,3", NULL, digits, NULL, 0);
    refuses(b, &from, NQ_ERROR_UNSUPPORTED, "row 3 is a decimal of more than 15 digits");
    batch_new(&from, ROWS);
    batch_add(&from, "x", "d:18,0,64", NULL, beyond, NULL, 0);
    refuses(b, &from, NQ_ERROR_UNSUPPORTED, "row 2 is a decimal of more than 15 digits");
}

/* A column of indices 2 - 0 1 - 0 into a dictionary. */
static void dictionary_add(batch *from, const char *format, const void *of_valid,
                           const void *values, const void *more)
{
    static const int16_t codes[] = {2, 9, 0, 1, 9, 0};
    batch_new(from, ROWS);
    batch_add(from, "d", "s", valid, codes, NULL, 0);
    batch_give_dictionary(from, format, 3, of_valid, values, more);
}

static void dictionaries_of_other_values_are_these(void **state)
{
    bench *b = *state;
    static const int64_t wholes[] = {30, 10, -20};
    static const uint8_t bits[] = {2};
    static const int64_t nanos[] = {0, 1000, 1709209800123456000};
    static const int64_t decimals[] = {5, 0, -25, -1, 100, 0};
    batch from;
    dictionary_add(&from, "l", NULL, wholes, NULL);
    takes(b, &from);
    column_is(b, 0, (const double[]){-20, NAN, 30, 10, NAN, 30});
    assert_int_equal(b->data->columns[0].numbers.element, NQI_I64);
    assert_null(b->data->columns[0].levels);
    lets_go(b, &from);
    dictionary_add(&from, "b", NULL, bits, NULL);
    takes(b, &from);
    column_is(b, 0, (const double[]){0, NAN, 0, 1, NAN, 0});
    lets_go(b, &from);
    dictionary_add(&from, "tsn:Europe/Rome", NULL, nanos, NULL);
    takes(b, &from);
    text_is(b, 0,
            (const char *const[]){"2024-02-29T12:30:00.123456Z", "",
                                  "1970-01-01T00:00:00.000000Z", "1970-01-01T00:00:00.000001Z",
                                  "", "1970-01-01T00:00:00.000000Z"});
    lets_go(b, &from);
    dictionary_add(&from, "d:5,1", NULL, decimals, NULL);
    takes(b, &from);
    column_is(b, 0, (const double[]){10, NAN, .5, -2.5, NAN, .5});
    lets_go(b, &from);
}

static void values_of_a_dictionary_that_cannot_be_are_told(void **state)
{
    bench *b = *state;
    static const int64_t nanos[] = {0, 1001, 0};
    static const int8_t codes[] = {0, 1, 2, 0, 0, 3}, negative[] = {0, -1, 0, 0, 0, 0};
    static const int64_t wholes[] = {30, 10, -20};
    batch from;
    dictionary_add(&from, "tsn:", NULL, nanos, NULL);
    refuses(b, &from, NQ_ERROR_UNSUPPORTED, "dictionary value 2 is a time of 1001 ns");
    batch_new(&from, ROWS);
    batch_add(&from, "d", "c", NULL, codes, NULL, 0);
    batch_give_dictionary(&from, "l", 3, NULL, wholes, NULL);
    refuses(b, &from, NQ_ERROR_FORMAT, "row 6 has index 3: expected the number of one of 3");
    from.buffers[0][1] = negative;
    refuses(b, &from, NQ_ERROR_FORMAT, "row 2 has index -1: expected the number of one of 3");
    from.texts.dictionary = &from.texts;
    refuses(b, &from, NQ_ERROR_UNSUPPORTED, "or a dictionary of its own: decode it");
}

static void a_null_of_a_dictionary_is_a_missing_cell(void **state)
{
    bench *b = *state;
    static const int64_t wholes[] = {30, 10, -20};
    static const int32_t ends[] = {0, 1, 2, 3};
    static const uint8_t but_the_first[] = {6};
    batch from;
    dictionary_add(&from, "l", but_the_first, wholes, NULL);
    takes(b, &from);
    column_is(b, 0, (const double[]){-20, NAN, NAN, 10, NAN, NAN});
    lets_go(b, &from);
    dictionary_add(&from, "u", but_the_first, ends, "abc");
    takes(b, &from);
    text_is(b, 0, (const char *const[]){"c", "", "", "b", "", ""});
    assert_int_equal(b->data->columns[0].level_count, 2);
    lets_go(b, &from);
}

static void dictionaries_may_have_a_text_twice_or_as_views(void **state)
{
    bench *b = *state;
    static const int32_t ends[] = {0, 1, 2, 3};
    const any_view views[] = {{.there = {20, "a te", 0, 0}}, {.here = {1, "b"}}, {.here = {0}}};
    static const int64_t size[] = {20};
    batch from;
    dictionary_add(&from, "u", NULL, ends, "aba");
    takes(b, &from);
    text_is(b, 0, (const char *const[]){"a", "", "a", "b", "", "a"});
    assert_int_equal(b->data->columns[0].level_count, 2);
    lets_go(b, &from);
    dictionary_add(&from, "vu", NULL, views, first + 1);
    from.of_dictionary[3] = size;
    from.dictionary.n_buffers = 4;
    takes(b, &from);
    text_is(b, 0,
            (const char *const[]){"", "", "a text of one buffer", "b", "",
                                  "a text of one buffer"});
    assert_int_equal(b->data->columns[0].level_count, 3);
    lets_go(b, &from);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(views_are_text),
        TEST(views_without_a_buffer_need_none),
        TEST(views_that_point_outside_are_refused),
        TEST(decimals_are_the_numbers_that_they_read_as),
        TEST(decimals_of_too_many_digits_are_refused),
        TEST(dictionaries_of_other_values_are_these),
        TEST(values_of_a_dictionary_that_cannot_be_are_told),
        TEST(a_null_of_a_dictionary_is_a_missing_cell),
        TEST(dictionaries_may_have_a_text_twice_or_as_views),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
