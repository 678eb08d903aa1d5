/* test_number.c - decimal numbers are read correctly rounded, whatever their length. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
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

#include "io/text/number.h"

static void same_as_c_library(const char *text)
{
    double value = 0;
    const char *end = text + strlen(text);
    if (nqi_number_read(&value, text, end) != end)
        fail_msg("'%s' was not read to its end", text);
    if (value != strtod(text, NULL) || !signbit(value) != !signbit(strtod(text, NULL)))
        fail_msg("'%s' was read as %.17g", text, value);
}

static void known_numbers_are_read(void **state)
{
    static const char *const texts[] = {"0",
                                        "-0",
                                        "7",
                                        "+7",
                                        "-.5",
                                        "5.",
                                        "1e5",
                                        "1E-5",
                                        "1e+05",
                                        "123456789",
                                        "0.1",
                                        "1.5e-3",
                                        "16777217",
                                        "16777219",
                                        "9007199254740993",
                                        "0.30000000000000004",
                                        "1e-40",
                                        "1e-45",
                                        "3.4028235e38",
                                        "1e22",
                                        "1e23",
                                        "123456789012345678901234567890",
                                        "1e39",
                                        "1e400",
                                        "-1e400",
                                        "1e-400",
                                        "00000000000000000000000000012",
                                        "0.000000000000000000000000000012",
                                        "1.00000005960464477539062500000000000000000000001",
                                        "1.000000059604644775390625",
                                        "2.2250738585072014e-308",
                                        "0e99999999999",
                                        "1e99999999999",
                                        "1e-99999999999"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        same_as_c_library(texts[i]);
}

static void random_numbers_are_read_as_the_c_library_does(void **state)
{
    uint64_t bits = 88172645463325252u; /* xorshift, Marsaglia 2003 */
    char text[64];
    (void)state;
    for (int i = 0; i < 200000; i++) {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        const int digits = 1 + (int)(bits % 20), exponent = (int)(bits >> 32 & 0x3f) - 32;
        snprintf(text, sizeof text, "%.*e", digits,
                 ldexp((double)(int64_t)bits, -63) * pow(10, exponent));
        same_as_c_library(text);
    }
}

/* Nine digits around the middle between two floats, where rounding twice would err. */
static void numbers_between_two_floats_are_rounded_once(void **state)
{
    char text[64];
    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        const double middle = 16777217.0 + 2 * i;
        const char *const tails[] = {"", ".0000000001", ".00000000000000001"};
        for (size_t k = 0; k < 3; k++) {
            snprintf(text, sizeof text, "%.0f%s", middle, tails[k]);
            same_as_c_library(text);
        }
    }
}

static void reading_stops_where_the_number_ends(void **state)
{
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {{"12,3", 2}, {"1.5.2", 3}, {"1e", 1}, {"1e+", 1}, {"0x10", 1}, {"3 4", 1}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value;
        const char *text = cases[i].text;
        assert_ptr_equal(nqi_number_read(&value, text, text + strlen(text)),
                         text + cases[i].length);
    }
}

static void words_are_no_numbers(void **state)
{
    static const char *const texts[] = {"", "-", "+", ".", "-.", "e5", "inf", "nan", "--1", "NA"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double value;
        assert_null(nqi_number_read(&value, texts[i], texts[i] + strlen(texts[i])));
    }
}

static void the_end_of_the_text_is_respected(void **state)
{
    double value;
    const char text[] = "12345";
    (void)state;
    assert_ptr_equal(nqi_number_read(&value, text, text + 3), text + 3);
    assert_true(value == 123);
}

static void a_comma_locale_changes_nothing(void **state)
{
    static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "nl_NL.UTF-8"};
    size_t i = 0;
    (void)state;
    while (i < 4 && !setlocale(LC_ALL, locales[i]))
        i++;
    if (i == 4)
        skip();
    double value = 0;
    const char text[] = "1234567890123456789012.5e-21";
    nqi_number_read(&value, text, text + sizeof text - 1);
    setlocale(LC_ALL, "C");
    assert_true(fabs(value - 1.2345678901234568) < 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_numbers_are_read),
        cmocka_unit_test(random_numbers_are_read_as_the_c_library_does),
        cmocka_unit_test(numbers_between_two_floats_are_rounded_once),
        cmocka_unit_test(reading_stops_where_the_number_ends),
        cmocka_unit_test(words_are_no_numbers),
        cmocka_unit_test(the_end_of_the_text_is_respected),
        cmocka_unit_test(a_comma_locale_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
