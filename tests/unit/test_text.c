/* test_text.c - numbers read back the same, in the fewest digits; UTF-8. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <float.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/text.h"

typedef struct example {
    double value;
    const char *text;
} example;

static void numbers_have_their_shortest_form(void **state)
{
    (void)state;
    static const example examples[] = {
        {0, "0"},
        {1, "1"},
        {-1, "-1"},
        {0.1, "0.1"},
        {0.5, "0.5"},
        {-2.25, "-2.25"},
        {100000, "100000"},
        {1e-5, "1e-05"},
        {1e22, "1e+22"},
        {123456, "123456"},
        {16777216, "16777216"},
        {0.3, "0.3"},
        {20260001792, "20260001792"},
        {-1099511627776, "-1099511627776"},
    };
    char text[NQI_TEXT_SIZE];
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        int length = nqi_text_float(text, sizeof text, (float)examples[i].value);
        assert_string_equal(text, examples[i].text);
        assert_int_equal(length, strlen(text));
        length = nqi_text_double(text, sizeof text, examples[i].value);
        assert_string_equal(text, examples[i].text);
        assert_int_equal(length, strlen(text));
    }
}

static void special_numbers_have_their_words(void **state)
{
    (void)state;
    char text[NQI_TEXT_SIZE];
    assert_int_equal(nqi_text_float(text, sizeof text, NAN), 0);
    assert_string_equal(text, "");
    nqi_text_double(text, sizeof text, (double)INFINITY);
    assert_string_equal(text, "inf");
    nqi_text_float(text, sizeof text, -INFINITY);
    assert_string_equal(text, "-inf");
    nqi_text_float(text, sizeof text, -0.0f);
    assert_string_equal(text, "-0");
}

/* Bit patterns from a multiplicative sequence: all exponents and signs. */
static void every_float_reads_back_in_no_more_digits_than_it_needs(void **state)
{
    (void)state;
    uint32_t bits = 1;
    for (int i = 0; i < 20000; i++) {
        bits = bits * 1664525u + 1013904223u;
        float value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        char text[NQI_TEXT_SIZE], shorter[400];
        const int length = nqi_text_float(text, sizeof text, value);
        assert_true(length > 0 && length < NQI_TEXT_SIZE);
        assert_true(strtof(text, NULL) == value);
        int digits = 1;
        do
            snprintf(shorter, sizeof shorter, "%.*g", digits++, (double)value);
        while (strtof(shorter, NULL) != value);
        assert_true(strcmp(text, shorter) == 0 || value == floorf(value));
    }
}

static void every_double_reads_back(void **state)
{
    (void)state;
    uint64_t bits = 1;
    for (int i = 0; i < 20000; i++) {
        bits = bits * 6364136223846793005u + 1442695040888963407u;
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        char text[NQI_TEXT_SIZE];
        const int length = nqi_text_double(text, sizeof text, value);
        assert_true(length > 0 && length < NQI_TEXT_SIZE);
        assert_true(strtod(text, NULL) == value);
    }
}

static void the_longest_numbers_fit(void **state)
{
    (void)state;
    const double longest[] = {-DBL_MAX, -DBL_MIN, -4.9406564584124654e-324, -9007199254740992.0,
                              -1.2345678901234567e-300};
    for (size_t i = 0; i < 5; i++) {
        char text[NQI_TEXT_SIZE];
        assert_true(nqi_text_double(text, sizeof text, longest[i]) < NQI_TEXT_SIZE);
        assert_true(strtod(text, NULL) == longest[i]);
    }
}

static void the_point_does_not_depend_on_the_locale(void **state)
{
    (void)state;
    const char *const commas[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "nl_NL.UTF-8"};
    const char *found = NULL;
    for (size_t i = 0; i < 4 && !found; i++)
        found = setlocale(LC_NUMERIC, commas[i]);
    if (!found)
        skip(); /* this machine has no locale with a comma */
    char text[NQI_TEXT_SIZE];
    nqi_text_double(text, sizeof text, 0.1);
    assert_string_equal(text, "0.1");
    nqi_text_float(text, sizeof text, -1.5e-9f);
    assert_string_equal(text, "-1.5e-09");
    setlocale(LC_NUMERIC, "C");
}

static void valid_utf8_is_told_from_invalid(void **state)
{
    (void)state;
    static const char *const valid[] = {
        "", "abc", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x8c\x80", "\xed\x9f\xbf"};
    static const char *const invalid[] = {
        "\x80",
        "\xc3",
        "\xc3\x28",
        "\xe2\x82",
        "\xc0\xaf",
        "\xe0\x80\xaf",
        "\xed\xa0\x80",
        "\xf4\x90\x80\x80",
        "\xf8\x88\x80\x80\x80",
        "\xff",
        "\xf0\x80\x80\x80",
    };
    for (size_t i = 0; i < sizeof valid / sizeof valid[0]; i++)
        assert_int_equal(nqi_text_utf8_prefix(valid[i], strlen(valid[i])), strlen(valid[i]));
    for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++)
        assert_int_equal(nqi_text_utf8_prefix(invalid[i], strlen(invalid[i])), 0);
    assert_int_equal(nqi_text_utf8_prefix("ab\xff", 3), 2);
}

static void repair_replaces_only_what_is_invalid(void **state)
{
    (void)state;
    char text[] = "gr\xc3\xbc\xc3\x9f"
                  "e l\xe4nge \xe2\x82";
    nqi_text_utf8_repair(text);
    assert_string_equal(text, "gr\xc3\xbc\xc3\x9f"
                              "e l?nge ??");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_their_shortest_form),
        cmocka_unit_test(special_numbers_have_their_words),
        cmocka_unit_test(every_float_reads_back_in_no_more_digits_than_it_needs),
        cmocka_unit_test(every_double_reads_back),
        cmocka_unit_test(the_longest_numbers_fit),
        cmocka_unit_test(the_point_does_not_depend_on_the_locale),
        cmocka_unit_test(valid_utf8_is_told_from_invalid),
        cmocka_unit_test(repair_replaces_only_what_is_invalid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
