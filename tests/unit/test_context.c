/* test_context.c - names of statuses, error sentences, suggestions for misspelt names. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/options.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/context.h"

static void every_status_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int a = NQ_OK; a >= NQ_ERROR_THREAD; a--) {
        assert_string_not_equal(nq_status_name((nq_status)a), "unknown status");
        for (int b = NQ_OK; b > a; b--)
            assert_string_not_equal(nq_status_name((nq_status)a), nq_status_name((nq_status)b));
    }
    assert_string_equal(nq_status_name((nq_status)-99), "unknown status");
}

static void a_failure_keeps_its_sentence_and_status(void **state)
{
    (void)state;
    nq_context context = {0};
    assert_string_equal(nq_context_message(&context), "");
    assert_int_equal(nqi_fail(&context, NQ_ERROR_FORMAT, "line %d", 7), NQ_ERROR_FORMAT);
    assert_string_equal(nq_context_message(&context), "line 7");
    assert_int_equal(nqi_fail(&context, NQ_ERROR_SHAPE, "see: %s", context.message),
                     NQ_ERROR_SHAPE);
    assert_string_equal(nq_context_message(&context), "see: line 7");
    assert_int_equal(nqi_fail_memory(&context, "a table", 80), NQ_ERROR_MEMORY);
    assert_string_equal(nq_context_message(&context), "out of memory: a table needs 80 bytes");
}

static const char *const *listed;
static const char *listed_at(size_t i)
{
    return listed[i];
}

static void an_unknown_name_is_told_the_list(void **state)
{
    static const char *const three[] = {"a", "b", "c", NULL}, *const one[] = {"a", NULL};
    (void)state;
    nq_context context = {0};
    listed = three;
    assert_int_equal(nqi_fail_unknown(&context, "letter", "d", listed_at), NQ_ERROR_ARGUMENT);
    assert_string_equal(nq_context_message(&context), "unknown letter \"d\": expected a, b or c");
    listed = one;
    (void)nqi_fail_unknown(&context, "letter", "d", listed_at);
    assert_string_equal(nq_context_message(&context), "unknown letter \"d\": expected a");
}

static void a_sentence_that_is_too_long_is_cut(void **state)
{
    (void)state;
    nq_context context = {0};
    char text[3000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    nqi_fail(&context, NQ_ERROR_FILE, "%s", text);
    assert_int_equal(strlen(nq_context_message(&context)), sizeof context.message - 1);
}

static void a_sentence_steers_no_terminal(void **state)
{
    (void)state;
    nq_context context = {0};
    nqi_fail(&context, NQ_ERROR_FORMAT, "%s",
             "a\x1b[2Jb\nc\x7f \xc2\x9b \xff caf\xc3\xa9 \xe2\x82");
    assert_string_equal(nq_context_message(&context),
                        "a\\x1b[2Jb\\x0ac\\x7f \\xc2\\x9b \\xff caf\xc3\xa9 \\xe2\\x82");
}

static void a_failure_without_a_context_is_still_a_status(void **state)
{
    (void)state;
    assert_int_equal(nqi_fail(NULL, NQ_ERROR_FILE, "%s", "lost"), NQ_ERROR_FILE);
    assert_string_equal(nq_context_message(NULL), "");
}

static const char *const names[] = {"learning_rate", "swissroll", "train", "eval",
                                    "hidden",        "n",         "rbf",   NULL};

static void slips_of_the_hand_find_the_name(void **state)
{
    (void)state;
    assert_string_equal(nq_name_nearest("trian", names), "train");    /* swap */
    assert_string_equal(nq_name_nearest("evl", names), "eval");       /* missing */
    assert_string_equal(nq_name_nearest("hiddden", names), "hidden"); /* too many */
    assert_string_equal(nq_name_nearest("swisrole", names), "swissroll");
    assert_string_equal(nq_name_nearest("Learning-Rate", names), "learning_rate");
    assert_string_equal(nq_name_nearest("rdf", names), "rbf"); /* replaced */
}

static void the_beginning_of_a_name_finds_it(void **state)
{
    (void)state;
    assert_string_equal(nq_name_nearest("learn", names), "learning_rate");
    assert_string_equal(nq_name_nearest("swiss", names), "swissroll");
}

static void the_nearest_of_several_wins(void **state)
{
    (void)state;
    static const char *const close[] = {"sample", "samples", "simple", NULL};
    assert_string_equal(nq_name_nearest("sampels", close), "samples");
    assert_string_equal(nq_name_nearest("simpel", close), "simple");
}

static void nothing_near_is_null(void **state)
{
    (void)state;
    static const char *const none[] = {NULL};
    char longer[200];
    memset(longer, 't', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_null(nq_name_nearest("xyzzy", names));
    assert_null(nq_name_nearest("x", names));
    assert_null(nq_name_nearest("", names));
    assert_null(nq_name_nearest(longer, names));
    assert_null(nq_name_nearest("train", none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_name_of_its_own),
        cmocka_unit_test(a_failure_keeps_its_sentence_and_status),
        cmocka_unit_test(an_unknown_name_is_told_the_list),
        cmocka_unit_test(a_sentence_that_is_too_long_is_cut),
        cmocka_unit_test(a_sentence_steers_no_terminal),
        cmocka_unit_test(a_failure_without_a_context_is_still_a_status),
        cmocka_unit_test(slips_of_the_hand_find_the_name),
        cmocka_unit_test(the_beginning_of_a_name_finds_it),
        cmocka_unit_test(the_nearest_of_several_wins),
        cmocka_unit_test(nothing_near_is_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
